package network.lilypad.protocol.content;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;

/// Random directories, the same for the same seed: sizes around the borders of the layout, nested and empty
/// directories, names whose order and encoding are easily got wrong.
record RandomTree(Random random, Layout layout) {
  /// In pairs: the first sorts before the second in UTF-16 but not in UTF-8, by bytes but not by letters, as a prefix.
  private static final List<String> NAMES = List.of("\uD83D\uDE00", "\uFF61", "B", "a", "a.b", "a-b", "a", "aa", "é",
      "e\u0301", " ", "~", "-", ".hidden", "...", "x:y", "100%", "日本語", "\u05D0\u202Eb", "tab\there", "line\nbreak",
      "quote\"'", "*?", "n".repeat(255), "ü".repeat(127));

  static RandomTree of(long seed, Layout layout) {
    return new RandomTree(new Random(seed), layout);
  }

  void fill(Path directory) throws IOException {
    fill(directory, 0);
  }

  private void fill(Path directory, int depth) throws IOException {
    int entries = random.nextInt(8) == 0 ? 200 : random.nextInt(9);
    for (int i = 0; i < entries; i++) {
      var path = directory.resolve(name(i));
      if (Files.exists(path)) {
        continue;
      }
      if (depth < 3 && random.nextInt(3) == 0 && entries < 100) {
        Files.createDirectory(path);
        fill(path, depth + 1);
      } else {
        Files.write(path, content());
      }
    }
  }

  private String name(int i) {
    return random.nextBoolean() ? NAMES.get(random.nextInt(NAMES.size())) : "file" + i;
  }

  private byte[] content() {
    var bytes = new byte[Math.max(0, fullNodes() * layout.chunkBytes() + random.nextInt(-1, 2))];
    random.nextBytes(bytes);
    return bytes;
  }

  /// A number of chunks at a border of some level, or any.
  private int fullNodes() {
    int links = layout.maxLinks();
    int chunks = switch (random.nextInt(6)) {
      case 0 -> 0;
      case 1 -> 1;
      case 2 -> links;
      case 3 -> links * links;
      default -> random.nextInt(2 * links * links);
    };
    return chunks + (random.nextInt(4) == 0 ? 1 : 0);
  }
}
