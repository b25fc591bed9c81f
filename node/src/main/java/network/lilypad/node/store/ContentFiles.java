package network.lilypad.node.store;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.HexFormat;
import network.lilypad.protocol.value.Bytes32;

/// The folder of large content: one file each, named by its digest. A file has its name only when all of it is on the
/// disk: it is written under another name, forced, renamed, and its folder forced. What a crash leaves under other names
/// is swept at the next start.
final class ContentFiles {
  private final Path directory;
  private final Path unfinished;

  private ContentFiles(Path directory) {
    this.directory = directory;
    this.unfinished = directory.resolve("unfinished");
  }

  static ContentFiles open(Path directory) throws IOException {
    var files = new ContentFiles(directory);
    Files.createDirectories(files.unfinished);
    try (DirectoryStream<Path> leftovers = Files.newDirectoryStream(files.unfinished)) {
      for (Path leftover : leftovers) {
        Files.delete(leftover);
      }
    }
    return files;
  }

  /// A fresh file to write into, unknown to everybody until it is kept.
  Path begin() throws IOException {
    return Files.createTempFile(unfinished, "upload", "");
  }

  /// Gives a written file its name, durably. Another file of the same name has the same bytes.
  void keep(Path written, Bytes32 digest) throws IOException {
    var folder = folder(digest);
    if (!Files.exists(folder)) {
      Files.createDirectories(folder);
      force(directory);
    }
    force(written);
    Files.move(written, path(digest), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    force(folder);
  }

  InputStream read(Bytes32 digest) throws IOException {
    return Files.newInputStream(path(digest));
  }

  private Path path(Bytes32 digest) {
    return folder(digest).resolve(HexFormat.of().formatHex(digest.bytes()));
  }

  private Path folder(Bytes32 digest) {
    return directory.resolve(HexFormat.of().formatHex(digest.bytes(), 0, 1));
  }

  private static void force(Path path) throws IOException {
    try (var channel = FileChannel.open(path, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }
}
