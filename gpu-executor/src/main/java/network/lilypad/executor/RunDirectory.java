package network.lilypad.executor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayDeque;

/// The directory of one run. The agent puts the program's file, where the engine takes one, and `inputs` into it, the
/// executor makes `result`, and uses `scratch` until the run has ended.
///
/// @param home the directory itself
public record RunDirectory(Path home) {
  /// The program's file, where the engine takes one.
  public Path program() {
    return home.resolve("module.wasm");
  }

  /// The inputs: files and folders, no links. May be missing when there are none.
  public Path inputs() {
    return home.resolve("inputs");
  }

  /// The result tree: `stdout`, `stderr`, `exitCode` and `outputs`.
  public Path result() {
    return home.resolve("result");
  }

  /// The outputs: one declared output fills it, of several each gets a folder by its name.
  public Path outputs() {
    return result().resolve("outputs");
  }

  /// A file of a stream.
  public Path stream(Sink.Stream stream) {
    return result().resolve(stream.fileName());
  }

  /// The program's exit code in decimal, without a line break.
  public Path exitCode() {
    return result().resolve("exitCode");
  }

  /// Says when the run began, for an executor that takes it up again.
  public Path begun() {
    return home.resolve("begun");
  }

  /// Says since when the run stands still, for an executor that takes it up again; there only while it does.
  public Path paused() {
    return home.resolve("paused");
  }

  /// The executor's own.
  public Path scratch() {
    return home.resolve("scratch");
  }

  /// Removes what an earlier try has left and makes the empty folders of a new one.
  ///
  /// @throws IOException if the disk refuses
  public void prepare() throws IOException {
    delete(result());
    delete(scratch());
    Files.createDirectories(outputs());
    Files.createDirectories(scratch());
  }

  /// Ends a run: writes the exit code and the note of its outcome, removes the scratch folder.
  ///
  /// @throws IOException if the disk refuses
  public void conclude(Outcome outcome) throws IOException {
    Files.writeString(stream(Sink.Stream.STDERR), outcome.note(), StandardOpenOption.APPEND);
    Files.writeString(exitCode(), Integer.toString(outcome.exitCode()));
    delete(scratch());
  }

  /// Removes a tree, however deep a hostile program made it; links are removed, not followed. Nothing happens if it is
  /// not there.
  ///
  /// Folders are moved side by side before they are emptied: a path of many names is longer than the system takes.
  ///
  /// @param tree a place in this directory
  /// @throws IOException if the disk refuses
  public void delete(Path tree) throws IOException {
    if (!Files.isDirectory(tree, LinkOption.NOFOLLOW_LINKS)) {
      Files.deleteIfExists(tree);
      return;
    }
    var grave = Files.createTempDirectory(home, "removed-");
    var folders = new ArrayDeque<Path>();
    folders.add(Files.move(tree, grave.resolve("0")));
    for (long moved = 1; !folders.isEmpty();) {
      var folder = folders.remove();
      open(folder);
      try (var entries = Files.newDirectoryStream(folder)) {
        for (var entry : entries) {
          if (Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)) {
            folders.add(Files.move(entry, grave.resolve(Long.toString(moved++))));
          } else {
            Files.delete(entry);
          }
        }
      }
      Files.delete(folder);
    }
    Files.delete(grave);
  }

  /// A program may have closed its folders to their owner.
  private static void open(Path folder) throws IOException {
    if (!Files.isReadable(folder) || !Files.isWritable(folder) || !Files.isExecutable(folder)) {
      Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
    }
  }
}
