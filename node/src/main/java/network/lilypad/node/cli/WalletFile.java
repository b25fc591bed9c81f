package network.lilypad.node.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.security.SecureRandom;
import java.util.EnumSet;
import network.lilypad.node.client.Durable;
import network.lilypad.protocol.sign.Wallet;
import network.lilypad.protocol.value.Bytes32;

/// A private key in a file that only its owner can read: 64 hexadecimal digits with `0x`.
///
/// @param file where
record WalletFile(Path file) {
  /// The job creator's in a data directory.
  static WalletFile creator(Path dataDir) {
    return new WalletFile(dataDir.resolve("keys").resolve("wallet.key"));
  }

  /// The provider's in a data directory.
  static WalletFile provider(Path dataDir) {
    return new WalletFile(dataDir.resolve("keys").resolve("provider.key"));
  }

  boolean exists() {
    return Files.exists(file);
  }

  /// Makes a key.
  Wallet create() throws IOException {
    var wallet = Wallet.create(new SecureRandom());
    Durable.write(file, (wallet.key() + "\n").getBytes(StandardCharsets.US_ASCII));
    return wallet;
  }

  /// Reads the key.
  ///
  /// @throws FailureException if others can read the file too, or it holds no key
  Wallet load() throws IOException {
    if (!isPrivate()) {
      throw new FailureException(ExitCode.REFUSED, "wallet-readable", file + " can be read by others",
          "chmod 600 " + file);
    }
    try {
      return Wallet.of(Bytes32.parse(Files.readString(file).strip()));
    } catch (IllegalArgumentException _) {
      throw new FailureException(ExitCode.REFUSED, "wallet-unreadable",
          file + " holds no private key (expected: 0x and 64 hexadecimal digits)", "restore the file from a copy");
    }
  }

  boolean isPrivate() throws IOException {
    var others = EnumSet.range(PosixFilePermission.GROUP_READ, PosixFilePermission.OTHERS_EXECUTE);
    others.retainAll(Files.getPosixFilePermissions(file));
    return others.isEmpty();
  }
}
