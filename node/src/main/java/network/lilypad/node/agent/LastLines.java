package network.lilypad.node.agent;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/// The end of a text file, as much as a person reads: why a program failed stands there.
final class LastLines {
  /// A stack trace's top and what led to it.
  static final int LINES_MAX = 20;
  /// Twenty long lines.
  static final int BYTES_MAX = 4 << 10;

  private LastLines() {}

  /// The last lines; empty if there is no file. Bytes that are no UTF-8 are replaced, and so is a character that was
  /// cut.
  ///
  /// @throws IOException if the file cannot be read
  static String of(Path file) throws IOException {
    if (!Files.isRegularFile(file)) {
      return "";
    }
    try (var channel = FileChannel.open(file)) {
      long from = Math.max(0, channel.size() - BYTES_MAX);
      var bytes = ByteBuffer.allocate((int) (channel.size() - from));
      while (bytes.hasRemaining() && channel.read(bytes, from + bytes.position()) >= 0) {
        // reads until the buffer is full or the file ends
      }
      return lastLines(within(new String(bytes.array(), 0, bytes.position(), StandardCharsets.UTF_8)));
    }
  }

  private static String lastLines(String text) {
    int end = text.endsWith("\n") ? text.length() - 1 : text.length();
    int from = end;
    for (int lines = 0; lines < LINES_MAX && from >= 0; lines++) {
      from = text.lastIndexOf('\n', from - 1);
    }
    return text.substring(from + 1);
  }

  /// Replacing a broken byte makes it longer.
  private static String within(String text) {
    int from = 0;
    while (text.substring(from).getBytes(StandardCharsets.UTF_8).length > BYTES_MAX) {
      from += Math.max(1, (text.length() - from) / 8);
    }
    return text.substring(from);
  }
}
