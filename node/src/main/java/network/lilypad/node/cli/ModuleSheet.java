package network.lilypad.node.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.StringJoiner;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import network.lilypad.executor.Task;
import network.lilypad.node.modules.LilypadModule;
import network.lilypad.node.modules.ModuleFile;
import network.lilypad.node.modules.ModulePath;
import network.lilypad.node.modules.template.Input;
import network.lilypad.protocol.value.NetworkPolicy;
import network.lilypad.protocol.value.Sha256;

/// A module on one page.
///
/// @param module which
/// @param file what it says
record ModuleSheet(LilypadModule module, ModuleFile file) {
  /// An argument that reads the same with quotes and without.
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_./:=@%+,-]+");

  void show(Screen screen) {
    var text = new StringJoiner("\n");
    var event = Screen.event("module");
    line(text, event, "name", module.name());
    line(text, event, "source", module.source());
    if (!file.description().isEmpty()) {
      line(text, event, "about", file.description());
    }
    line(text, event, "engine", file.container() ? "docker" : "wasm");
    line(text, event, file.container() ? "image" : "program", program());
    command(text, event);
    inputs(text, event);
    files(text, event);
    needs(text, event);
    file.outputs().forEach((name, path) -> text.add("%-9s %s at %s".formatted("output", name, path)));
    var outputs = event.putObject("outputs");
    file.outputs().forEach(outputs::put);
    file.warnings().forEach(warning -> text.add("warning   " + warning));
    file.warnings().forEach(event.putArray("warnings")::add);
    screen.answer(text.toString(), event);
  }

  private String program() {
    return file.launch().image().map(image -> image + (image.digest().isPresent() ? "" : " (not pinned)"))
        .orElseGet(() -> {
          var path = new ModulePath(file.launch().program());
          var program = module.contents().read(path, Task.PROGRAM_BYTES_MAX);
          return path.text() + " " + Sha256.hash(program.asReadOnlyByteBuffer()) + ", " + program.size() + " bytes";
        });
  }

  private void command(StringJoiner text, ObjectNode event) {
    var launch = file.launch();
    if (!launch.commandLine().isEmpty()) {
      text.add("%-9s %s".formatted("command",
          launch.commandLine().stream().map(ModuleSheet::quoted).collect(Collectors.joining(" "))));
    }
    launch.entrypoint().forEach(event.putArray("entrypoint")::add);
    launch.arguments().forEach(event.putArray("arguments")::add);
  }

  /// On one line, whatever it holds.
  private static String quoted(String argument) {
    return PLAIN.matcher(argument).matches() ? argument : TextNode.valueOf(argument).toString();
  }

  private void inputs(StringJoiner text, ObjectNode event) {
    var inputs = event.putArray("inputs");
    for (var input : module.inputs()) {
      text.add("%-9s %s".formatted("input", described(input)));
      inputs.addObject().put("name", input.name()).put("required", input.required()).put("default", input.fallback());
    }
  }

  private static String described(Input input) {
    if (input.required()) {
      return input.name() + " (required)";
    }
    return input.fallback().isEmpty() ? input.name() : input.name() + " (default: " + input.fallback() + ")";
  }

  private void files(StringJoiner text, ObjectNode event) {
    var files = event.putArray("files");
    file.requiredFiles().forEach(files::add);
    file.requiredFiles().forEach(name -> text.add("%-9s %s (required, with --input-file)".formatted("file", name)));
  }

  private void needs(StringJoiner text, ObjectNode event) {
    var needs = file.needs();
    var resources = needs.resources();
    text.add("%-9s %d milli-CPU, %d MiB memory, %d MiB disk%s%s, at most %d s".formatted("needs", resources.milliCpu(),
        resources.ramMib(), resources.diskMib(), gpus(needs),
        needs.shmMib() == 0 ? "" : ", " + needs.shmMib() + " MiB of /dev/shm", needs.runSeconds()));
    if (needs.network() != NetworkPolicy.NONE) {
      text.add("%-9s %s %s".formatted("network", needs.network(), String.join(", ", needs.hosts())).stripTrailing());
    }
    var told = event.putObject("needs").put("milli_cpu", resources.milliCpu()).put("gpus", resources.gpus())
        .put("vram_mib_per_gpu", resources.vramMibPerGpu()).put("ram_mib", resources.ramMib())
        .put("disk_mib", resources.diskMib()).put("seconds", needs.runSeconds())
        .put("network", needs.network().name());
    if (!needs.gpuModel().isEmpty()) {
      told.put("gpu_model", needs.gpuModel());
    }
    if (needs.shmMib() > 0) {
      told.put("shm_mib", needs.shmMib());
    }
  }

  private static String gpus(ModuleFile.Needs needs) {
    var resources = needs.resources();
    if (resources.gpus() == 0) {
      return "";
    }
    return ", " + resources.gpus() + " GPU" + (needs.gpuModel().isEmpty() ? "" : " " + needs.gpuModel())
        + (resources.vramMibPerGpu() == 0 ? "" : " with " + resources.vramMibPerGpu() + " MiB each");
  }

  private static void line(StringJoiner text, ObjectNode event, String name, String value) {
    text.add("%-9s %s".formatted(name, value));
    event.put(name, value);
  }
}
