package network.lilypad.node.cli;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;

/// Runs the program in this process and keeps what it says.
///
/// @param exitCode what it ended with
/// @param out standard output
/// @param err standard error
record Cli(int exitCode, String out, String err) {
  static Cli run(Path folder, String... args) {
    return run(folder, Map.of("LILYPAD_HOME", folder.resolve("home").toString()), args);
  }

  static Cli run(Path folder, Map<String, String> environment, String... args) {
    var out = new ByteArrayOutputStream();
    var err = new ByteArrayOutputStream();
    var terminal = new Terminal(new PrintStream(out, true, StandardCharsets.UTF_8),
        new PrintStream(err, true, StandardCharsets.UTF_8), false, environment, folder);
    int exitCode = Lilypad.run(args, terminal);
    return new Cli(exitCode, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  /// Everything said, with what differs between runs made the same.
  String steady(Path folder) {
    return ("exit " + exitCode + "\n--- out\n" + out + "--- err\n" + err).replace(folder.toString(), "FOLDER")
        .replaceAll("0x[0-9a-f]{40,64}", "0xID").replaceAll("127\\.0\\.0\\.1:[0-9]+", "GATEWAY");
  }
}
