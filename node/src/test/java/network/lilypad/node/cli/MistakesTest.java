package network.lilypad.node.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What people type wrongly: said by the name they know, as theirs to mend, before anything is signed.
class MistakesTest {
  @TempDir
  private Path folder = Path.of("");
  private FakeMarket market = start();

  private static FakeMarket start() {
    try {
      return new FakeMarket();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @BeforeEach void files() throws IOException {
    Files.createDirectories(folder.resolve("taken"));
    Files.writeString(folder.resolve("file"), "no CAR");
    Files.createSymbolicLink(Files.createDirectories(folder.resolve("linked")).resolve("link"), folder.resolve("file"));
  }

  @AfterEach void stop() {
    market.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"taken", "file", "file/below"}) void results_that_have_no_place_here_are_not_paid_for(
      String place) {
    refused("--output-dir " + folder.resolve(place), "run", "cowsay", "--output-dir", place);
    assertThat(market.submitted).isEmpty();
    assertThat(folder.resolve("home/keys")).doesNotExist();
  }

  @Test void a_working_directory_without_room_for_results_is_found_out_first() throws IOException {
    Files.writeString(folder.resolve("lilypad-results"), "a file");
    refused("lilypad-results is no folder", "run", "cowsay");
    assertThat(market.submitted).isEmpty();
    refused("--output-dir with --detach", "run", "cowsay", "--detach", "--output-dir", "later");
  }

  @Test void a_place_that_is_taken_while_the_job_runs_leaves_the_result_at_the_gateway() throws IOException {
    var result = market.resultOf(Files.createTempDirectory(folder, "result"), "moo", "0");
    market.watches.add(new FakeMarket.Watch(FakeMarket.happy(result), false));
    market.onSubmit = () -> assertThat(folder.resolve("out").toFile().mkdir()).isTrue();
    var cli = refused("is there already", "run", "cowsay", "--output-dir", "out");
    assertThat(cli.err())
        .contains("lilypad jobs results " + Words.shortHex(FakeMarket.JOB) + " --output-dir DIR");
    assertThat(market.accepted).isEmpty();
  }

  @Test void results_and_car_files_are_never_written_over_others() {
    market.shown = FakeMarket.job("Done");
    var job = Words.shortHex(FakeMarket.JOB);
    refused("--output-dir " + folder.resolve("taken"), "jobs", "results", job, "--output-dir", "taken");
    refused("--car " + folder.resolve("file"), "jobs", "results", job, "--output-dir", "out", "--car", "file");
    refused("CAR file " + folder.resolve("file"), "content", "export", "taken", "file");
  }

  @Test void inputs_that_are_not_there_or_no_files_are_named_by_their_option() {
    refused("--inputs-path " + folder.resolve("nothere") + ": not there (expected: a folder)", "run", "cowsay",
        "--inputs-path", "nothere");
    refused("--inputs-path " + folder.resolve("file") + ": a file (expected: a folder)", "run", "cowsay",
        "--inputs-path", "file");
    refused("--input-file " + folder.resolve("taken") + ": a folder (expected: a file)", "run", "cowsay",
        "--input-file", "taken");
    var linked = refused("--inputs-path " + folder.resolve("linked") + ": link: a symbolic link", "run", "cowsay",
        "--inputs-path", "linked");
    assertThat(linked.err()).contains("[content-unsupported_file]").contains("cp -rL");
    assertThat(market.submitted).isEmpty();
  }

  @Test void content_that_is_none_is_the_giver_s_matter() {
    refused("content " + folder.resolve("nothere.car") + ": not there (expected: a file)", "content", "import",
        "nothere.car");
    assertThat(refused("content " + folder.resolve("file"), "content", "import", "file").err())
        .contains("[content-malformed_car]").contains("lilypad content import --help");
    refused("content " + folder.resolve("nothere") + ": not there (expected: a folder)", "content", "cid", "nothere");
    refused("link: a symbolic link", "content", "cid", "linked");
  }

  @Test void files_of_the_web_that_are_not_to_be_had_are_named_by_their_option() throws IOException {
    var server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
    server.start();
    var url = "http://127.0.0.1:" + server.getAddress().getPort() + "/nothing";
    try {
      refused("--input-url page: " + url + ": status 404 (expected: 200)", "run", "cowsay", "--input-url",
          "page=" + url);
    } finally {
      server.stop(0);
    }
    refused("--input-url page: https://nosuch.invalid/: no such host", "run", "cowsay", "--input-url",
        "page=https://nosuch.invalid/");
    refused("--input-url page: ftp://x/y (expected: https://host/path)", "run", "cowsay", "--input-url",
        "page=ftp://x/y");
    refused("--input-url page: a b (expected: https://host/path)", "run", "cowsay", "--input-url", "page=a b");
    assertThat(market.submitted).isEmpty();
  }

  @Test void paths_that_the_disk_refuses_are_told_apart_without_class_names() {
    var missing = FailureException.of(new UncheckedIOException(new NoSuchFileException("/x")));
    assertThat(missing).hasMessage("/x: no such file or folder");
    assertThat(missing.code()).isEqualTo("no-file");
    var taken = FailureException.of(new FileAlreadyExistsException("/x"));
    assertThat(taken).hasMessageStartingWith("/x is there already");
    var closed = FailureException.of(new AccessDeniedException("/x"));
    assertThat(closed).hasMessage("/x: permission denied");
    assertThat(List.of(missing, taken, closed)).allSatisfy(failure -> {
      assertThat(failure.exitCode()).isEqualTo(ExitCode.REFUSED);
      assertThat(failure.next()).isNotEmpty();
    });
    var full = FailureException.of(new UncheckedIOException(new IOException("No space left on device")));
    assertThat(full).hasMessage("No space left on device");
    assertThat(full.exitCode()).isEqualTo(ExitCode.OURS);
  }

  @ParameterizedTest
  @ValueSource(strings = {"run hashchain --bogus", "modules bogus", "jobs show", "bogus",
      "help nonsense"}) void with_json_a_usage_error_is_an_object_too(String typed) {
    var args = new ArrayList<>(List.of(typed.split(" ", -1)));
    args.add("--json");
    var cli = Cli.run(folder, args.toArray(String[]::new));
    assertThat(cli.exitCode()).isEqualTo(ExitCode.REFUSED);
    assertThat(cli.err()).isEmpty();
    assertThat(cli.out().lines()).singleElement().asString().startsWith("{\"event\":\"error\",\"code\":\"usage\"");
  }

  @Test void a_provider_that_cannot_be_what_was_asked_for_makes_no_wallet() throws IOException {
    refused("--offer-cpu -5 (expected: 0 or more)", "provider", "--offer-cpu", "-5");
    refused("--offer-ram -1 (expected: 0 or more)", "provider", "--offer-ram", "-1");
    Files.createDirectories(folder.resolve("home"));
    Files.writeString(folder.resolve("home/lilypad.conf"), "lilypad.agent.polici.max-run = 1s");
    refused("unknown key", "provider");
    assertThat(folder.resolve("home/keys")).doesNotExist();
  }

  @Test void a_command_that_is_none_is_told_from_an_argument_too_many() {
    refused("command: jbos (expected: help, up, run, modules, jobs,", "jbos", "list");
    refused("command: lits (expected: list, show, render, validate, init)", "modules", "lits");
    refused("one argument too many: extra", "run", "cowsay", "extra");
    refused("'--bogus'", "run", "cowsay", "--bogus");
  }

  @ParameterizedTest
  @ValueSource(strings = {"modules list", "modules show cowsay", "content cid taken", "content export taken x.car",
      "version", "provider drain", "up"}) void a_gateway_is_not_taken_where_none_is_asked(String typed) {
    var args = new ArrayList<>(List.of(typed.split(" ", -1)));
    args.addAll(List.of("--gateway", "127.0.0.1:1"));
    var cli = Cli.run(folder, args.toArray(String[]::new));
    assertThat(cli.exitCode()).isEqualTo(ExitCode.REFUSED);
    assertThat(cli.err()).contains("--gateway").contains("[usage]");
  }

  @Test void a_copy_s_engine_is_not_to_be_chosen() {
    refused("--engine: wasm (expected: without --from)", "modules", "init", "copy", "--from", "cowsay", "--engine",
        "wasm");
    assertThat(folder.resolve("copy")).doesNotExist();
  }

  /// Runs a command that must be refused as its author's mistake.
  private Cli refused(String message, String... args) {
    var environment = java.util.Map.of("LILYPAD_HOME", folder.resolve("home").toString(), "LILYPAD_GATEWAY",
        market.address());
    var cli = Cli.run(folder, environment, args);
    assertThat(cli.exitCode()).as(cli.err()).isEqualTo(ExitCode.REFUSED);
    assertThat(cli.err()).contains(message).doesNotContain("Exception").doesNotContain("[disk]");
    return cli;
  }
}
