package network.lilypad.node.modules.source;

import java.nio.file.Files;
import java.nio.file.Path;

/// Tells git repositories from other folders.
final class GitFolders {
  private GitFolders() {}

  /// Whether a folder is a bare repository, or one with a working tree.
  static boolean isRepository(Path folder) {
    return isBare(folder) || isBare(folder.resolve(".git"));
  }

  static boolean isBare(Path folder) {
    return Files.isRegularFile(folder.resolve("HEAD")) && Files.isDirectory(folder.resolve("objects"))
        && Files.isDirectory(folder.resolve("refs"));
  }
}
