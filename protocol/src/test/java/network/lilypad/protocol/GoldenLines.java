package network.lilypad.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/// A golden file of lines: existing lines never change. New ones are added by a run with `-Dgolden.write=true`.
public final class GoldenLines {
  private GoldenLines() {}

  /// Compares with the committed file.
  ///
  /// @param file from the checkout's root
  public static void assertSame(String file, List<String> lines) throws IOException {
    var path = Path.of(Objects.requireNonNull(System.getProperty("lilypad.root"), "lilypad.root"), file);
    var golden = Files.exists(path) ? Files.readAllLines(path) : List.<String>of();
    if (Boolean.getBoolean("golden.write") && golden.size() < lines.size()) {
      assertThat(lines.subList(0, golden.size())).as(file + ": lines already there").isEqualTo(golden);
      Files.createDirectories(path.getParent());
      Files.write(path, lines);
      return;
    }
    assertThat(lines).as(file + "; lines at its end are added by a run with -Dgolden.write=true").isEqualTo(golden);
  }
}
