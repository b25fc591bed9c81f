package network.lilypad.node.client;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/// Files that are there as a whole or not at all, whenever the process or the machine stops.
public final class Durable {
  private Durable() {}

  /// Writes or replaces a file that only its owner can read: into a temporary one, onto the disk, then renamed.
  ///
  /// @throws IOException if the disk refuses; the old content, or none, is then still there
  public static void write(Path file, byte[] content) throws IOException {
    var folder = file.toAbsolutePath().getParent();
    if (folder == null) {
      throw new IOException("no folder: " + file);
    }
    Files.createDirectories(folder);
    var temporary = Files.createTempFile(folder, ".new-", "",
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    try {
      try (var channel = FileChannel.open(temporary, Set.of(StandardOpenOption.WRITE))) {
        var buffer = java.nio.ByteBuffer.wrap(content);
        while (buffer.hasRemaining()) {
          channel.write(buffer);
        }
        channel.force(true);
      }
      Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(temporary);
    }
    sync(folder);
  }

  /// Makes a folder's names durable.
  ///
  /// @throws IOException if the disk refuses
  public static void sync(Path folder) throws IOException {
    try (var channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }
}
