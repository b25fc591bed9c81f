package network.lilypad.node.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The script `bin/lilypad` and the flags that it gives the JVM.
class LauncherTest {
  private static final String STAYS = "-XX:+UseG1GC";
  private static final String ENDS_SOON = "-XX:TieredStopAtLevel=1";

  @TempDir
  private Path folder;

  @Test void only_the_words_of_the_command_choose_the_flags() throws Exception {
    assertThat(flags("up")).contains(STAYS);
    assertThat(flags("provider", "--gateway", "host:1")).contains(STAYS);
    assertThat(flags("provider", "doctor")).contains(STAYS);
    assertThat(flags("provider", "drain")).contains(ENDS_SOON);
    assertThat(flags("jobs", "results", "ab")).contains(ENDS_SOON);
    assertThat(flags("content", "put", "file")).contains(ENDS_SOON);
    assertThat(flags("run", "cowsay:v0.0.4", "-i", "Message=wake up now")).contains(ENDS_SOON);
    assertThat(flags("run", "cowsay:v0.0.4", "-i", "Message=the provider results content")).contains(ENDS_SOON);
    assertThat(flags("jobs", "logs", "up")).contains(ENDS_SOON);
    assertThat(flags()).contains(ENDS_SOON);
  }

  @Test void classes_are_taken_from_the_archive_that_was_made_for_this_order_of_jars() throws Exception {
    // given
    var home = Files.createDirectory(folder.resolve("a distribution"));
    Files.createDirectory(home.resolve("lib"));
    for (var jar : List.of("b.jar", "C.jar", "a.jar")) {
      Files.createFile(home.resolve("lib").resolve(jar));
    }
    Files.createDirectory(home.resolve("bin"));
    var script = Files.copy(launcher(), home.resolve("bin/lilypad"));
    var classpath = "-cp " + Stream.of("C.jar", "a.jar", "b.jar").map(home.resolve("lib")::resolve)
        .map(Path::toString).collect(Collectors.joining(":")) + " network.lilypad";
    // when, then
    assertThat(flags(script, "version")).contains(classpath).doesNotContain("-XX:SharedArchiveFile");
    // when, then
    var archive = Files.createFile(home.resolve("lib/lilypad.jsa"));
    assertThat(flags(script, "version")).contains(classpath).contains("-XX:SharedArchiveFile=" + archive);
  }

  @Test void files_of_any_name_can_be_opened_where_no_locale_is_set() throws Exception {
    assertThat(flags(Map.of(), launcher(), "up")).contains("locale C.UTF-8");
    assertThat(flags(Map.of("LANG", "C"), launcher(), "up")).contains("locale C.UTF-8");
    assertThat(flags(Map.of("LANG", "de_DE.UTF-8", "LC_ALL", "POSIX"), launcher(), "up")).contains("locale C.UTF-8");
    assertThat(flags(Map.of("LANG", "de_DE.utf8"), launcher(), "up")).contains("locale unset");
    assertThat(flags(Map.of("LC_ALL", "de_DE.UTF-8"), launcher(), "up")).contains("locale de_DE.UTF-8");
  }

  private String flags(String... args) throws IOException, InterruptedException {
    return flags(launcher(), args);
  }

  private String flags(Path script, String... args) throws IOException, InterruptedException {
    return flags(Map.of(), script, args);
  }

  private String flags(Map<String, String> locale, Path script, String... args)
      throws IOException, InterruptedException {
    jdk();
    var command = new ArrayList<>(List.of("sh", script.toString()));
    command.addAll(List.of(args));
    var builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().keySet().removeAll(List.of("LC_ALL", "LC_CTYPE", "LANG"));
    builder.environment().putAll(locale);
    builder.environment().put("LILYPAD_JAVA_HOME", folder.resolve("jdk").toString());
    var process = builder.start();
    var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
    return said;
  }

  private void jdk() throws IOException {
    var java = folder.resolve("jdk/bin/java");
    if (!Files.exists(java)) {
      Files.createDirectories(folder.resolve("jdk/bin"));
      Files.writeString(folder.resolve("jdk/release"), "JAVA_VERSION=\"25\"\n");
      Files.writeString(java, "#!/bin/sh\necho \"$@\"\necho \"locale ${LC_ALL:-unset}\"\n");
      Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwx------"));
    }
  }

  private static Path launcher() {
    return Path.of(System.getProperty("lilypad.root", ".."), "node/src/main/bin/lilypad");
  }
}
