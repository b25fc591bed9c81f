package network.lilypad.node.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import network.lilypad.protocol.proto.v1.MachineSpeed;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// How fast a machine is, and how long that is believed.
final class SpeedTest {
  private static final long NOW = 1_800_000_000L;
  private static final Benchmark MEASURED = new Benchmark(400, 5000, 300, 90);

  @TempDir
  private Path folder = Path.of("");

  @Test void a_benchmark_ends_by_its_clock_and_leaves_nothing_behind() throws IOException {
    var clock = new AtomicLong();
    var found = Benchmark.run(folder, () -> clock.addAndGet(100_000_000L));
    assertThat(found.sha256MibPerSecond()).isPositive();
    assertThat(found.writtenMibPerSecond()).isPositive();
    assertThat(found.syncMicros()).isPositive();
    assertThat(folder).isEmptyDirectory();
  }

  @Test void a_measurement_is_good_for_a_week_on_the_hardware_it_was_made_on() throws IOException {
    var file = new SpeedFile(folder, "a processor");
    assertThat(file.read(NOW)).isEmpty();
    var speed = file.write(MEASURED, NOW);
    assertThat(Benchmark.of(speed)).isEqualTo(MEASURED);
    assertThat(file.read(NOW + SpeedFile.GOOD_FOR.toSeconds() - 1)).contains(speed);
    assertThat(file.read(NOW + SpeedFile.GOOD_FOR.toSeconds())).isEmpty();
    assertThat(file.read(NOW - 1)).as("a clock that went back").isEmpty();
    assertThat(new SpeedFile(folder, "another processor").read(NOW)).isEmpty();
    Files.writeString(folder.resolve("speed"), "a processor\nnonsense!\n");
    assertThat(file.read(NOW)).isEmpty();
    assertThat(SpeedFile.of(folder).read(NOW)).isEmpty();
  }

  @Test void a_machine_is_measured_once_it_is_quiet_and_not_again_while_that_is_good() throws Exception {
    // given
    var told = new LinkedBlockingQueue<MachineSpeed>();
    var file = new SpeedFile(folder, "a processor");
    var manner = new Speedometer.Manner(Duration.ZERO, () -> true, told::add);
    // when
    try (var meter = new Speedometer(folder, () -> file, () -> NOW, manner)) {
      meter.start();
      // then
      assertThat(told.poll(60, TimeUnit.SECONDS)).isEqualTo(file.read(NOW).orElseThrow());
    }
    try (var again = new Speedometer(folder, () -> file, () -> NOW + 1, manner)) {
      again.start();
      assertThat(told.poll(60, TimeUnit.SECONDS)).isEqualTo(file.read(NOW + 1).orElseThrow())
          .extracting(MachineSpeed::getMeasuredAt).isEqualTo(NOW);
    }
  }
}
