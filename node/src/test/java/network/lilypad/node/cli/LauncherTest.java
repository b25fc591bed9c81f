package network.lilypad.node.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The script `bin/lilypad` and the flags that it gives the JVM.
class LauncherTest {
  private static final String STAYS = "-XX:+UseG1GC";
  private static final String MOVES = "-XX:+UseSerialGC -Xshare:auto";
  private static final String ENDS_SOON = "-XX:TieredStopAtLevel=1";

  @TempDir
  private Path folder;

  @Test void only_the_words_of_the_command_choose_the_flags() throws Exception {
    assertThat(flags("up")).contains(STAYS);
    assertThat(flags("provider", "--gateway", "host:1")).contains(STAYS);
    assertThat(flags("provider", "doctor")).contains(STAYS);
    assertThat(flags("provider", "drain")).contains(ENDS_SOON);
    assertThat(flags("jobs", "results", "ab")).contains(MOVES);
    assertThat(flags("content", "put", "file")).contains(MOVES);
    assertThat(flags("run", "cowsay:v0.0.4", "-i", "Message=wake up now")).contains(ENDS_SOON);
    assertThat(flags("run", "cowsay:v0.0.4", "-i", "Message=the provider results content")).contains(ENDS_SOON);
    assertThat(flags("jobs", "logs", "up")).contains(ENDS_SOON);
    assertThat(flags()).contains(ENDS_SOON);
  }

  private String flags(String... args) throws IOException, InterruptedException {
    var java = folder.resolve("jdk/bin/java");
    if (!Files.exists(java)) {
      Files.createDirectories(folder.resolve("jdk/bin"));
      Files.writeString(folder.resolve("jdk/release"), "JAVA_VERSION=\"25\"\n");
      Files.writeString(java, "#!/bin/sh\necho \"$@\"\n");
      Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwx------"));
    }
    var command = new ArrayList<>(List.of("sh", launcher().toString()));
    command.addAll(List.of(args));
    var builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("LILYPAD_JAVA_HOME", folder.resolve("jdk").toString());
    var process = builder.start();
    var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
    return said;
  }

  private static Path launcher() {
    return Path.of(System.getProperty("lilypad.root", ".."), "node/src/main/bin/lilypad");
  }
}
