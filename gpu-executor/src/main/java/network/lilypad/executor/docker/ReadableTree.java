package network.lilypad.executor.docker;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Opens a task's inputs to whatever user its program is. Nobody else on this machine comes so far: the run's directory
/// is closed.
final class ReadableTree extends SimpleFileVisitor<Path> {
  private static final Set<PosixFilePermission> FILE = Set.of(PosixFilePermission.GROUP_READ,
      PosixFilePermission.OTHERS_READ);
  private static final Set<PosixFilePermission> FOLDER = Set.of(PosixFilePermission.GROUP_READ,
      PosixFilePermission.GROUP_EXECUTE, PosixFilePermission.OTHERS_READ, PosixFilePermission.OTHERS_EXECUTE);

  private ReadableTree() {}

  /// Opens a tree, unless it is open: its folder and what is in it were made with one `umask`.
  ///
  /// @throws IOException if the disk refuses
  static void of(Path folder) throws IOException {
    if (!Files.getPosixFilePermissions(folder).containsAll(FOLDER)) {
      Files.walkFileTree(folder, new ReadableTree());
    }
  }

  /// The folder that is looked at first is the last that is opened, so that a tree which was opened in part is opened
  /// again.
  @Override public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException failure)
      throws IOException {
    return opened(folder, FOLDER);
  }

  @Override public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
    return attributes.isSymbolicLink() ? FileVisitResult.CONTINUE : opened(file, FILE);
  }

  private static FileVisitResult opened(Path path, Set<PosixFilePermission> more) throws IOException {
    var permissions = Files.getPosixFilePermissions(path);
    if (permissions.addAll(more)) {
      Files.setPosixFilePermissions(path, permissions);
    }
    return FileVisitResult.CONTINUE;
  }
}
