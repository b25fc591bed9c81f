package network.lilypad.node.agent;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import network.lilypad.node.client.Durable;
import network.lilypad.protocol.value.Bytes32;

/// Who this machine is, for its life, and how often it has introduced itself. One process at a time.
final class MachineIdentity {
  private final Path folder;
  private final Bytes32 machine;

  private MachineIdentity(Path folder, Bytes32 machine) {
    this.folder = folder;
    this.machine = machine;
  }

  /// Reads the machine's id, or makes one.
  ///
  /// @throws IOException if the disk refuses or the file is none of ours
  static MachineIdentity open(Path folder, SecureRandom random) throws IOException {
    var file = folder.resolve("machine");
    if (!Files.exists(file)) {
      var bytes = new byte[32];
      random.nextBytes(bytes);
      Durable.write(file, text(Bytes32.of(bytes).toString()));
    }
    try {
      return new MachineIdentity(folder, Bytes32.parse(Files.readString(file).strip()));
    } catch (IllegalArgumentException e) {
      throw new IOException(file + " is no machine id: " + e.getMessage(), e);
    }
  }

  Bytes32 machine() {
    return machine;
  }

  /// The next session's number: above every earlier one, on the disk before it is used.
  synchronized long nextSession() {
    return next("session");
  }

  /// The next offer version.
  synchronized long nextVersion() {
    return next("version");
  }

  private long next(String name) {
    var file = folder.resolve(name);
    try {
      long last = Files.exists(file) ? Long.parseLong(Files.readString(file).strip()) : 0;
      Durable.write(file, text(Long.toString(last + 1)));
      return last + 1;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (NumberFormatException e) {
      throw new UncheckedIOException(new IOException(file + " holds no number", e));
    }
  }

  private static byte[] text(String line) {
    return (line + "\n").getBytes(StandardCharsets.US_ASCII);
  }
}
