package network.lilypad.node.up;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Set;
import network.lilypad.protocol.sign.Wallet;
import network.lilypad.protocol.value.Bytes32;

/// The solver's private key in a file that only its owner can read; made at the first start.
final class SolverKey {
  private static final Set<PosixFilePermission> OWNER = PosixFilePermissions.fromString("rw-------");

  private SolverKey() {}

  /// @throws NodeUnavailableException if the file cannot be read or made, is no key, or others can read it
  static Wallet open(Path file, SecureRandom random) {
    try {
      return Files.exists(file) ? read(file) : create(file, random);
    } catch (IOException | IllegalArgumentException e) {
      throw new NodeUnavailableException("solver key " + file + ": " + e.getMessage(), e);
    }
  }

  private static Wallet read(Path file) throws IOException {
    var permissions = Files.getPosixFilePermissions(file);
    if (!OWNER.containsAll(permissions)) {
      throw new IOException("others can read it: " + PosixFilePermissions.toString(permissions)
          + " (expected: at most rw-------)");
    }
    return Wallet.of(Bytes32.parse(Files.readString(file).strip()));
  }

  private static Wallet create(Path file, SecureRandom random) throws IOException {
    var wallet = Wallet.create(random);
    var folder = file.toAbsolutePath().resolveSibling(".");
    Files.createDirectories(folder);
    var fresh = Files.createTempFile(folder, "solver", ".new", PosixFilePermissions.asFileAttribute(OWNER));
    Files.writeString(fresh, wallet.key() + "\n");
    try (var channel = FileChannel.open(fresh, StandardOpenOption.WRITE)) {
      channel.force(true);
    }
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
    return wallet;
  }
}
