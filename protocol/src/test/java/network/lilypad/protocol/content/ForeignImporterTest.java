package network.lilypad.protocol.content;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The same trees through ipfs-unixfs-importer, which shares no code with us, have the same roots.
class ForeignImporterTest {
  private static final Path NPM = Path.of(Objects.requireNonNull(System.getProperty("lilypad.root"), "lilypad.root"),
      "protocol/src/test/npm");
  private static final TreeLimits ROOMY = new TreeLimits(1L << 30, 100_000);

  @TempDir
  Path directory;

  @BeforeAll static void the_importer_is_installed() {
    assertThat(NPM.resolve("node_modules/ipfs-unixfs-importer"))
        .as("npm packages; to install them run deploy/verify.sh, or: cd protocol/src/test/npm && npm ci")
        .isDirectory();
  }

  @ParameterizedTest
  @CsvSource({"16, 3", "1, 2", "1024, 5", "7, 174"}) void random_trees_have_the_importers_roots(int chunkBytes,
      int maxLinks) throws Exception {
    var layout = new Layout(chunkBytes, Math.min(maxLinks, 6));
    var seed = new Random().nextLong();
    var trees = IntStream.range(0, 8).mapToObj(i -> directory.resolve("tree" + i)).toList();
    for (var tree : trees) {
      RandomTree.of(seed + trees.indexOf(tree), layout).fill(Files.createDirectory(tree));
    }
    assertSameRoots(new Layout(chunkBytes, maxLinks), trees, "seed " + seed);
  }

  @Test void files_around_every_border_of_the_standard_links_have_the_importers_roots() throws Exception {
    var layout = new Layout(1, Layout.STANDARD.maxLinks());
    var trees = new ArrayList<Path>();
    for (int bytes : new int[]{0, 1, 2, 173, 174, 175, 347, 348, 349, 174 * 174 - 1, 174 * 174, 174 * 174 + 1}) {
      var tree = Files.createDirectory(directory.resolve("tree" + bytes));
      Files.write(tree.resolve("file"), random(bytes));
      trees.add(tree);
    }
    assertSameRoots(layout, trees, "files of these sizes");
  }

  @Test void a_result_in_the_standard_layout_has_the_importers_root() throws Exception {
    // given
    var result = ResultTree.create(directory.resolve("result"));
    Files.writeString(result.stdout(), "moo\n");
    Files.createDirectories(result.outputs().resolve("empty/empty"));
    for (int delta = -1; delta <= 1; delta++) {
      Files.write(result.outputs().resolve("chunk" + delta), random(Layout.STANDARD.chunkBytes() + delta));
      Files.write(result.outputs().resolve("chunks" + delta), random(3 * Layout.STANDARD.chunkBytes() + delta));
    }
    for (int i = 0; i < 800; i++) {
      Files.createFile(result.outputs().resolve("empty/many" + i));
    }
    result.writeExitCode(0);
    // when
    var root = result.write(new UnixFsWriter(BlockSink.NONE, ROOMY));
    // then
    assertThat(importedRoots(Layout.STANDARD, List.of(result.directory()))).containsExactly(root.toString());
  }

  private static byte[] random(int bytes) {
    var content = new byte[bytes];
    new Random(bytes).nextBytes(content);
    return content;
  }

  private static void assertSameRoots(Layout layout, List<Path> trees, String input) throws Exception {
    var writer = new UnixFsWriter(BlockSink.NONE, ROOMY, layout);
    var roots = trees.stream().map(writer::writeDirectory).map(Cid::toString).toList();
    assertThat(roots).as(input).isEqualTo(importedRoots(layout, trees));
  }

  private static List<String> importedRoots(Layout layout, List<Path> trees) throws IOException, InterruptedException {
    var command = new ArrayList<>(List.of("node", NPM.resolve("unixfs-roots.js").toString(),
        Integer.toString(layout.chunkBytes()), Integer.toString(layout.maxLinks())));
    trees.forEach(tree -> command.add(tree.toString()));
    var process = new ProcessBuilder(command).redirectErrorStream(true).start();
    var output = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    return output.lines().toList();
  }
}
