package network.lilypad.node.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import network.lilypad.executor.BundledModules;
import network.lilypad.node.modules.LilypadModule;

/// Makes the folder of a new module.
///
/// @param folder where
record Scaffold(Path folder) {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");

  /// @param engine wasm or docker
  /// @return the new folder
  /// @throws FailureException if the name is no folder's, taken, or the engine unknown
  Path make(String name, String engine) throws IOException {
    if (!NAME.matcher(name).matches()) {
      throw FailureException.usage("module name: " + name + " (expected: letters, digits, . _ -)", "");
    }
    if (!List.of("wasm", "docker").contains(engine)) {
      throw FailureException.usage("--engine: " + engine + " (expected: wasm or docker)", "");
    }
    var home = folder.resolve(name);
    if (Files.exists(home)) {
      throw FailureException.usage("folder: " + home + " is there already", "choose another name");
    }
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

  private static void write(Path file, String resource, String name) throws IOException {
    try (var stream = Scaffold.class.getResourceAsStream(resource)) {
      var text = new String(Objects.requireNonNull(stream, resource).readAllBytes(), StandardCharsets.UTF_8);
      Files.writeString(file, text.replace("@NAME@", name));
    }
  }
}
