package network.lilypad.node.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class LilypadTest {
  @TempDir
  private Path folder = Path.of("");

  @Test void every_command_explains_itself() {
    explained(Lilypad.create(Terminal.system()));
  }

  private static void explained(CommandLine line) {
    line.getSubcommands().forEach((name, command) -> {
      assertThat(command.getCommandSpec().usageMessage().description()).as(name).isNotEmpty();
      assertThat(command.getCommandSpec().optionsMap()).as(name).containsKey("--help");
      explained(command);
    });
  }

  @Test void every_command_has_the_name_it_is_found_by() {
    Lilypad.create(Terminal.system()).getSubcommands()
        .forEach((name, command) -> assertThat(command.getCommandName()).isEqualTo(name));
  }

  @Test void help_is_committed() throws IOException {
    Golden.matches("help", Cli.run(folder, "--help").out());
    Golden.matches("help-run", Cli.run(folder, "run", "--help").out());
    Golden.matches("help-jobs-logs", Cli.run(folder, "jobs", "logs", "--help").out());
  }

  @Test void help_finds_a_command_below_another() {
    assertThat(Cli.run(folder, "help", "jobs", "logs").out())
        .isEqualTo(Cli.run(folder, "jobs", "logs", "--help").out());
    assertThat(Cli.run(folder, "help", "run").out()).isEqualTo(Cli.run(folder, "run", "--help").out());
    assertThat(Cli.run(folder, "help").out()).isEqualTo(Cli.run(folder, "--help").out());
    var unknown = Cli.run(folder, "help", "jobs", "bogus");
    assertThat(unknown.exitCode()).isEqualTo(ExitCode.REFUSED);
    assertThat(unknown.err()).contains("jobs bogus").contains("[usage]");
  }

  @Test void a_wallet_that_others_can_read_is_refused() throws IOException {
    assertThat(Cli.run(folder, "wallet", "address").out()).startsWith("0x");
    var key = folder.resolve("home/keys/wallet.key");
    Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-r--r--"));
    var cli = Cli.run(folder, "wallet", "address");
    assertThat(cli.exitCode()).isEqualTo(ExitCode.REFUSED);
    assertThat(cli.err()).contains("[wallet-readable]").contains("chmod 600");
  }

  @Test void a_job_is_found_by_its_first_digits_only_if_they_are_enough() throws IOException {
    try (var market = new FakeMarket()) {
      assertThat(
          Cli.run(folder, "jobs", "explain", Words.shortHex(FakeMarket.JOB), "--gateway", market.address()).out())
          .contains("3 fell at price: asks 0.002 LP");
      assertThat(Cli.run(folder, "jobs", "show", "ab", "--gateway", market.address()).err()).contains("[usage]");
      assertThat(Cli.run(folder, "jobs", "show", "deadbeef", "--gateway", market.address()).err())
          .contains("1015 NotFound");
      Golden.matches("jobs-list", Cli.run(folder, "jobs", "list", "--gateway", market.address()).steady(folder));
    }
  }

  @Test void doctor_runs_a_real_job_and_says_what_is_missing() {
    var cli = Cli.run(folder, "doctor", "--gateway", "127.0.0.1:1");
    assertThat(cli.exitCode()).isZero();
    assertThat(cli.out()).contains("ok    engine wasm: ran cowsay").contains("nothing listens at")
        .contains("note  wallet: none yet");
  }

  @Test void doctor_goes_on_when_the_wallet_is_damaged() throws IOException {
    assertThat(Cli.run(folder, "wallet", "address").exitCode()).isZero();
    Files.writeString(folder.resolve("home/keys/wallet.key"), "0x12");
    try (var market = new FakeMarket()) {
      var cli = Cli.run(folder, "doctor", "--gateway", market.address());
      assertThat(cli.exitCode()).isEqualTo(ExitCode.OURS);
      assertThat(cli.out()).contains("BAD   wallet: ").contains("restore the file from a copy")
          .contains("ok    gateway: version fake").contains("ok    engine wasm").contains("engine docker");
    }
  }

  @Test void a_port_that_is_none_is_refused_by_its_option() {
    var cli = Cli.run(folder, "up", "--port", "99999");
    assertThat(cli.exitCode()).isEqualTo(ExitCode.REFUSED);
    assertThat(cli.err()).contains("--port: 99999 (expected: 0 to 65535) [usage]").doesNotContain("correct the file");
  }

  @Test void version_says_which_program_and_which_java() {
    assertThat(Cli.run(folder, "version").out()).startsWith("lilypad ").contains("Java 25");
    assertThat(Cli.run(folder, "version", "--json").out()).contains("\"event\":\"version\"");
  }
}
