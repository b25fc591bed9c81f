package network.lilypad.node.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import network.lilypad.executor.Execution;
import network.lilypad.executor.Sink;
import network.lilypad.executor.Task;
import network.lilypad.executor.gpu.Gpu;
import network.lilypad.executor.gpu.GpuFleet;
import network.lilypad.executor.gpu.GpuReading;
import network.lilypad.protocol.proto.v1.MachineSpeed;
import network.lilypad.protocol.value.Bytes32;
import network.lilypad.protocol.value.DealId;
import network.lilypad.protocol.value.Engine;
import network.lilypad.protocol.value.GpuModel;
import network.lilypad.protocol.value.Lease;
import network.lilypad.protocol.value.Lp;
import network.lilypad.protocol.value.MachineLimits;
import network.lilypad.protocol.value.NetworkPolicy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a machine says that it can sell.
final class StandingTest {
  @TempDir
  private Path folder;

  private final FakeEngine engine = new FakeEngine(
      new ArrayList<>(List.of(fleet("NVIDIA H100 PCIe", "NVIDIA H100 80GB HBM3"))));

  private Standing standing() {
    return new Standing(Offers.config(folder), engine, () -> Offers.NOW);
  }

  private static GpuFleet fleet(String... names) {
    var readings = new ArrayList<GpuReading>();
    for (var name : names) {
      readings.add(reading(readings.size(), name));
    }
    return GpuFleet.of("test", readings);
  }

  private static GpuReading reading(int number, String name) {
    var uuid = "GPU-" + number;
    return GpuReading.well(new Gpu(uuid, uuid, Gpu.Vendor.NVIDIA, name, 81_559 - number, ""), GpuReading.Load.UNKNOWN);
  }

  @Test void gpus_of_one_model_are_sold_under_it_with_the_smallest_memory() throws IOException {
    var standing = standing();
    var found = standing.look();
    assertThat(found.gpus()).isEqualTo(2);
    assertThat(found.gpuModel()).isEqualTo(GpuModel.of("h100").digest());
    assertThat(found.vramMibPerGpu()).isEqualTo(81_558);
    engine.fleets.set(0, fleet("NVIDIA H100", "Tesla T4"));
    assertThat(standing.look().gpuModel()).isEqualTo(Bytes32.ZERO);
  }

  @Test void a_fenced_gpu_is_not_sold_but_still_part_of_the_offer() throws IOException {
    var standing = standing();
    var found = standing.look();
    engine.fleets.set(0, engine.gpus().seen("test", List.of(reading(1, "NVIDIA H100"))));
    assertThat(standing.now().inventory().gpus()).isEqualTo(1);
    assertThat(standing.now().inventory().ramMib()).isEqualTo(found.ramMib());
    assertThat(standing.look().gpus()).isEqualTo(2);
  }

  @Test void the_market_is_told_the_owner_s_limits_and_the_last_measurement_unless_a_wrong_clock_made_it() {
    var standing = standing();
    assertThat(standing.now().limits()).isEqualTo(
        new MachineLimits(NetworkPolicy.NONE, ProviderPolicy.RUN_SECONDS_MAX, Lp.ZERO));
    assertThat(standing.now().speed()).isEmpty();
    // when
    var speed = MachineSpeed.newBuilder().setMeasuredAt(Offers.NOW).setSyncMicros(90).build();
    standing.measured(speed);
    // then
    assertThat(standing.now().speed()).containsExactly(speed);
    standing.measured(speed.toBuilder().setMeasuredAt(Offers.NOW + 1).build());
    assertThat(standing.now().speed()).isEmpty();
  }

  @Test void the_owner_s_order_to_drain_holds_over_a_restart_until_it_is_taken_back() throws IOException {
    var standing = standing();
    assertThat(standing.now().draining()).isFalse();
    ProviderAgent.order(folder, true);
    assertThat(standing.now().draining()).isTrue();
    assertThat(standing().draining()).isTrue();
    assertThat(ProviderAgent.draining(folder)).isTrue();
    ProviderAgent.order(folder, false);
    assertThat(standing.draining()).isFalse();
    standing.stop();
    assertThat(standing.draining()).isTrue();
    assertThat(standing().draining()).isFalse();
  }

  @Test void gpus_are_given_to_containers_only_and_as_many_as_the_owner_shares() throws IOException {
    assertThat(sold(Set.of(Engine.WASM), 9)).isEmpty();
    assertThat(sold(Set.of(Engine.WASM, Engine.DOCKER), 0)).isEmpty();
    assertThat(sold(Set.of(Engine.WASM, Engine.DOCKER), 1)).extracting(Gpu::uuid).containsExactly("GPU-0");
    assertThat(sold(Set.of(Engine.DOCKER), ProviderPolicy.GPUS_ALL)).hasSize(2);
  }

  private List<Gpu> sold(Set<Engine> engines, int max) throws IOException {
    var readings = engine.gpus().gpus().stream().map(gpu -> GpuReading.well(gpu, GpuReading.Load.UNKNOWN)).toList();
    return MachineGpus.sold(new ShownGpus(readings).search(), engines, max).found().fleet().gpus();
  }

  @Test void gpus_that_come_or_go_for_good_outgrow_the_offer_and_a_fenced_one_does_not() throws IOException {
    var standing = standing();
    assertThat(standing.look().gpus()).isEqualTo(2);
    assertThat(standing.outgrown()).isFalse();
    // when
    engine.fleets.set(0, engine.gpus().silent("test", "hangs"));
    assertThat(standing.outgrown()).isFalse();
    engine.fleets.set(0, fleet("NVIDIA H100", "NVIDIA H100", "NVIDIA H100"));
    // then
    assertThat(standing.outgrown()).isTrue();
    assertThat(standing.look().gpus()).isEqualTo(3);
    assertThat(standing.outgrown()).isFalse();
    assertThat(standing.now().inventory().gpus()).isEqualTo(3);
  }

  @Test void an_engine_that_comes_or_goes_outgrows_the_offer() throws IOException {
    var standing = standing();
    standing.look();
    assertThat(standing.outgrown()).isFalse();
    // when
    engine.engines.set(0, Engine.WASM);
    // then
    assertThat(standing.outgrown()).isTrue();
    standing.look();
    assertThat(standing.outgrown()).isFalse();
  }

  private record FakeEngine(List<GpuFleet> fleets, List<Engine> engines) implements JobEngine {
    private FakeEngine(List<GpuFleet> fleets) {
      this(fleets, new ArrayList<>(List.of(Engine.DOCKER)));
    }

    @Override public List<Engine> engines() {
      return List.copyOf(engines);
    }

    @Override public long memoryMib() {
      return 1024;
    }

    @Override public GpuFleet gpus() {
      return fleets.getFirst();
    }

    @Override public Optional<Execution.Ended> run(Task task, Lease lease, Sink sink) {
      return Optional.empty();
    }

    @Override public void kill(DealId deal) {}
  }
}
