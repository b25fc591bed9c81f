package network.lilypad.node.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.typesafe.config.ConfigFactory;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;
import network.lilypad.node.agent.ProviderAgent;
import network.lilypad.node.client.GatewayAddress;
import network.lilypad.node.config.ConfigReader;
import network.lilypad.node.up.Node;
import network.lilypad.node.up.NodeFacts;
import network.lilypad.protocol.sign.Wallet;
import network.lilypad.protocol.value.Lp;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EndToEndTest {
  @TempDir
  private Path folder = Path.of("");

  /// What people do on a market with one machine.
  private interface Scene {
    void play(GatewayAddress gateway, Wallet provider, ProviderProcess process) throws Exception;
  }

  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final ByteArrayOutputStream said = new ByteArrayOutputStream();

  private Screen screen() {
    var err = new PrintStream(said, true, StandardCharsets.UTF_8);
    return new Screen(new Terminal(System.out, err, false, Map.of(), folder), false);
  }

  private String said() {
    return said.toString(StandardCharsets.UTF_8);
  }

  private void on(Map<String, Object> settings, Scene scene) throws Exception {
    var values = new HashMap<String, Object>(settings);
    values.put("lilypad.data-dir", folder.resolve("node").toString());
    values.put("lilypad.management.port", 0);
    values.put("lilypad.gateway.ask-timeout", "60s");
    var config = ConfigReader.of(ConfigFactory.parseMap(values)).read().at(folder.resolve("node"), 0);
    var facts = new AtomicReference<Optional<NodeFacts>>(Optional.empty());
    var file = WalletFile.provider(folder);
    var provider = file.exists() ? file.load() : file.create();
    try (var _ = Node.start(config, known -> facts.set(Optional.of(known)))) {
      var gateway = new GatewayAddress("127.0.0.1", facts.get().orElseThrow().gateway().getPort(), false);
      fund(gateway, provider);
      var agent = ProviderCommand.of(config.agent(), gateway, folder.resolve("home/provider"));
      try (var process = ProviderProcess.start(agent, provider, screen())) {
        process.awaitListed();
        scene.play(gateway, provider, process);
      }
    }
  }

  @Test void a_cow_speaks_on_a_real_market_and_everybody_has_the_right_money() throws Exception {
    on(Map.of(), (gateway, provider, _) -> {
      // when
      var cli = Cli.run(folder, "run", "cowsay:v0.0.4", "-i", "Message=moo \"loud\"", "--gateway", gateway.toString(),
          "--output-dir", "out", "--verbose");
      // then
      assertThat(cli.exitCode()).as(cli.err()).isZero();
      assertThat(cli.err()).contains("verified").contains("result accepted").contains("paid");
      assertThat(folder.resolve("out/stdout")).content().contains("moo \"loud\"");
      assertThat(folder.resolve("out/exitCode")).hasContent("0");
      var id = cli.err().replaceAll("(?s).*submitted job ([0-9a-f]+) .*", "$1");
      var cancel = Cli.run(folder, "jobs", "cancel", id, "--gateway", gateway.toString());
      assertThat(cancel.exitCode()).isEqualTo(ExitCode.REFUSED);
      assertThat(cancel.err()).contains("job " + id + " is over: done [1006 JobEnded]; lilypad jobs show " + id);
      await().atMost(PATIENCE).untilAsserted(
          () -> assertThat(Cli.run(folder, "jobs", "explain", id, "--gateway", gateway.toString()).out())
              .startsWith("the job is over: Done; were it submitted again: 1 machine in the market, 1 matches"));
      var creator = WalletFile.creator(folder.resolve("home")).load();
      assertThat(balance(gateway, creator) + balance(gateway, provider)).isEqualTo(Lp.of(200).gwei());
      assertThat(balance(gateway, provider)).isGreaterThan(Lp.of(100).gwei());
    });
  }

  @Test void a_second_agent_in_the_directory_of_one_that_runs_is_refused() throws Exception {
    on(Map.of(), (gateway, _, _) -> {
      // when
      var second = Cli.run(folder, "provider", "--gateway", gateway.toString());
      // then
      assertThat(second.exitCode()).isEqualTo(ExitCode.REFUSED);
      assertThat(second.err()).contains("[provider-running]").contains(folder.resolve("home/provider").toString())
          .contains("stop it first");
    });
  }

  @Test void a_drained_machine_is_not_announced_for_sale_and_an_agent_that_is_only_stopped_is_not_called_drained()
      throws Exception {
    ProviderAgent.order(folder.resolve("home/provider"), true);
    on(Map.of(), (_, _, process) -> {
      var drained = new CountDownLatch(1);
      process.whenDrained(drained::countDown);
      assertThat(drained.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    });
    assertThat(said()).contains("takes no new deals, as its owner ordered").contains("drained: no deal needs")
        .doesNotContain("is in the market, with");
    said.reset();
    // when
    ProviderAgent.order(folder.resolve("home/provider"), false);
    on(Map.of("lilypad.agent.policy.stop-grace", "2s"), (_, _, _) -> {});
    // then
    assertThat(said()).contains("is in the market").doesNotContain("drained");
  }

  @Test void a_container_goes_on_while_its_agent_is_stopped_and_started_again() throws Exception {
    GuestModules.write(folder);
    Map<String, Object> settings = Map.of("lilypad.agent.policy.stop-grace", "0s");
    on(settings, (gateway, provider, process) -> {
      var at = List.of("--gateway", gateway.toString());
      var submitted = cli(at, "run", "./" + GuestModules.DOCKER, "--detach", "-i", GuestModules.verbs("out", "one\n",
          "sh", "while [ ! -f /outputs/go ]; do sleep 0.1; done", "out", "two\n"));
      var job = submitted.err().replaceAll("(?s).*submitted job ([0-9a-f]+) .*", "$1");
      await().atMost(PATIENCE).until(() -> !running(at, job).isEmpty());
      var since = running(at, job);
      // when
      process.close();
      // then
      assertThat(said()).contains("1 deal has not ended; it goes on");
      // when
      Files.createFile(begun().resolveSibling("result/outputs/go"));
      var values = new HashMap<>(settings);
      values.put("lilypad.data-dir", folder.resolve("node").toString());
      var agent = ProviderCommand.of(ConfigReader.of(ConfigFactory.parseMap(values)).read().agent(), gateway,
          folder.resolve("home/provider"));
      try (var again = ProviderProcess.start(agent, provider, screen())) {
        again.awaitListed();
        await().atMost(PATIENCE).until(() -> cli(at, "jobs", "show", job).out().contains("handed in"));
      }
      // then: a second run would wait for ever, its outputs are empty when it begins
      assertThat(cli(at, "jobs", "logs", job).out()).isEqualTo("one\ntwo\n");
      assertThat(running(at, job)).isEqualTo(since);
    });
  }

  /// When the timeline says that the program began; empty if it does not say so yet.
  private String running(List<String> at, String job) {
    var stage = Pattern.compile("\"stage\":\"running\",\"at\":[0-9]+")
        .matcher(cli(at, "jobs", "show", job, "--json").out());
    return stage.find() ? stage.group() : "";
  }

  /// The file that says when the one run began.
  private Path begun() throws IOException {
    try (var files = Files.walk(folder.resolve("home/provider/deals"))) {
      return files.filter(file -> file.endsWith("run/begun")).findFirst().orElseThrow();
    }
  }

  private Cli cli(List<String> at, String... args) {
    var all = new ArrayList<>(List.of(args));
    all.addAll(at);
    return Cli.run(folder, all.toArray(String[]::new));
  }

  @Test void a_gateway_that_does_not_answer_is_said_to_the_provider() throws Exception {
    var nobody = new GatewayAddress("127.0.0.1", 1, false);
    var config = ConfigReader.of(ConfigFactory.parseMap(Map.of("lilypad.data-dir", folder.toString()))).read();
    var agent = ProviderCommand.of(config.agent(), nobody, folder.resolve("provider"));
    try (var _ = ProviderProcess.start(agent, WalletFile.provider(folder).create(), screen())) {
      await().atMost(Duration.ofMinutes(1)).untilAsserted(
          () -> assertThat(said()).contains("not in the market at http://127.0.0.1:1: ").contains("goes on trying"));
    }
  }

  @Test void deals_that_have_not_ended_are_counted_as_people_do() {
    assertThat(ProviderProcess.unended(1)).startsWith("1 deal has not ended; it goes on");
    assertThat(ProviderProcess.unended(2)).startsWith("2 deals have not ended; they go on");
  }

  @Test void a_drained_provider_ends_and_one_that_is_sold_again_takes_jobs() throws Exception {
    on(Map.of(), (gateway, _, process) -> {
      var drained = new CountDownLatch(1);
      process.whenDrained(drained::countDown);
      // when
      assertThat(Cli.run(folder, "provider", "drain").out()).contains("takes no new deals");
      // then
      assertThat(drained.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
      var at = List.of("--gateway", gateway.toString());
      var waits = cli(at, "run", "cowsay:v0.0.4", "-i", "Message=moo", "--detach");
      var job = waits.err().replaceAll("(?s).*submitted job ([0-9a-f]+) .*", "$1");
      assertThat(cli(at, "jobs", "explain", job).out()).contains("no offers").doesNotContain("1 machine");
      assertThat(cli(at, "jobs", "cancel", job).exitCode()).isZero();
      // when
      assertThat(Cli.run(folder, "provider", "drain", "--undo").out()).contains("takes new deals again");
      // then
      var cli = Cli.run(folder, "run", "cowsay:v0.0.4", "-i", "Message=moo", "--gateway", gateway.toString());
      assertThat(cli.exitCode()).as(cli.err()).isZero();
    });
  }

  @Test void a_provider_s_reason_to_decline_reaches_the_creator_and_so_does_why_nobody_else_takes_it()
      throws Exception {
    on(Map.of("lilypad.agent.policy.deny-modules", List.of("cowsay:*")), (gateway, _, _) -> {
      var reason = "the provider refused: module-denied: the owner does not run cowsay:v0.0.4";
      // when
      var cli = Cli.run(folder, "run", "cowsay:v0.0.4", "-i", "Message=moo", "--timeout", "25", "--gateway",
          gateway.toString());
      // then
      assertThat(cli.exitCode()).as(cli.err()).isEqualTo(ExitCode.NO_MATCH);
      assertThat(cli.err().lines()).as(cli.err())
          .anyMatch(line -> line.contains(" at provider ") && line.contains("REFUSED, " + reason))
          .anyMatch(line -> line.startsWith("no machine takes it now: 1 machine in the market, 0 match; 1 fell at "
              + "provider not excluded: ")
              && line.contains(" failed or refused an earlier attempt; what would match: "))
          .last().asString().contains("no machine took job").contains("the last attempt: REFUSED, " + reason)
          .contains("[no-match]");
      var id = cli.err().replaceAll("(?s).*submitted job ([0-9a-f]+) .*", "$1");
      var shown = Cli.run(folder, "jobs", "show", id, "--gateway", gateway.toString());
      assertThat(shown.out()).contains("REFUSED, " + reason);
      var logs = Cli.run(folder, "jobs", "logs", id, "--gateway", gateway.toString());
      assertThat(logs.err()).contains("REFUSED, " + reason);
    });
  }

  @Test void what_a_provider_s_policy_rules_out_is_never_proposed_to_it_and_is_when_the_policy_has_been_widened()
      throws Exception {
    on(Map.of("lilypad.agent.policy.max-run", "1s"), (gateway, provider, process) -> {
      var at = List.of("--gateway", gateway.toString());
      // when
      var cli = cli(at, "run", "cowsay:v0.0.4", "-i", "Message=moo", "--timeout", "25");
      // then
      assertThat(cli.exitCode()).as(cli.err()).isEqualTo(ExitCode.NO_MATCH);
      assertThat(cli.err()).doesNotContain("attempt 1").containsPattern(
          "no machine takes it now: 1 machine in the market, 0 match; 1 fell at run time: wanted \\d+ s, found at most 1 s");
      // given
      var submitted = cli(at, "run", "cowsay:v0.0.4", "-i", "Message=moo", "--detach");
      var job = submitted.err().replaceAll("(?s).*submitted job ([0-9a-f]+) .*", "$1");
      assertThat(cli(at, "jobs", "explain", job).out()).contains("run time: ").contains("at most 1 s");
      // when
      process.close();
      var values = Map.of("lilypad.data-dir", folder.resolve("node").toString());
      var agent = ProviderCommand.of(ConfigReader.of(ConfigFactory.parseMap(values)).read().agent(), gateway,
          folder.resolve("home/provider"));
      try (var again = ProviderProcess.start(agent, provider, screen())) {
        again.awaitListed();
        // then
        await().atMost(PATIENCE).until(() -> cli(at, "jobs", "show", job).out().contains("handed in"));
      }
    });
  }

  @Test void nothing_is_drained_where_no_provider_was() {
    var cli = Cli.run(folder, "provider", "drain");
    assertThat(cli.exitCode()).isEqualTo(ExitCode.REFUSED);
    assertThat(cli.err()).contains("[no-provider]").contains("--data-dir");
  }

  private static void fund(GatewayAddress gateway, Wallet wallet) {
    try (var connection = Connection.open(gateway, wallet)) {
      connection.market().faucet(Lp.of(100), 1);
    }
  }

  private static long balance(GatewayAddress gateway, Wallet wallet) throws IOException {
    try (var connection = Connection.open(gateway, wallet)) {
      var balance = connection.market().balance();
      assertThat(balance.getLocked() + balance.getReserved()).isZero();
      return balance.getFree();
    }
  }
}
