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
import network.lilypad.protocol.value.Sha256;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The bundled modules do what they say, and the same to the byte on every machine.
final class BundledModulesTest {
  private static final Path GOLDEN = Path.of(System.getProperty("lilypad.root", ".."),
      "gpu-executor/src/test/resources/golden/bundled-results.txt");

  @TempDir
  private Path home;

  @Test void each_has_a_template_and_a_verified_module_or_an_image() {
    assertThat(BundledModules.all()).extracting(BundledModules.Bundled::reference).containsExactly("cowsay:v0.0.4",
        "mandelbrot:v0.0.1", "wordcount:v0.0.1", "etl:v0.0.1", "fedavg:v0.0.1", "hashchain:v0.0.1",
        "cowsay:v0.0.4-docker", "lilysay:0.5.2", "ollama-pipeline:llama3-8b-lilypad1",
        "sdxl-pipeline:v1.0-base-lilypad3", "sdv-pipeline:v1.0-lilypad1");
    assertThat(BundledModules.all()).allSatisfy(module -> {
      assertThat(module.template()).contains("\"machine\"", "\"job\"",
          module.container() ? "\"Image\": " : "\"EntryModule\": \"module.wasm\"");
      if (!module.container()) {
        assertThat(module.wasm()).startsWith(0, 'a', 's', 'm');
      }
    });
    assertThat(BundledModules.find("nosuch")).isEmpty();
    assertThat(BundledModules.find("cowsay").orElseThrow().container()).isFalse();
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

  @Test void etl_groups_rows_of_all_files_and_sums_a_column_up() throws Exception {
    write("etl/inputs/b.csv", "region,amount\nnorth,1.5\n\"so,uth\",2\r\nnorth,-0.5\nnorth,none\nshort\n");
    write("etl/inputs/a.csv", "amount,region\n10,\"so,uth\"\n");
    var ended = run("etl", "etl", "region", "amount");
    assertThat(ended.outcome()).isEqualTo(new Exited(0));
    assertThat(ended.result().resolve("outputs/aggregates.csv")).hasContent("""
        group,count,sum,min,max,mean
        north,2,1.000000,-0.500000,1.500000,0.500000
        "so,uth",2,12.000000,2.000000,10.000000,6.000000""");
    assertThat(ended.result().resolve("outputs/summary.json"))
        .hasContent("{\"files\": 2, \"rows\": 6, \"skipped\": 2, \"groups\": 2}");
    assertThat(run("etl", "etl", "nosuch", "").outcome()).isEqualTo(new Exited(2));
  }

  @Test void fedavg_weighs_each_client_by_its_samples() throws Exception {
    write("fed/inputs/one.txt", "samples 1\nlayer.weight 1 2\nlayer.bias 0\n");
    write("fed/inputs/two.txt", "samples 3\nlayer.weight 5 -2\nlayer.bias 4\n");
    var ended = run("fed", "fedavg");
    assertThat(ended.result().resolve("outputs/weights.txt"))
        .hasContent("samples 4\nlayer.weight 4 -1\nlayer.bias 3");
    assertThat(Files.readString(ended.result().resolve("outputs/round.json"))).startsWith(
        "{\"clients\": 2, \"samples\": 4, \"weights\": 3, \"distances\": [5.19615242, 1.73205081]");
    write("fed/inputs/three.txt", "samples 3\nlayer.weight 5\nlayer.bias 4\n");
    var unfit = run("fed", "fedavg");
    assertThat(unfit.outcome()).isEqualTo(new Exited(2));
    assertThat(Files.readString(unfit.result().resolve("stderr"))).contains("three.txt");
  }

  @Test void hashchain_holds_until_a_link_is_changed() throws Exception {
    var chain = chain(List.of("genesis", "alice pays bob 3", "bob pays carol 2"));
    write("chain/inputs/chain.txt", chain);
    var ended = run("chain", "hashchain");
    assertThat(ended.outcome()).isEqualTo(new Exited(0));
    var tip = chain.lines().toList().getLast().substring(0, 64);
    assertThat(ended.result().resolve("outputs/proof.json"))
        .hasContent("{\"valid\": true, \"links\": 3, \"tip\": \"" + tip + "\"}");
    write("chain/inputs/chain.txt", chain.replace("bob 3", "bob 4"));
    var broken = run("chain", "hashchain");
    assertThat(broken.outcome()).isEqualTo(new Exited(1));
    assertThat(Files.readString(broken.result().resolve("outputs/proof.json")))
        .startsWith("{\"valid\": false, \"links\": 1, ").endsWith("\"broken\": {\"file\": 1, \"line\": 2}}\n");
  }

  /// Links made by the JDK's SHA-256.
  private static String chain(List<String> data) throws Exception {
    var text = new StringBuilder();
    var tip = new byte[32];
    for (var link : data) {
      var hash = java.security.MessageDigest.getInstance("SHA-256");
      hash.update(tip);
      tip = hash.digest(link.getBytes(java.nio.charset.StandardCharsets.UTF_8));
      text.append(java.util.HexFormat.of().formatHex(tip)).append(' ').append(link).append('\n');
    }
    return text.toString();
  }

  private void write(String path, String text) throws IOException {
    var file = home.resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  @Test void equal_tasks_give_equal_bytes_in_every_run_and_on_every_machine() throws Exception {
    var first = digests("first");
    assertThat(digests("second")).isEqualTo(first);
    if ("write".equals(System.getProperty("lilypad.golden"))) {
      Files.write(GOLDEN, first);
    }
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
    }
    write(round + "etl/inputs/rows.csv", "who,what\ncow,0.1\nowl,3\ncow,0.2\n");
    lines.addAll(lines("etl", run(round + "etl", "etl").result()));
    write(round + "fedavg/inputs/a", "samples 3\nw 0.1 1e-9\n");
    write(round + "fedavg/inputs/b", "samples 7\nw 0.7 3\n");
    lines.addAll(lines("fedavg", run(round + "fedavg", "fedavg").result()));
    write(round + "hashchain/inputs/chain", chain(List.of("so", "it", "goes")));
    lines.addAll(lines("hashchain", run(round + "hashchain", "hashchain").result()));
    return lines;
  }

  /// Digests of all files of a result, and its root.
  private static List<String> lines(String module, Path result) throws IOException {
    try (var files = Files.walk(result)) {
      var lines = new ArrayList<String>();
      for (var file : files.filter(Files::isRegularFile).sorted().toList()) {
        var digest = Sha256.hash(Files.readAllBytes(file)).toString().substring(2);
        lines.add(digest + "  " + module + "/" + result.relativize(file));
      }
      lines.add(new UnixFsWriter(BlockSink.NONE, new TreeLimits(1 << 20, 100)).writeDirectory(result) + "  " + module);
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
