package network.lilypad.node.agent;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import network.lilypad.node.client.Durable;
import network.lilypad.protocol.proto.v1.MachineSpeed;
import oshi.SystemInfo;

/// How fast this machine was when it was measured last, in the agent's directory: two lines, the hardware that was
/// measured and the measurement. Another hardware, or a week, makes it worthless.
public final class SpeedFile {
  /// Disks fill and machines get other work; nobody compares by the day.
  static final Duration GOOD_FOR = Duration.ofDays(7);

  private final Path file;
  private final String hardware;

  SpeedFile(Path directory, String hardware) {
    this.file = directory.resolve("speed");
    this.hardware = hardware;
  }

  /// The file of an agent's directory on this machine.
  public static SpeedFile of(Path directory) {
    var hardware = new SystemInfo().getHardware();
    var processor = hardware.getProcessor();
    return new SpeedFile(directory, (processor.getProcessorIdentifier().getName() + ", "
        + processor.getLogicalProcessorCount() + " processors, " + (hardware.getMemory().getTotal() >> 20) + " MiB")
        .replaceAll("\\s+", " ").strip());
  }

  /// The measurement, if it is this hardware's and still good.
  ///
  /// @param now ledger seconds
  Optional<MachineSpeed> read(long now) {
    try {
      var lines = Files.exists(file) ? Files.readAllLines(file) : List.<String>of();
      if (lines.size() != 2 || !lines.getFirst().equals(hardware)) {
        return Optional.empty();
      }
      var speed = MachineSpeed.parseFrom(Base64.getDecoder().decode(lines.getLast()));
      long age = now - speed.getMeasuredAt();
      return age >= 0 && age < GOOD_FOR.toSeconds() ? Optional.of(speed) : Optional.empty();
    } catch (IOException | IllegalArgumentException _) {
      return Optional.empty();
    }
  }

  /// Keeps a measurement.
  ///
  /// @param now ledger seconds
  /// @throws IOException if the disk refuses
  public MachineSpeed write(Benchmark measured, long now) throws IOException {
    var speed = measured.toProto(now);
    Durable.write(file, (hardware + "\n" + Base64.getEncoder().encodeToString(speed.toByteArray()) + "\n")
        .getBytes(StandardCharsets.UTF_8));
    return speed;
  }
}
