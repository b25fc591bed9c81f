package network.lilypad.node.files;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HexFormat;
import java.util.Optional;
import network.lilypad.protocol.content.FileBytes;
import network.lilypad.protocol.value.Bytes32;

/// A folder of this machine: 256 folders by the name's first byte, so that none gets too large to list.
///
/// A put writes under the final name without truncating: a file of the same name has the same bytes, so whoever reads
/// it meanwhile sees them, and what a crash left is completed. Bytes, then the name, are forced onto the disk.
public final class LocalDirectory implements FileDirectory {
  private final Path root;

  private LocalDirectory(Path root) {
    this.root = root;
  }

  /// Opens the folder, and makes it if it is not there.
  ///
  /// @throws IOException if the disk refuses
  public static LocalDirectory open(Path root) throws IOException {
    Files.createDirectories(root);
    return new LocalDirectory(root);
  }

  @Override public void put(Bytes32 digest, FileBody body) throws IOException {
    var folder = folder(digest);
    if (!Files.exists(folder)) {
      Files.createDirectories(folder);
      force(root);
    }
    switch (body) {
      case FileBody.Held(var bytes) -> write(path(digest), bytes);
      case FileBody.Spooled(var file) -> move(file, path(digest));
    }
    force(folder);
  }

  private static void write(Path path, ByteString bytes) throws IOException {
    try (var channel = FileChannel.open(path, CREATE, WRITE)) {
      FileBytes.write(channel, bytes.asReadOnlyByteBuffer());
      channel.force(true);
    }
  }

  private static void move(Path file, Path path) throws IOException {
    force(file);
    try {
      Files.move(file, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (AtomicMoveNotSupportedException _) {
      Files.copy(file, path, StandardCopyOption.REPLACE_EXISTING);
      force(path);
    }
  }

  @Override public Optional<InputStream> open(Bytes32 digest) throws IOException {
    try {
      return Optional.of(Files.newInputStream(path(digest)));
    } catch (NoSuchFileException _) {
      return Optional.empty();
    }
  }

  @Override public void delete(Bytes32 digest) throws IOException {
    Files.deleteIfExists(path(digest));
  }

  @Override public boolean shared() {
    return false;
  }

  @Override public void close() {}

  private Path path(Bytes32 digest) {
    return folder(digest).resolve(HexFormat.of().formatHex(digest.bytes()));
  }

  private Path folder(Bytes32 digest) {
    return root.resolve(HexFormat.of().formatHex(digest.bytes(), 0, 1));
  }

  private static void force(Path path) throws IOException {
    try (var channel = FileChannel.open(path, READ)) {
      channel.force(true);
    }
  }
}
