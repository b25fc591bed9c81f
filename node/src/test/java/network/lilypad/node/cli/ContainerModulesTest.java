package network.lilypad.node.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import network.lilypad.executor.docker.PrivateEngine;
import network.lilypad.executor.docker.ShellImage;
import network.lilypad.executor.docker.TestEngine;
import network.lilypad.node.modules.LilypadModule;
import network.lilypad.node.modules.source.FetchLimits;
import network.lilypad.node.modules.source.ModuleLibrary;
import network.lilypad.protocol.value.Bytes32;
import network.lilypad.protocol.value.JobSpec;
import network.lilypad.protocol.wire.JobSpecWire;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The container definitions that come with the program, run on a whole market. There is no registry here, so images
/// that keep the same contracts stand for the real ones. They have the names that the definitions say, in an engine of
/// this test's own: in the machine's they would hide real images, and two builds at once would take each other's away.
final class ContainerModulesTest {
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  /// Whatever breaks JSON, shells, templates and C.
  private static final String HOSTILE = "say \"moo\"\n and $(id) `id` 'more' \\ {{.x}} %s\ttab 日本 🐸 \"}], #";
  /// What this machine has, where the definitions want GPUs and tens of gigabytes.
  private static final String SMALL = "\"machine\": {\"gpu\": 0, \"cpu\": 1000, \"ram\": 128, \"disk\": 64},\n  \"job\"";

  @TempDir
  static Path folder;
  private static PrivateEngine engine;
  private static WholeMarket market;
  private static Bytes32 cowsay;
  private static Bytes32 lilysay;
  private static Bytes32 ollama;
  private static Bytes32 sdxl;
  private static Bytes32 sdv;

  @BeforeAll static void start() throws Exception {
    engine = new PrivateEngine(Files.createDirectory(folder.resolve("engine")));
    var images = TestEngine.at(engine.socket());
    cowsay = images.load(ShellImage.of("", Map.of("usr/games/cowsay", standIn("cowsay"),
        "usr/share/cowsay/cows/default.cow", new byte[0])), "grycap/cowsay:latest");
    // like the real one it links a picture before it speaks, which a read-only root does not let it
    lilysay = images.load(ShellImage.of(
        "\"Entrypoint\":[\"/bin/sh\",\"-c\",\"ln -sf /usr/share/cowsay/cows/lilypad.cow "
            + "/usr/share/cowsay/cows/default.cow && /usr/games/cowsay \\\"$MESSAGE\\\"\"]",
        Map.of("usr/games/cowsay",
            standIn("cowsay"), "usr/share/cowsay/cows/lilypad.cow", new byte[0], "usr/share/cowsay/cows/lilyfrog.cow",
            new byte[0])),
        "lilypadnetwork/lilysay:0.0.6");
    ollama = images.load(ShellImage.of("\"Entrypoint\":[\"/app/answer\"]", Map.of("app/answer", standIn("ollama"))),
        "zorlin/ollama:llama3-8b-lilypad1");
    sdxl = images.load(pictures("image\n"), "zorlin/sdxl:v1.0-base-lilypad3");
    sdv = images.load(pictures("video\n"), "zorlin/sdv:v1.0-lilypad1");
    market = WholeMarket.start(folder, engine.socket());
  }

  private static ShellImage pictures(String workflow) throws IOException {
    return ShellImage.of("\"Entrypoint\":[\"sh\",\"/app/draw\"],\"WorkingDir\":\"/app\",\"Env\":[\"PATH=/bin\"]",
        Map.of("app/draw", standIn("pictures"), "app/workflow.json", workflow.getBytes(StandardCharsets.UTF_8)));
  }

  private static byte[] standIn(String name) throws IOException {
    try (var stream = ContainerModulesTest.class.getResourceAsStream("/stand-ins/" + name)) {
      return Objects.requireNonNull(stream, name).readAllBytes();
    }
  }

  @AfterAll static void stop() throws IOException {
    market.close();
    engine.close();
  }

  @Test void a_cow_says_whatever_it_is_told() throws Exception {
    var ran = ran("cowsay:v0.0.4-docker", cowsay, Map.of("Message", HOSTILE));
    assertThat(ran.out().resolve("stdout")).content().isEqualTo("< " + HOSTILE + " >\n  \\ a default\n");
  }

  @Test void a_lily_pad_says_whatever_it_is_told_although_its_image_would_write_into_its_root() throws Exception {
    var ran = ran("lilysay:0.5.2", lilysay, Map.of("Message", HOSTILE, "Image", "lilyfrog"));
    assertThat(ran.out().resolve("stdout")).content().isEqualTo("< " + HOSTILE + " >\n  \\ a lilyfrog\n");
    assertThat(ran("lilysay:0.5.2", lilysay, Map.of()).out().resolve("stdout")).content()
        .isEqualTo("< hello >\n  \\ a lilypad\n");
  }

  @Test void a_prompt_is_answered_in_a_file() throws Exception {
    var ran = ran(small("ollama-pipeline:llama3-8b-lilypad1"), ollama,
        Map.of("Prompt", HOSTILE, "System", "a \"frog\""));
    var response = new ObjectMapper().readTree(ran.out().resolve("outputs/response.json").toFile());
    assertThat(response.at("/choices/0/message/content").textValue()).isEqualTo(HOSTILE);
    assertThat(response.path("model").textValue()).isEqualTo("llama3:8b");
    assertThat(response.path("system").textValue()).isEqualTo("a \"frog\"");
    assertThat(response.path("seed").textValue()).as("not given, so the image's own").isEmpty();
  }

  @Test void a_prompt_is_drawn_as_often_as_it_is_asked_for() throws Exception {
    var ran = ran(small("sdxl-pipeline:v1.0-base-lilypad3"), sdxl, Map.of("Prompt", HOSTILE, "Steps", "69", "Sampler",
        "euler", "Size", "512", "Batching", "2"));
    for (var name : List.of("output_00001_.png", "output_00002_.png")) {
      assertThat(ran.out().resolve("outputs").resolve(name)).hasBinaryContent(
          bytes("\u0089PNG\r\n\u001a\n", "PROMPT=" + HOSTILE
              + "\nSEED=42\nSTEPS=69\nSAMPLER=euler\nVIDEOSEED=\nFRAMERATE=\nOFFLINE=1\n"));
    }
    assertThat(ran.out().resolve("outputs")).isDirectoryNotContaining("glob:**.webp");
  }

  @Test void a_prompt_moves() throws Exception {
    var ran = ran(small("sdv-pipeline:v1.0-lilypad1"), sdv, Map.of("Prompt", HOSTILE, "VideoSeed", "7", "Framerate",
        "8"));
    var asked = "PROMPT=" + HOSTILE + "\nSEED=42\nSTEPS=\nSAMPLER=\nVIDEOSEED=7\nFRAMERATE=8\nOFFLINE=1\n";
    assertThat(ran.out().resolve("outputs/output_00001_.webp")).hasBinaryContent(bytes("RIFF\0\0\0\0WEBP", asked));
    assertThat(ran.out().resolve("outputs/output_00001_.png")).hasBinaryContent(bytes("\u0089PNG\r\n\u001a\n", asked));
  }

  @Test void what_an_image_does_not_take_is_a_result_that_says_so() throws Exception {
    var ran = market.run(small("sdxl-pipeline:v1.0-base-lilypad3"), "refused", "-i", "Size=17");
    assertThat(ran.cli().exitCode()).as(ran.cli().err()).isEqualTo(1);
    assertThat(ran.out().resolve("stdout")).content().contains("Invalid size 17");
  }

  @Test void a_machine_without_a_gpu_is_not_sold_as_one() {
    var job = market.detached("sdxl-pipeline:v1.0-base-lilypad3").substring(0, 8);
    await().atMost(PATIENCE).untilAsserted(() -> assertThat(market.cli("jobs", "explain", job).out())
        .contains("1 machine in the market, 0 match").contains("number of GPUs"));
    assertThat(market.cli("jobs", "cancel", job).exitCode()).isZero();
  }

  /// What `lilypad modules init` makes runs at once, from inside its folder, as its README says; the image that the
  /// container's names is what stands for it here: a busybox.
  @Test void a_new_module_runs_at_once() throws Exception {
    assertThat(market.cli("modules", "init", "pond").exitCode()).isZero();
    assertThat(market.run("./pond", "pond-out", "-i", "Message=" + HOSTILE).out().resolve("stdout")).content()
        .contains("say \"moo\"").contains("日本 🐸");
    assertThat(market.cli("modules", "init", "box", "--engine", "docker").exitCode()).isZero();
    TestEngine.at(engine.socket()).load(ShellImage.of("", Map.of()), "busybox:stable");
    assertThat(folder.resolve("box/README.md")).content().contains("lilypad run . -i Message=hello");
    var cli = Cli.run(folder.resolve("box"), market.environment(), "run", ".", "-i", "Message=" + HOSTILE,
        "--output-dir", "../box-out");
    assertThat(cli.exitCode()).as(cli.err()).isZero();
    assertThat(folder.resolve("box-out/outputs/message.txt")).content().isEqualTo(HOSTILE + "\n");
    assertThat(cli.out()).isEqualTo(HOSTILE + "\n");
  }

  @Test void a_definition_runs_one_s_own_pinned_image() throws Exception {
    var pinned = "example.org/mine/llama:v1@sha256:" + ollama.toString().substring(2);
    var made = market.cli("modules", "init", "my-llama", "--from", "ollama-pipeline", "--image", pinned);
    assertThat(made.exitCode()).as(made.err()).isZero();
    demandLittle("my-llama");
    assertThat(market.cli("modules", "validate", "./my-llama").out()).startsWith("valid    my-llama, 0 warnings");
    ran("./my-llama", ollama, Map.of("Prompt", "moo"));
  }

  /// A copy of a bundled definition that this machine can run. Nothing else may differ: the job's spec must be that of
  /// the definition, but for its name, its source and the shared memory that is part of the demands.
  private static String small(String reference) throws IOException {
    var name = "small-" + reference.replaceAll("[^a-z]", "") + System.nanoTime();
    assertThat(market.cli("modules", "init", name, "--from", reference).exitCode()).isZero();
    demandLittle(name);
    var bundled = spec(library().resolve(reference), Map.of());
    var copied = spec(library().resolve("./" + name), Map.of());
    assertThat(copied).usingRecursiveComparison().ignoringFields("name", "source", "shmMib").isEqualTo(bundled);
    return "./" + name;
  }

  private static void demandLittle(String name) throws IOException {
    var file = folder.resolve(name).resolve(LilypadModule.FILE);
    Files.writeString(file, Files.readString(file).replaceFirst("(?s)\"machine\": \\{.*?\n  \\},\n  \"job\"", SMALL)
        .replace("\"GPU\": \"1\"", "\"GPU\": \"\""));
  }

  /// Runs a module and checks that its creator signed for this very image, and that what came back hashes to the root
  /// that its provider signed.
  private static WholeMarket.Ran ran(String module, Bytes32 image, Map<String, String> inputs) throws IOException {
    var out = "out-" + System.nanoTime();
    var options = inputs.entrySet().stream().flatMap(input -> List.of("-i", input.getKey() + "=" + input.getValue())
        .stream()).toArray(String[]::new);
    var ran = market.run(module, out, options);
    assertThat(ran.cli().exitCode()).as(ran.cli().err()).isZero();
    var expected = library().resolve(module).prepare(inputs, _ -> image).spec();
    assertThat(expected.image()).isEqualTo(image);
    assertThat(ran.spec()).isEqualTo(JobSpecWire.digest(JobSpecWire.encode(expected)));
    assertThat(market.cli("content", "cid", out).out().strip())
        .isEqualTo(network.lilypad.protocol.content.Cid.ofDirectory(ran.root()).toString());
    return ran;
  }

  private static JobSpec spec(LilypadModule module, Map<String, String> inputs) {
    return module.prepare(inputs, _ -> Bytes32.ZERO).spec();
  }

  private static ModuleLibrary library() {
    return ModuleLibrary.of(folder.resolve("home"), folder, FetchLimits.DEFAULT);
  }

  private static byte[] bytes(String magic, String text) {
    var first = magic.getBytes(StandardCharsets.ISO_8859_1);
    var second = text.getBytes(StandardCharsets.UTF_8);
    var all = java.util.Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, all, first.length, second.length);
    return all;
  }
}
