package network.lilypad.protocol.value;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What people and drivers call a GPU, and what the market calls it.
final class GpuModelTest {
  @ParameterizedTest
  @CsvSource({"NVIDIA H100 80GB HBM3,h100", "NVIDIA H100 PCIe,h100", "NVIDIA H100 NVL,h100", "h100,h100",
      "NVIDIA A100-SXM4-40GB,a100", "NVIDIA A100 80GB PCIe,a100", "Tesla V100-SXM2-16GB,v100", "Tesla T4,t4",
      "NVIDIA L40S,l40s", "NVIDIA GH200 480GB,gh200", "NVIDIA GeForce RTX 4090,rtx 4090", "rtx4090,rtx 4090",
      "RTX-4090,rtx 4090", "NVIDIA GeForce RTX 4090 Laptop GPU,rtx 4090 laptop", "GeForce GTX 1080 Ti,gtx 1080 ti",
      "NVIDIA RTX A6000,rtx a6000", "RTXA6000,rtx a6000", "NVIDIA RTX 6000 Ada Generation,rtx 6000 ada",
      "Quadro RTX 6000,rtx 6000", "NVIDIA A100-SXM4-40GB MIG 1g.5gb,a100 mig 1g",
      "NVIDIA H100 80GB HBM3 MIG 3g.40gb,h100 mig 3g", "AMD Instinct MI300X OAM,mi300x",
      "AMD Radeon RX 7900 XTX,rx 7900 xtx",
      "Radeon VII,vii", "Intel(R) Data Center GPU Max 1550,max 1550", "Intel\u00ae Arc\u2122 A770 Graphics,arc a770",
      "Intel(R) Data Center GPU Flex 170,flex 170", "  nvidia   h100 ,h100",
      "NVIDIA Graphics,nvidia graphics"}) void a_model_has_one_name_whatever_it_is_called(String said, String key) {
    assertThat(GpuModel.of(said).key()).isEqualTo(key);
    assertThat(GpuModel.of(key)).isEqualTo(GpuModel.of(said));
    assertThat(GpuModel.of(said).digest()).isEqualTo(Keccak256.hash(key));
  }

  @Test void a_slice_of_a_board_is_another_model_than_the_board() {
    assertThat(GpuModel.of("NVIDIA A100-SXM4-40GB MIG 1g.5gb").digest())
        .isNotEqualTo(GpuModel.of("NVIDIA A100-SXM4-40GB").digest());
  }

  @Test void a_name_without_a_word_and_one_that_is_too_long_are_refused() {
    assertThatThrownBy(() -> GpuModel.of(" -- ")).isInstanceOf(InvalidValueException.class);
    assertThatThrownBy(() -> GpuModel.of("x".repeat(65))).isInstanceOf(InvalidValueException.class);
    assertThat(GpuModel.of("x".repeat(64)).key()).hasSize(64);
  }
}
