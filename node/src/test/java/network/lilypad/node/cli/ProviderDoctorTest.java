package network.lilypad.node.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import network.lilypad.node.agent.ProviderAgent;
import network.lilypad.protocol.Rejection;
import network.lilypad.protocol.value.Bytes32;
import network.lilypad.protocol.value.Resources;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Everything that can be wrong with a machine, and what its owner is told to do about it.
class ProviderDoctorTest {
  @TempDir
  private Path folder = Path.of("");

  @BeforeEach void home() throws IOException {
    Files.createDirectories(folder.resolve("home"));
  }

  private Cli doctor(String gateway) {
    return Cli.run(folder, "provider", "doctor", "--no-benchmark", "--gateway", gateway);
  }

  private static String nobody() {
    return "127.0.0.1:1";
  }

  private static void assertLine(Cli cli, String grade, String name, String found, String next) {
    assertThat(cli.out().lines().filter(line -> line.startsWith(grade) && line.contains("  " + name + ": ")))
        .as(cli.out()).singleElement().asString().contains(found).contains("; " + next);
  }

  @Test void a_key_that_others_can_read_is_bad_and_one_that_is_none_too() throws IOException {
    // given
    var file = WalletFile.provider(folder.resolve("home"));
    file.create();
    Files.setPosixFilePermissions(file.file(), PosixFilePermissions.fromString("rw-r--r--"));
    // when, then
    var readable = doctor(nobody());
    assertThat(readable.exitCode()).isEqualTo(ExitCode.OURS);
    assertLine(readable, "BAD", "provider key", "can be read by others", "chmod 600 ");
    // when, then
    Files.setPosixFilePermissions(file.file(), PosixFilePermissions.fromString("rw-------"));
    Files.writeString(file.file(), "no key at all");
    assertLine(doctor(nobody()), "BAD", "provider key", "holds no private key", "restore the file from a copy");
  }

  @Test void an_engine_elsewhere_is_noted_unless_one_of_this_machine_is_configured() throws IOException {
    var environment = Map.of("LILYPAD_HOME", folder.resolve("home").toString(), "DOCKER_HOST", "tcp://192.0.2.1:2375");
    var command = new String[]{"provider", "doctor", "--no-benchmark", "--gateway", nobody()};
    assertLine(Cli.run(folder, environment, command), "note", "engine docker",
        "no containers: DOCKER_HOST is tcp://192.0.2.1:2375 (expected: unix:///path", "unset DOCKER_HOST");
    Files.writeString(folder.resolve("home/lilypad.conf"), "lilypad.agent.docker.host = \"unix:///nobody.sock\"");
    assertThat(Cli.run(folder, environment, command).out()).contains("engine docker: ").doesNotContain("tcp://");
  }

  @Test void a_clock_that_differs_from_the_ledger_s_is_bad() throws IOException {
    try (var market = new FakeMarket()) {
      var cli = doctor(market.address());
      assertThat(cli.exitCode()).isEqualTo(ExitCode.OURS);
      assertLine(cli, "BAD", "clock", "from the ledger's", "set this machine's clock");
    }
  }

  @Test void a_gateway_that_refuses_an_answer_costs_that_answer_and_not_the_others() throws IOException {
    WalletFile.provider(folder.resolve("home")).create();
    try (var market = new FakeMarket()) {
      market.balanceRefusals.add(new Rejection.Unauthenticated("the request has expired"));
      var cli = doctor(market.address());
      assertLine(cli, "BAD", "collateral", "the request has expired", "what is BAD above may be why");
      assertLine(cli, "BAD", "clock", "from the ledger's", "set this machine's clock");
      assertThat(cli.out()).contains("engine wasm");
    }
  }

  @Test void a_gateway_that_is_busy_when_it_is_asked_for_a_balance_costs_that_answer_too() throws IOException {
    WalletFile.provider(folder.resolve("home")).create();
    try (var market = new FakeMarket()) {
      market.balanceRefusals.add(new Rejection.Unavailable("the ledger", 1000));
      var cli = doctor(market.address());
      assertLine(cli, "BAD", "collateral", "the ledger", "try again in a moment");
      assertThat(cli.out()).contains("ok    gateway: version fake");
    }
  }

  @Test void a_gateway_that_does_not_say_what_it_is_is_bad_itself() throws IOException {
    WalletFile.provider(folder.resolve("home")).create();
    try (var market = new FakeMarket()) {
      market.infoRefusals.add(new Rejection.Unauthenticated("not for you"));
      var refused = doctor(market.address());
      assertThat(refused.exitCode()).isEqualTo(ExitCode.OURS);
      assertLine(refused, "BAD", "gateway", "at http://" + market.address() + " refuses: ",
          "ask the gateway's operator, or name another gateway with --gateway");
      market.infoRefusals.add(new Rejection.Overloaded("calls", 10, 1000));
      assertLine(doctor(market.address()), "BAD", "gateway", " refuses: ", "try again in a moment");
      market.infoRefusals.add(new Rejection.Unavailable("the ledger", 1000));
      var away = doctor(market.address());
      assertLine(away, "BAD", "gateway", "the ledger", "try again in a moment");
      assertThat(refused.out() + away.out()).doesNotContain("collateral");
    }
  }

  @Test void a_gateway_that_is_not_there_or_is_something_else_is_bad() throws Exception {
    assertLine(doctor(nobody()), "BAD", "gateway", "nothing listens at ",
        "name the market's gateway with --gateway; this machine only dials out, no port must be open");
    try (var other = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      Thread.ofVirtual().start(() -> speak(other));
      assertLine(doctor("127.0.0.1:" + other.getLocalPort()), "BAD", "gateway", "listens something else",
          "name the market's gateway with --gateway");
    }
  }

  private static void speak(ServerSocket other) {
    while (!other.isClosed()) {
      try (var caller = other.accept()) {
        caller.getOutputStream().write("220 mail.example.org ESMTP\r\n".getBytes(StandardCharsets.US_ASCII));
      } catch (IOException _) {
        // the next caller, or the end
      }
    }
  }

  @Test void an_engine_that_does_not_answer_or_is_switched_off_is_said() throws IOException {
    var conf = folder.resolve("home/lilypad.conf");
    Files.writeString(conf, "lilypad.agent.docker.host = \"unix:///nosuch.sock\"");
    assertLine(doctor(nobody()), "note", "engine docker", "unix:///nosuch.sock", "start one to run containers");
    Files.writeString(conf, "lilypad.agent.docker.enabled = false");
    assertLine(doctor(nobody()), "note", "engine docker", "switched off", "lilypad.agent.docker.enabled = true");
  }

  @Test void another_file_and_what_wins_over_it_are_what_a_provider_would_run_with() throws IOException {
    Files.writeString(folder.resolve("other.conf"), "lilypad.agent.docker.enabled = false");
    var other = Cli.run(folder, "provider", "doctor", "--no-benchmark", "--gateway", nobody(), "--config",
        "other.conf");
    assertThat(other.out()).contains("ok    configuration: " + folder.resolve("other.conf"));
    assertLine(other, "note", "engine docker", "switched off", "lilypad.agent.docker.enabled = true");
    var missing = Cli.run(folder, "provider", "--gateway", nobody(), "--config", "none.conf");
    assertThat(missing.exitCode()).isEqualTo(ExitCode.REFUSED);
    assertThat(missing.err()).contains("none.conf").contains("[configuration]");
    var forced = Cli.run(folder, Map.of("LILYPAD_HOME", folder.resolve("home").toString(),
        "CONFIG_FORCE_lilypad_agent_docker_enabled", "false"), "provider", "doctor", "--no-benchmark", "--gateway",
        nobody());
    assertLine(forced, "note", "engine docker", "switched off", "lilypad.agent.docker.enabled = true");
  }

  @Test void a_configuration_that_no_provider_would_start_with_is_bad() throws IOException {
    Files.writeString(folder.resolve("home/lilypad.conf"), "lilypad.agent.policy.deals = 0");
    assertLine(doctor(nobody()), "BAD", "configuration", "lilypad.agent.policy.deals",
        "correct the file; reference.conf names every key");
  }

  @Test void a_machine_that_is_drained_is_said() throws IOException {
    ProviderAgent.order(ProviderCommand.directory(folder.resolve("home")), true);
    assertLine(doctor(nobody()), "note", "standing", "takes no new deals", "lilypad provider drain --undo");
  }

  @Test void a_disk_that_is_nearly_full_is_said() {
    long gib = 1L << 30;
    assertThat(ProviderDoctor.disk(9 * gib, gib)).isEqualTo(Check.note("disk", "9 GiB free (expected: at least 10)",
        "free some, or use another --data-dir"));
    assertThat(ProviderDoctor.disk(100 * gib, 5 * gib).found())
        .isEqualTo("10 of 100 free GiB are offered, 5120 MiB always stay free");
    assertThat(ProviderDoctor.disk(100 * gib, 95 * gib).found()).startsWith("5 of 100 free GiB are offered");
  }

  @Test void a_disk_that_has_no_more_than_the_reserve_is_bad() throws IOException {
    assertThat(ProviderDoctor.disk(100, 100).grade()).isEqualTo(Check.Grade.BAD);
    Files.writeString(folder.resolve("home/lilypad.conf"), "lilypad.agent.disk-reserve = 1 PiB");
    var full = doctor(nobody());
    assertThat(full.exitCode()).isEqualTo(ExitCode.OURS);
    assertLine(full, "BAD", "disk", "all of it within the reserve of 1073741824 MiB: no deal is signed",
        "free some, or use another --data-dir, or lower lilypad.agent.disk-reserve");
  }

  @Test void gpus_that_are_not_in_the_offer_are_said() {
    var two = new Resources(1000, 2, Bytes32.ZERO, 1000, 64, 64);
    assertThat(ProviderDoctor.offered(two, 3)).satisfies(check -> {
      assertThat(check.grade()).isEqualTo(Check.Grade.NOTE);
      assertThat(check.found()).isEqualTo("3 GPUs are here, the last offer has 2");
      assertThat(check.next()).isEqualTo("a running provider offers them within a minute");
    });
    assertThat(ProviderDoctor.offered(two, 1).grade()).isEqualTo(Check.Grade.NOTE);
    assertThat(ProviderDoctor.offered(two, 2).grade()).isEqualTo(Check.Grade.OK);
  }
}
