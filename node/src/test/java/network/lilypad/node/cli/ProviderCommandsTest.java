package network.lilypad.node.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import network.lilypad.executor.gpu.Gpu;
import network.lilypad.executor.gpu.GpuFleet;
import network.lilypad.executor.gpu.GpuProbes;
import network.lilypad.executor.gpu.GpuReading;
import network.lilypad.executor.gpu.GpuSearch;
import network.lilypad.protocol.proto.v1.Earnings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a machine's owner asks for.
class ProviderCommandsTest {
  @TempDir
  private Path folder = Path.of("");

  @Test void the_doctor_looks_at_everything_and_names_the_next_step() throws Exception {
    try (var market = new FakeMarket()) {
      var cli = Cli.run(folder, "provider", "doctor", "--gateway", market.address());
      assertThat(cli.out()).contains("ok    gateway: version fake").contains("ok    engine wasm: ran cowsay")
          .contains("note  provider key: none yet; lilypad provider makes one").contains("speed  one core hashes ");
    }
    var cli = Cli.run(folder, "provider", "doctor", "--json", "--no-benchmark", "--gateway", "127.0.0.1:1");
    assertThat(cli.exitCode()).isEqualTo(ExitCode.OURS);
    assertThat(cli.out()).contains("\"grade\":\"BAD\"").contains("--gateway").doesNotContain("benchmark");
  }

  @Test void a_smallest_price_that_no_job_can_reach_is_refused_at_the_start_and_bad_for_the_doctor() throws Exception {
    Files.writeString(Files.createDirectories(folder.resolve("home")).resolve("lilypad.conf"),
        "lilypad.agent { docker.enabled = false, ask-per-core-second = 0, ask-per-gpu-second = 0, "
            + "policy.min-price = 0.5 }");
    var provider = Cli.run(folder, "provider", "--gateway", "127.0.0.1:1");
    assertThat(provider.exitCode()).isEqualTo(ExitCode.REFUSED);
    assertThat(provider.err()).contains("lilypad.agent.policy.min-price: 0.5 LP (expected: at most 0 LP")
        .contains("ask-per-core-second 0 LP").contains("[configuration]")
        .contains("lower lilypad.agent.policy.min-price, or raise lilypad.agent.ask-per-core-second");
    var doctor = Cli.run(folder, "provider", "doctor", "--no-benchmark", "--gateway", "127.0.0.1:1");
    assertThat(doctor.out()).contains("BAD   price: lilypad.agent.policy.min-price: 0.5 LP");
    // and what can be reached is said
    Files.writeString(folder.resolve("home/lilypad.conf"), "lilypad.agent.policy.min-price = 0.01");
    assertThat(Cli.run(folder, "provider", "doctor", "--no-benchmark", "--gateway", "127.0.0.1:1").out())
        .contains("ok    price: jobs that cost less than 0.01 LP at your asks are not taken");
  }

  @Test void gpus_without_a_runtime_or_out_of_order_are_bad() throws Exception {
    var gpu = new Gpu("GPU-a", "GPU-a", Gpu.Vendor.NVIDIA, "NVIDIA H100 PCIe", 81_559, "550");
    var fleet = GpuFleet.of("nvml", List.of(GpuReading.well(gpu, GpuReading.Load.UNKNOWN)));
    var screen = new Screen(
        new Terminal(new PrintStream(PrintStream.nullOutputStream()), System.err, false, Map.of(), folder),
        true);
    var found = new GpuProbes.Found(List.of(), fleet, Map.of("nvml", "1 GPUs"));
    assertThat(ProviderDoctor.gpus(found, folder.toString(), screen)).extracting(Check::grade)
        .containsExactly(Check.Grade.OK, Check.Grade.BAD);
    Files.createFile(folder.resolve("nvidia-ctk"),
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    assertThat(ProviderDoctor.gpus(found, "/none:" + folder, screen)).extracting(Check::grade)
        .containsExactly(Check.Grade.OK, Check.Grade.OK);
    var lost = new GpuProbes.Found(List.of(), fleet.silent("nvml", "hangs"), Map.of());
    assertThat(ProviderDoctor.gpus(lost, folder.toString(), screen).getFirst().found()).contains("GPU-a")
        .contains("hangs");
    var none = Map.of("nvml", "libnvidia-ml.so.1 is not there", "nvidia-smi", "nvidia-smi does not run: not found",
        "drm-AMD", "0 GPUs");
    assertThat(ProviderDoctor.gpus(new GpuProbes.Found(List.of(), GpuFleet.EMPTY, none), "", screen))
        .extracting(Check::grade, Check::found).containsExactly(tuple(Check.Grade.NOTE, "none found"));
    var broken = new GpuProbes.Found(List.of(), GpuFleet.EMPTY, Map.of("nvml", "nvmlInit_v2 answered 9"));
    assertThat(ProviderDoctor.gpus(broken, "", screen)).extracting(Check::found)
        .containsExactly("none found: nvmlInit_v2 answered 9");
    var without = new GpuProbes.Found(List.of(), GpuFleet.EMPTY, Map.of("nvml", "0 GPUs"));
    assertThat(ProviderDoctor.gpus(without, "", screen)).extracting(Check::found)
        .containsExactly("none found: nvml sees none");
    var kept = new GpuProbes.Found(List.of(), GpuFleet.EMPTY,
        Map.of("drm-AMD", "0 GPUs" + GpuSearch.NOT_OFFERED + "GPU-1: /dev/kfd is not there: load the driver"));
    assertThat(ProviderDoctor.gpus(kept, "", screen)).extracting(Check::grade, Check::found).containsExactly(
        tuple(Check.Grade.NOTE, "GPU-1: /dev/kfd is not there: load the driver"),
        tuple(Check.Grade.NOTE, "none found"));
  }

  @Test void earnings_are_told_by_day_and_module_and_in_all() {
    var sum = Earnings.Sum.newBuilder().setPaidDeals(2).setPaid(1_500_000_000L).setSlashedDeals(1).setSlashed(7);
    var earnings = Earnings.newBuilder().setTotal(sum).setTruncated(true)
        .addDays(Earnings.Day.newBuilder().setDay(86_400).setSum(sum))
        .addModules(Earnings.Module.newBuilder().setName("cowsay:v1").setSum(sum)).build();
    assertThat(ProviderEarnings.text(earnings)).contains("1970-01-02").contains("cowsay:v1").contains("1.5 LP")
        .contains("total").contains("ask for fewer days");
    assertThat(Cli.run(folder, "provider", "earnings").err()).contains("[no-provider]");
  }
}
