package network.lilypad.node.cli;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.function.Supplier;
import network.lilypad.protocol.content.ContentException;
import network.lilypad.protocol.content.FolderBlocks;
import network.lilypad.protocol.content.TreeLimits;

/// A file or folder that a person named at the command line. What is wrong with it is theirs to mend, so it is said as
/// [ExitCode#REFUSED], by the name they know it by.
///
/// @param as how it was named, such as `--output-dir`
/// @param path where
record NamedPath(String as, Path path) {
  /// @throws FailureException if it is no folder
  void requireFolder() {
    require(Files.isDirectory(path, NOFOLLOW_LINKS), "a folder");
  }

  /// @throws FailureException if it is no file
  void requireFile() {
    require(Files.isRegularFile(path), "a file");
  }

  private void require(boolean holds, String expectation) {
    if (!holds) {
      throw FailureException.usage(this + ": " + kind() + " (expected: " + expectation + ")", "check the path");
    }
  }

  private String kind() {
    if (!Files.exists(path)) {
      return Files.isSymbolicLink(path) ? "a link to nothing" : "not there";
    }
    return Files.isSymbolicLink(path) ? "a symbolic link"
        : Files.isDirectory(path) ? "a folder" : Files.isRegularFile(path) ? "a file" : "neither file nor folder";
  }

  /// Looks whether something can be made there. Makes nothing.
  ///
  /// @throws FailureException if something is there already, or nothing can be written beside it
  void requireNew() {
    if (Files.exists(path, NOFOLLOW_LINKS)) {
      throw FailureException.usage(this + ": is there already, nothing is overwritten",
          "name another that is not there yet");
    }
    var above = path.toAbsolutePath().normalize().getParent();
    while (above != null && !Files.exists(above)) {
      above = above.getParent();
    }
    if (above == null || !Files.isDirectory(above) || !Files.isWritable(above)) {
      throw FailureException.usage(this + ": cannot be made, " + above + (above != null && Files.isDirectory(above)
          ? " is not writable"
          : " is no folder"), "name another place with " + as);
    }
  }

  /// Makes the file, and the folders above it.
  ///
  /// @throws FailureException as [#requireNew]
  OutputStream create() throws IOException {
    requireNew();
    var parent = path.toAbsolutePath().getParent();
    if (parent != null) {
      Files.createDirectories(parent);
    }
    return new BufferedOutputStream(Files.newOutputStream(path, StandardOpenOption.CREATE_NEW));
  }

  /// The folder as content that a job can be given.
  ///
  /// @throws FailureException if it is no folder, or holds what content cannot hold or more than that
  FolderBlocks blocks(long bytesMax) {
    requireFolder();
    return content(() -> FolderBlocks.of(path, new TreeLimits(bytesMax, JobInputs.ENTRIES_MAX)));
  }

  /// Reads it as content.
  ///
  /// @throws FailureException if the content is refused
  <T> T content(Supplier<T> reading) {
    try {
      return reading.get();
    } catch (ContentException e) {
      throw FailureException.given(toString(), e);
    }
  }

  @Override public String toString() {
    return as + " " + path;
  }
}
