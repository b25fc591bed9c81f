package network.lilypad.executor.wasm;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import javax.imageio.ImageIO;
import network.lilypad.executor.BundledModules;
import network.lilypad.executor.Execution.Ended;
import network.lilypad.executor.Guests;
import network.lilypad.executor.Outcome.Exited;
import network.lilypad.executor.Sink;
import network.lilypad.executor.Task.OutputLimits;
import network.lilypad.protocol.content.BlockSink;
import network.lilypad.protocol.content.TreeLimits;
import network.lilypad.protocol.content.UnixFsWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The bundled modules do what they say, and the same to the byte on every machine.
final class BundledModulesTest {
  private static final Path GOLDEN = Path.of(System.getProperty("lilypad.root", ".."),
      "gpu-executor/src/test/resources/golden/bundled-results.txt");

  @TempDir
  private Path home;

  @Test void there_are_three_and_each_has_a_template_and_a_verified_module() {
    assertThat(BundledModules.all()).extracting(BundledModules.Bundled::reference).containsExactly("cowsay:v0.0.4",
        "mandelbrot:v0.0.1", "wordcount:v0.0.1");
    assertThat(BundledModules.all()).allSatisfy(module -> {
      assertThat(module.template()).contains("\"machine\"", "\"job\"", "\"EntryModule\": \"module.wasm\"");
      assertThat(module.wasm()).startsWith(0, 'a', 's', 'm');
    });
    assertThat(BundledModules.find("nosuch")).isEmpty();
  }

  @Test void cowsay_says_the_message_and_wraps_it_at_forty_characters() throws Exception {
    var moo = run("moo", "cowsay", "");
    assertThat(Files.readString(moo.result().resolve("stdout"))).startsWith(".-----.\n| moo |\n'-----'\n");
    var text = "Zwölf Boxkämpfer jagen Viktor quer über den großen Sylter Deich 🐄 " + "x".repeat(50);
    var lines = Files.readAllLines(run("long", "cowsay", text).result().resolve("stdout"));
    assertThat(lines.subList(0, 6)).allSatisfy(line -> assertThat(line.codePointCount(0, line.length())).isEqualTo(44));
    assertThat(lines.get(1)).isEqualTo("| Zwölf Boxkämpfer jagen Viktor quer über  |");
    assertThat(lines.get(3)).isEqualTo("| " + "x".repeat(40) + " |");
  }

  @Test void wordcount_counts_the_words_of_all_inputs() throws Exception {
    var inputs = Files.createDirectories(home.resolve("words/inputs/deep"));
    Files.writeString(inputs.resolve("b.txt"), "The cow's moo. THE cow!");
    Files.writeString(inputs.resolveSibling("a.txt"), "the été 'quoted'");
    var ended = run("words", "wordcount", "2");
    assertThat(ended.result().resolve("outputs/wordcount.csv"))
        .hasContent("word,count\nthe,3\ncow,1\ncow's,1\nmoo,1\nquoted,1\nété,1");
    assertThat(Files.readAllLines(ended.result().resolve("stdout"))).containsExactly(
        "8 words, 6 different, in 2 files", "         3  the", "         1  cow");
    assertThat(run("bad", "wordcount", "0").outcome()).isEqualTo(new Exited(2));
  }

  @Test void mandelbrot_draws_a_picture_that_others_can_read() throws Exception {
    var ended = run("picture", "mandelbrot", "300", "200", "100");
    var image = ImageIO.read(ended.result().resolve("outputs/mandelbrot.png").toFile());
    assertThat(image.getWidth()).isEqualTo(300);
    assertThat(image.getHeight()).isEqualTo(200);
    assertThat(image.getRGB(150, 100) & 0xffffff).as("the middle is in the set").isZero();
    assertThat(image.getRGB(0, 0) & 0xffffff).as("the corner is not").isNotZero();
    assertThat(Files.readAllLines(ended.result().resolve("stdout"))).hasSize(11).contains(" 50 %");
    assertThat(run("bad", "mandelbrot", "5000").outcome()).isEqualTo(new Exited(2));
  }

  @Test void equal_tasks_give_equal_bytes_in_every_run_and_on_every_machine() throws Exception {
    var first = digests("first");
    assertThat(digests("second")).isEqualTo(first);
    assertThat(first).containsExactlyElementsOf(Files.readAllLines(GOLDEN));
  }

  /// Runs each module in an executor of its own, so nothing is shared with an earlier run, not even compiled classes.
  private List<String> digests(String round) throws Exception {
    var lines = new ArrayList<String>();
    for (var module : List.of("cowsay", "mandelbrot", "wordcount")) {
      var inputs = Files.createDirectories(home.resolve(round + module).resolve("inputs"));
      Files.writeString(inputs.resolve("text"), "so it goes and so it goes");
      var ended = run(round + module, module, "64");
      lines.addAll(lines(module, ended.result()));
      var root = new UnixFsWriter(BlockSink.NONE, new TreeLimits(1 << 20, 100)).writeDirectory(ended.result());
      lines.add(root + "  " + module);
    }
    return lines;
  }

  private static List<String> lines(String module, Path result) throws IOException {
    try (var files = Files.walk(result)) {
      var lines = new ArrayList<String>();
      for (var file : files.filter(Files::isRegularFile).sorted().toList()) {
        var digest = Guests.sha256(Files.readAllBytes(file)).toString().substring(2);
        lines.add(digest + "  " + module + "/" + result.relativize(file));
      }
      return lines;
    }
  }

  private Ended run(String directory, String module, String... arguments) throws Exception {
    var limits = new Guests.Limits(64, Duration.ofMinutes(1), OutputLimits.of(16));
    var guests = new Guests(Files.createDirectories(home.resolve(directory)), 1);
    var task = guests.task(BundledModules.find(module).orElseThrow().wasm(), limits, List.of(arguments),
        new TreeMap<>(), new TreeMap<>());
    try (var executor = WasmExecutor.of(InstantSource.system(), 64)) {
      return executor.start(task, Sink.NONE).await();
    }
  }
}
