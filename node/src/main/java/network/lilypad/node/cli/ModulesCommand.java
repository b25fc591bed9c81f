package network.lilypad.node.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import network.lilypad.executor.BundledModules;
import network.lilypad.executor.Task;
import network.lilypad.node.modules.ImageReference;
import network.lilypad.node.modules.LilypadModule;
import network.lilypad.node.modules.ModuleFile;
import network.lilypad.node.modules.ModulePath;
import network.lilypad.node.modules.ModuleRefusedException;
import network.lilypad.node.modules.source.FetchLimits;
import network.lilypad.node.modules.source.ModuleLibrary;
import network.lilypad.node.modules.template.Input;
import network.lilypad.protocol.value.Engine;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `lilypad modules`: what there is to run, and one's own. Needs no gateway.
@CommandLine.Command(name = "modules", description = "Modules: what there is to run, and your own.",
    synopsisSubcommandLabel = "COMMAND")
final class ModulesCommand {
  private ModulesCommand() {}

  /// All of it for picocli.
  static CommandLine create(Terminal terminal) {
    return new CommandLine(new ModulesCommand()).addSubcommand(new ListAll(terminal)).addSubcommand(new Show(terminal))
        .addSubcommand(new Render(terminal)).addSubcommand(new Validate(terminal)).addSubcommand(new Init(terminal));
  }

  static ModuleLibrary library(CommonOptions common, Terminal terminal) {
    return ModuleLibrary.of(common.dataDir(terminal), terminal.folder(), FetchLimits.DEFAULT);
  }

  /// `lilypad modules list`.
  @CommandLine.Command(name = "list",
      description = "Modules that come with this program, short names, and fetched ones.")
  static final class ListAll extends Command {
    ListAll(Terminal terminal) {
      super(terminal, new CommonOptions());
    }

    @Override int run(Screen screen) {
      var library = library(common(), terminal());
      for (var module : BundledModules.all()) {
        line(screen, module.reference(), "bundled", module.container() ? "docker" : "wasm");
      }
      library.shortcuts().table().forEach((name, url) -> line(screen, name + ":TAG", "shortcut", url));
      if (!library.shortcuts().otherwise().isEmpty()) {
        line(screen, "{name}:TAG", "shortcut", library.shortcuts().otherwise());
      }
      for (var cached : library.cached()) {
        line(screen, cached.url() + ":" + cached.ref(), "fetched", cached.commit());
      }
      return ExitCode.OK;
    }

    private static void line(Screen screen, String name, String kind, String detail) {
      screen.answer("%-34s %-9s %s".formatted(name, kind, detail),
          Screen.event("module").put("name", name).put("kind", kind).put("detail", detail));
    }
  }

  /// What commands about one module share.
  abstract static class OfModule extends Command {
    @Parameters(index = "0", paramLabel = "MODULE",
        description = "A module: cowsay:v0.0.4, ./folder, github.com/owner/repository:ref or a git URL.")
    private String module = "";

    @Option(names = {"-i",
        "--input"}, paramLabel = "NAME=VALUE", description = "An input of the module; repeat for more.")
    private List<String> inputs = List.of();

    @Option(names = "--refresh", description = "Ask the repository again what a tag is.")
    private boolean refresh;

    OfModule(Terminal terminal) {
      super(terminal, new CommonOptions());
    }

    final LilypadModule module(Screen screen) {
      screen.waiting("looking up " + module);
      var library = library(common(), terminal());
      return (refresh ? library.refreshing() : library).resolve(module);
    }

    final Map<String, String> inputs() {
      return RunCommand.named(inputs);
    }

    /// The inputs, with a stand-in for each that is required and not given.
    final Map<String, String> filled(LilypadModule module) {
      return standIns(inputs(), module);
    }

    static Map<String, String> standIns(Map<String, String> given, LilypadModule module) {
      var filled = new HashMap<>(given);
      module.inputs().stream().filter(Input::required).forEach(input -> filled.putIfAbsent(input.name(),
          "<" + input.name() + ">"));
      return filled;
    }
  }

  /// `lilypad modules show`.
  @CommandLine.Command(name = "show", description = "What a module is, reads and needs.")
  static final class Show extends OfModule {
    Show(Terminal terminal) {
      super(terminal);
    }

    @Override int run(Screen screen) {
      var module = module(screen);
      new ModuleSheet(module, module.file(filled(module))).show(screen);
      return ExitCode.OK;
    }
  }

  /// `lilypad modules render`.
  @CommandLine.Command(name = "render", description = "The JSON that a module becomes with these inputs.")
  static final class Render extends OfModule {
    Render(Terminal terminal) {
      super(terminal);
    }

    @Override int run(Screen screen) throws IOException {
      var module = module(screen);
      var json = module.render(inputs());
      ModuleFile.read(json);
      var event = Screen.event("rendered").put("module", module.name()).put("source", module.source());
      event.set("json", new ObjectMapper().readTree(json));
      screen.answer(json.stripTrailing(), event);
      return ExitCode.OK;
    }
  }

  /// `lilypad modules validate`.
  @CommandLine.Command(name = "validate", description = "Check a module; exit code 126 if it cannot run.", footer = {"",
      "Required inputs that are not given are stood in for by their names."})
  static final class Validate extends OfModule {
    private static final byte[] WASM = {0, 'a', 's', 'm'};

    Validate(Terminal terminal) {
      super(terminal);
    }

    @Override int run(Screen screen) {
      var module = module(screen);
      var file = module.file(filled(module));
      requireProgram(module, file);
      var warnings = new java.util.ArrayList<>(file.warnings());
      file.launch().image().filter(image -> image.digest().isEmpty()).ifPresent(image -> warnings.add(
          "job.Spec.Docker.Image: " + image + " is not pinned, each submission asks what it is; pin it as "
              + image.name() + "@sha256:..."));
      for (var warning : warnings) {
        screen.answer("warning  " + warning, Screen.event("warning").put("message", warning));
      }
      screen.answer("valid    " + module.name() + ", " + warnings.size()
          + (warnings.size() == 1 ? " warning" : " warnings"),
          Screen.event("valid").put("module", module.name())
              .put("source", module.source()).put("warnings", warnings.size()));
      return ExitCode.OK;
    }

    private static void requireProgram(LilypadModule module, ModuleFile file) {
      if (file.launch().engine() != Engine.WASM) {
        return;
      }
      var path = new ModulePath(file.launch().program());
      var program = module.contents().read(path, Task.PROGRAM_BYTES_MAX);
      if (program.size() < WASM.length || !program.substring(0, WASM.length)
          .equals(com.google.protobuf.ByteString.copyFrom(WASM))) {
        throw new ModuleRefusedException(new network.lilypad.protocol.Rejection.BadContent("module file " + path.text(),
            "it is no WebAssembly module"));
      }
    }
  }

  /// `lilypad modules init`.
  @CommandLine.Command(name = "init", description = "Make a folder with a module that runs at once.")
  static final class Init extends Command {
    @Parameters(index = "0", paramLabel = "NAME", description = "The module's name and its folder's.")
    private String name = "";

    @Option(names = "--engine", paramLabel = "ENGINE",
        description = "wasm or docker (default: wasm); not with --from, a copy runs where its original does.")
    private @Nullable String engine;

    @Option(names = "--from", paramLabel = "MODULE",
        description = "Copy this module instead, such as ollama-pipeline:llama3-8b-lilypad1.")
    private @Nullable String from;

    @Option(names = "--image", paramLabel = "IMAGE",
        description = "The image of the copy, best pinned: name:tag@sha256:...")
    private @Nullable String image;

    Init(Terminal terminal) {
      super(terminal, new CommonOptions());
    }

    @Override int run(Screen screen) throws IOException {
      return from == null ? make(screen) : copy(screen, from);
    }

    private int copy(Screen screen, String original) throws IOException {
      if (engine != null) {
        throw FailureException.usage("--engine: " + engine + " (expected: without --from)",
            "a copy has its original's engine");
      }
      screen.waiting("looking up " + original);
      var module = library(common(), terminal()).resolve(original);
      var launch = module.file(OfModule.standIns(Map.of(), module)).launch();
      var folder = new Scaffold(terminal().folder()).copy(name, module, launch,
          Optional.ofNullable(image).map(ImageReference::parse));
      screen.answer(
          "made " + folder + "\nits inputs:  lilypad modules show ./" + name + "\ncheck it:    lilypad modules "
              + "validate ./" + name,
          Screen.event("made").put("folder", folder.toString()).put("from", module.source()));
      return ExitCode.OK;
    }

    private int make(Screen screen) throws IOException {
      if (image != null) {
        throw FailureException.usage("--image: " + image + " (expected: with --from)", "lilypad modules init --help");
      }
      var made = Optional.ofNullable(engine).orElse("wasm");
      var folder = new Scaffold(terminal().folder()).make(name, made);
      screen.answer("made " + folder + "\nrun it:      lilypad run ./" + name
          + " -i Message=hello\ncheck it:    lilypad modules validate ./" + name,
          Screen.event("made").put("folder", folder.toString()).put("engine", made));
      return ExitCode.OK;
    }
  }
}
