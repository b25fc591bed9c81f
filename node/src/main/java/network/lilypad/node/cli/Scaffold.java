package network.lilypad.node.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import network.lilypad.executor.BundledModules;
import network.lilypad.executor.Task;
import network.lilypad.node.modules.ImageReference;
import network.lilypad.node.modules.Launch;
import network.lilypad.node.modules.LilypadModule;
import network.lilypad.node.modules.ModuleFile;
import network.lilypad.node.modules.ModulePath;
import network.lilypad.protocol.value.Engine;

/// Makes the folder of a new module.
///
/// @param folder where
record Scaffold(Path folder) {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");

  /// @param engine wasm or docker
  /// @return the new folder
  /// @throws FailureException if the name is no folder's, taken, or the engine unknown
  Path make(String name, String engine) throws IOException {
    if (!List.of("wasm", "docker").contains(engine)) {
      throw FailureException.usage("--engine: " + engine + " (expected: wasm or docker)", "");
    }
    var home = fresh(name);
    Files.createDirectory(home);
    write(home.resolve(LilypadModule.FILE), "/scaffold/" + engine + "/" + LilypadModule.FILE, name);
    write(home.resolve("README.md"), "/scaffold/" + engine + "/README.md", name);
    if (engine.equals("wasm")) {
      Files.write(home.resolve("module.wasm"), BundledModules.find("cowsay").orElseThrow().wasm());
      write(home.resolve("main.c"), "/modules/cowsay/cowsay.c", name);
      write(home.resolve("build.sh"), "/scaffold/wasm/build.sh", name);
      if (!home.resolve("build.sh").toFile().setExecutable(true)) {
        throw new IOException("cannot make " + home.resolve("build.sh") + " executable");
      }
    }
    return home;
  }

  /// Copies a module: what makes it one, and its program where it has one.
  ///
  /// @param launch what the module says of its start
  /// @param image the container image of the copy; empty: the same
  /// @return the new folder
  /// @throws FailureException if the name is no folder's or taken, or the module has no such image to change
  Path copy(String name, LilypadModule module, Launch launch, Optional<ImageReference> image) throws IOException {
    var template = image.map(wanted -> renamed(module, launch, wanted)).orElse(module.template());
    var home = fresh(name);
    Files.createDirectory(home);
    Files.writeString(home.resolve(LilypadModule.FILE), template);
    if (launch.engine() == Engine.WASM) {
      var path = new ModulePath(launch.program());
      var program = home.resolve(path.text());
      Files.createDirectories(program.getParent());
      Files.write(program, module.contents().read(path, Task.PROGRAM_BYTES_MAX).toByteArray());
    }
    return home;
  }

  private static String renamed(LilypadModule module, Launch launch, ImageReference image) {
    var written = "\"" + launch.program() + "\"";
    if (launch.engine() != Engine.DOCKER || !module.template().contains(written)) {
      throw FailureException.usage("--image: " + module.name() + " does not name an image plainly",
          "copy it without --image and change " + LilypadModule.FILE);
    }
    return module.template().replace(written, "\"" + image + "\"");
  }

  private Path fresh(String name) {
    if (!NAME.matcher(name).matches()) {
      throw FailureException.usage("module name: " + name + " (expected: letters, digits, . _ -)", "");
    }
    var home = folder.resolve(name);
    if (Files.exists(home)) {
      throw FailureException.usage("folder: " + home + " is there already", "choose another name");
    }
    return home;
  }

  private static void write(Path file, String resource, String name) throws IOException {
    try (var stream = Scaffold.class.getResourceAsStream(resource)) {
      var text = new String(Objects.requireNonNull(stream, resource).readAllBytes(), StandardCharsets.UTF_8);
      Files.writeString(file, text.replace("@NAME@", name));
    }
  }
}
