package network.lilypad.protocol.content;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;

/// A temporary directory, gone when closed.
record Scratch(Path path) implements AutoCloseable {
  static Scratch create() {
    try {
      return new Scratch(Files.createTempDirectory("content"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Path resolve(String name) {
    return path.resolve(name);
  }

  /// Every path below a directory with its content in hexadecimal, or `/` for a directory.
  static Map<String, String> listing(Path directory) throws IOException {
    var listing = new TreeMap<String, String>();
    try (var paths = Files.walk(directory)) {
      for (Path path : (Iterable<Path>) paths::iterator) {
        var name = directory.relativize(path).toString();
        listing.put(name, Files.isDirectory(path) ? "/" : HexFormat.of().formatHex(Files.readAllBytes(path)));
      }
    }
    return listing;
  }

  /// Runs a command to its end, for files that Java cannot make.
  static void run(String... command) throws IOException, InterruptedException {
    var process = new ProcessBuilder(command).inheritIO().start();
    if (process.waitFor() != 0) {
      throw new IOException(String.join(" ", command) + " failed");
    }
  }

  @Override public void close() {
    try (var paths = Files.walk(path)) {
      for (Path each : (Iterable<Path>) paths.sorted(Comparator.reverseOrder())::iterator) {
        Files.delete(each);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
