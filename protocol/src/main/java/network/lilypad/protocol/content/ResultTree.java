package network.lilypad.protocol.content;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import network.lilypad.protocol.content.ContentException.Reason;

/// What a job leaves behind, as a directory on disk: the files `stdout`, `stderr` and `exitCode`, and the directory
/// `outputs`. Nothing else, and nothing that depends on time. `exitCode` holds a decimal number and no newline.
///
/// @param directory where the four are
public record ResultTree(Path directory) {
  private static final String STDOUT = "stdout";
  private static final String STDERR = "stderr";
  private static final String EXIT_CODE = "exitCode";
  private static final String OUTPUTS = "outputs";

  /// Digits of 2^31-1, the largest exit code.
  private static final int MAX_EXIT_CODE_BYTES = 10;
  private static final Pattern DECIMAL = Pattern.compile("0|[1-9][0-9]{0,9}");

  /// Makes the tree of a job that has not written anything yet: all but the exit code.
  ///
  /// @param directory absent (its parent is there) or an empty directory
  /// @throws ContentException `TARGET_OCCUPIED` or `IO`
  public static ResultTree create(Path directory) {
    try {
      FolderTarget.prepare(directory);
      var tree = new ResultTree(directory);
      Files.createFile(tree.stdout());
      Files.createFile(tree.stderr());
      Files.createDirectory(tree.outputs());
      return tree;
    } catch (IOException e) {
      throw new ContentException(e);
    }
  }

  /// The file of what the job printed.
  public Path stdout() {
    return directory.resolve(STDOUT);
  }

  /// The file of what the job complained.
  public Path stderr() {
    return directory.resolve(STDERR);
  }

  /// The directory of what the job produced.
  public Path outputs() {
    return directory.resolve(OUTPUTS);
  }

  /// Ends the tree.
  ///
  /// @param exitCode the job's own, 0 to 2^31-1
  /// @throws IllegalArgumentException if it is negative
  /// @throws ContentException `IO`
  public void writeExitCode(int exitCode) {
    if (exitCode < 0) {
      throw new IllegalArgumentException("exitCode: " + exitCode + " (expected: >= 0)");
    }
    try {
      Files.writeString(directory.resolve(EXIT_CODE), Integer.toString(exitCode), US_ASCII);
    } catch (IOException e) {
      throw new ContentException(e);
    }
  }

  /// The job's exit code, 0 to 2^31-1.
  ///
  /// @throws ContentException `MALFORMED_RESULT` if there is no such number, `IO`
  public int exitCode() {
    var text = exitCodeText();
    if (!DECIMAL.matcher(text).matches() || Long.parseLong(text) > Integer.MAX_VALUE) {
      throw new ContentException(Reason.MALFORMED_RESULT, EXIT_CODE, '"' + text + '"',
          "a decimal number up to 2147483647, no newline");
    }
    return Integer.parseInt(text);
  }

  private String exitCodeText() {
    requireFile(EXIT_CODE);
    try (var in = Files.newInputStream(directory.resolve(EXIT_CODE), NOFOLLOW_LINKS)) {
      return new String(in.readNBytes(MAX_EXIT_CODE_BYTES + 1), US_ASCII);
    } catch (IOException e) {
      throw new ContentException(e);
    }
  }

  /// Checks that the directory is a finished result: exactly the four parts, each of its kind.
  ///
  /// @throws ContentException `MALFORMED_RESULT` or `IO`
  public void check() {
    requireFile(STDOUT);
    requireFile(STDERR);
    exitCode();
    if (!Files.isDirectory(outputs(), NOFOLLOW_LINKS)) {
      throw new ContentException(Reason.MALFORMED_RESULT, OUTPUTS, "missing or a file", "a directory");
    }
    try (var paths = Files.newDirectoryStream(directory, path -> !isPart(path.getFileName().toString()))) {
      for (Path stranger : paths) {
        throw new ContentException(Reason.MALFORMED_RESULT, "result", stranger.getFileName(),
            "nothing beside stdout, stderr, exitCode and outputs");
      }
    } catch (IOException e) {
      throw new ContentException(e);
    }
  }

  /// Checks the tree and writes it.
  ///
  /// @param writer where to and how much
  /// @return the result root
  /// @throws ContentException as [#check] and [UnixFsWriter#writeDirectory]
  public Cid write(UnixFsWriter writer) {
    check();
    return writer.writeDirectory(directory);
  }

  private static boolean isPart(String name) {
    return name.equals(STDOUT) || name.equals(STDERR) || name.equals(EXIT_CODE) || name.equals(OUTPUTS);
  }

  private void requireFile(String name) {
    if (!Files.isRegularFile(directory.resolve(name), NOFOLLOW_LINKS)) {
      throw new ContentException(Reason.MALFORMED_RESULT, name, "missing or not a file", "a regular file");
    }
  }
}
