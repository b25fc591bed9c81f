package network.lilypad.node.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import network.lilypad.executor.Task;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ModulesCommandTest {
  @TempDir
  private Path folder = Path.of("");

  @Test void list_names_what_there_is() throws IOException {
    Golden.matches("modules-list", Cli.run(folder, "modules", "list").steady(folder));
    assertThat(Cli.run(folder, "modules", "list", "--json").out().lines()).hasSizeGreaterThan(11)
        .allSatisfy(line -> assertThat(line).startsWith("{\"event\":\"module\""));
  }

  @Test void show_says_what_a_module_reads_and_needs() throws IOException {
    Golden.matches("modules-show", Cli.run(folder, "modules", "show", "cowsay").steady(folder)
        + Cli.run(folder, "modules", "show", "sdxl-pipeline:v1.0-base-lilypad3").steady(folder)
        + Cli.run(folder, "modules", "show", "ollama-pipeline", "--json").steady(folder));
  }

  @Test void show_says_which_gpu_how_much_shared_memory_and_which_command() throws IOException {
    var home = Files.createDirectory(folder.resolve("gpu"));
    Files.writeString(home.resolve("lilypad_module.json.tmpl"),
        "{\"machine\": {\"gpu\": 2, \"gpus\": [{\"name\": \"NVIDIA RTX 4090\", \"vram\": 24000}], \"shm\": 512}, \"job\": {\"Spec\":"
            + " {\"Engine\": \"Docker\", \"Docker\": {\"Image\": \"cow\", \"Entrypoint\": [\"/bin/sh\", \"-c\"],"
            + " \"Parameters\": [\"echo\\nmoo\"]}}}}");
    assertThat(Cli.run(folder, "modules", "show", "./gpu").out())
        .contains("command   /bin/sh -c \"echo\\nmoo\"\n")
        .contains(", 2 GPU rtx 4090 with 24000 MiB each, 512 MiB of /dev/shm, at most 600 s");
    assertThat(Cli.run(folder, "modules", "show", "./gpu", "--json").out())
        .contains("\"entrypoint\":[\"/bin/sh\",\"-c\"],\"arguments\":[\"echo\\nmoo\"]")
        .contains("\"gpu_model\":\"rtx 4090\",\"shm_mib\":512");
  }

  @Test void a_program_above_the_bound_of_every_machine_is_refused_here() throws IOException {
    var home = Files.createDirectory(folder.resolve("large"));
    Files.writeString(home.resolve("lilypad_module.json.tmpl"), "{\"job\": {\"Spec\": {\"Engine\": \"wasm\"}}}");
    try (var program = new RandomAccessFile(home.resolve("module.wasm").toFile(), "rw")) {
      program.setLength(Task.PROGRAM_BYTES_MAX + 1);
    }
    var refused = Cli.run(folder, "modules", "validate", "./large");
    assertThat(refused.exitCode()).isEqualTo(ExitCode.REFUSED);
    assertThat(refused.err()).contains("module.wasm").contains("67108865").contains("67108864");
  }

  @Test void render_is_the_json_with_the_inputs_as_texts() throws IOException {
    var cli = Cli.run(folder, "modules", "render", "ollama-pipeline", "-i", "Prompt=say \"moo\"\n{{.X}}");
    assertThat(cli.out()).contains("\"PROMPT=say \\\"moo\\\"\\n{{.X}}\",").doesNotContain("{{if");
    Golden.matches("modules-render-json", Cli.run(folder, "modules", "render", "cowsay", "--json").steady(folder));
    var unknown = Cli.run(folder, "modules", "render", "cowsay", "-i", "Massage=moo");
    assertThat(unknown.exitCode()).isEqualTo(ExitCode.REFUSED);
    assertThat(unknown.err()).contains("Massage").contains("Message");
  }

  @ParameterizedTest
  @ValueSource(strings = {"cowsay:v0.0.4", "mandelbrot", "wordcount", "etl", "fedavg", "hashchain",
      "cowsay:v0.0.4-docker", "lilysay", "ollama-pipeline", "sdxl-pipeline",
      "sdv-pipeline"}) void every_bundled_module_is_valid(String module) {
    var cli = Cli.run(folder, "modules", "validate", module);
    assertThat(cli.exitCode()).as(cli.err()).isZero();
    assertThat(cli.out()).contains("valid    ").doesNotContain("ignored").doesNotContain("differs");
  }

  @Test void validate_names_the_field_and_warns() throws IOException {
    var home = Files.createDirectory(folder.resolve("mine"));
    var file = home.resolve("lilypad_module.json.tmpl");
    Files.writeString(file, "{\"job\": {\"Spec\": {\"Engine\": \"Docker\", \"Docker\": {\"Image\": \"cow\"}, "
        + "\"Verifier\": \"Noop\", \"Timeout\": {{if .T}}{{.T}}{{else}}60{{end}}}}}");
    Golden.matches("modules-validate", Cli.run(folder, "modules", "validate", "./mine").steady(folder)
        + Cli.run(folder, "modules", "validate", "./mine", "-i", "T=x").steady(folder)
        + Cli.run(folder, "modules", "validate", "./mine", "-i", "T=x", "--json").steady(folder)
        + Cli.run(folder, "modules", "validate", "./nosuch").steady(folder));
    Files.writeString(file, "{\"job\": {\n\"Spec\": {{.X}} {{.Y}}\n}}");
    assertThat(Cli.run(folder, "modules", "validate", "./mine").err()).contains("rendered module line 2");
  }

  @Test void init_makes_a_module_that_is_valid_at_once() throws IOException {
    Golden.matches("modules-init", Cli.run(folder, "modules", "init", "mine").steady(folder));
    assertThat(Cli.run(folder, "modules", "init", "box", "--engine", "docker").exitCode()).isZero();
    assertThat(Cli.run(folder, "modules", "validate", "./mine").out()).startsWith("valid    mine, 0 warnings");
    assertThat(Cli.run(folder, "modules", "validate", "./box").out()).contains("valid    box, 1 warning");
    assertThat(Cli.run(folder, "modules", "render", "./mine", "-i", "Message=\"x\"").out()).contains("\\\"x\\\"");
    assertThat(folder.resolve("mine/build.sh")).isExecutable();
    assertThat(Cli.run(folder, "modules", "init", "mine").err()).contains("is there already");
    for (var name : new String[]{"../x", "a/b", "", ".hidden"}) {
      assertThat(Cli.run(folder, "modules", "init", name).exitCode()).isEqualTo(ExitCode.REFUSED);
    }
    assertThat(Cli.run(folder, "modules", "init", "x", "--engine", "rocket").err()).contains("wasm or docker");
  }

  @Test void init_copies_a_module_with_its_program_or_with_another_image() throws IOException {
    var pinned = "ghcr.io/me/llama:v1@sha256:" + "ab".repeat(32);
    Golden.matches("modules-init-from",
        Cli.run(folder, "modules", "init", "llama", "--from", "ollama-pipeline", "--image",
            pinned).steady(folder));
    assertThat(Cli.run(folder, "modules", "show", "./llama").out()).contains("image     " + pinned)
        .contains("input     Prompt (default: ");
    assertThat(Cli.run(folder, "modules", "validate", "./llama").out()).startsWith("valid    llama, 0 warnings");
    assertThat(Cli.run(folder, "modules", "init", "cow", "--from", "cowsay").exitCode()).isZero();
    assertThat(Cli.run(folder, "modules", "validate", "./cow").out()).startsWith("valid    cow, 0 warnings");
    assertThat(Cli.run(folder, "modules", "init", "cow2", "--from", "cowsay", "--image", pinned).err())
        .contains("cowsay:v0.0.4 does not name an image plainly");
    assertThat(Cli.run(folder, "modules", "init", "cow3", "--image", pinned).err()).contains("with --from");
    assertThat(Cli.run(folder, "modules", "init", "cow4", "--from", "cowsay:v0.0.4-docker", "--image", "A B").err())
        .contains("A B");
    assertThat(Cli.run(folder, "modules", "init", "../x", "--from", "cowsay").exitCode()).isEqualTo(ExitCode.REFUSED);
    try (var made = Files.list(folder)) {
      assertThat(made.map(path -> path.getFileName().toString())).containsExactlyInAnyOrder("llama", "cow");
    }
  }
}
