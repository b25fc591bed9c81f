package network.lilypad.protocol.content;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Set;
import network.lilypad.protocol.content.ContentException.Reason;
import org.jspecify.annotations.Nullable;

/// A folder of our own, empty at the start. Everything in it is created anew, so nothing there can lead elsewhere.
final class FolderTarget implements TreeTarget {
  private final Path root;

  private FolderTarget(Path root) {
    this.root = root;
  }

  /// Makes the folder, or takes it if it is there and empty.
  static FolderTarget prepare(Path root) throws IOException {
    if (!Files.exists(root, NOFOLLOW_LINKS)) {
      Files.createDirectory(root);
    } else if (!Files.isDirectory(root, NOFOLLOW_LINKS) || !isEmpty(root)) {
      throw new ContentException(Reason.TARGET_OCCUPIED, "target", root, "an empty directory, or none yet");
    }
    return new FolderTarget(root);
  }

  private static boolean isEmpty(Path directory) throws IOException {
    try (var paths = Files.newDirectoryStream(directory)) {
      return !paths.iterator().hasNext();
    }
  }

  @Override public void directory(Place at) throws IOException {
    if (at.depth() > 0) {
      Files.createDirectory(resolve(at));
    }
  }

  @Override public OutputStream file(Place at) throws IOException {
    return new EarlyForced(FileChannel.open(resolve(at), Set.of(CREATE_NEW, WRITE, NOFOLLOW_LINKS)));
  }

  /// The names are checked already; that the path stays inside is checked again at this border.
  private Path resolve(Place at) {
    Path path;
    try {
      path = root.resolve(at.path());
    } catch (InvalidPathException e) {
      throw new ContentException(Reason.UNSUPPORTED_NAME, at.toString(), e.getReason(),
          "a name for this file system; is the locale UTF-8?");
    }
    if (!path.startsWith(root) || path.getNameCount() != root.getNameCount() + at.depth()) {
      throw new ContentException(Reason.UNSUPPORTED_NAME, at.toString(), path, "a path below the target");
    }
    return path;
  }

  /// Empties the folder again after a failure; what cannot be removed is told beside that failure.
  void discard(Exception failure) {
    try {
      Files.walkFileTree(root, new Remover());
    } catch (IOException e) {
      failure.addSuppressed(e);
    }
  }

  private final class Remover extends SimpleFileVisitor<Path> {
    @Override public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
      Files.delete(file);
      return FileVisitResult.CONTINUE;
    }

    @Override public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException failed)
        throws IOException {
      if (failed != null) {
        throw failed;
      }
      if (!directory.equals(root)) {
        Files.delete(directory);
      }
      return FileVisitResult.CONTINUE;
    }
  }
}
