package network.lilypad.node.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
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

  private void on(Map<String, Object> settings, Scene scene) throws Exception {
    var values = new HashMap<String, Object>(settings);
    values.put("lilypad.data-dir", folder.resolve("node").toString());
    values.put("lilypad.management.port", 0);
    var config = ConfigReader.of(ConfigFactory.parseMap(values)).read().at(folder.resolve("node"), 0);
    var facts = new AtomicReference<Optional<NodeFacts>>(Optional.empty());
    var provider = WalletFile.provider(folder).create();
    var screen = new Screen(new Terminal(System.out, System.err, false, Map.of(), folder), false);
    try (var _ = Node.start(config, known -> facts.set(Optional.of(known)))) {
      var gateway = new GatewayAddress("127.0.0.1", facts.get().orElseThrow().gateway().getPort(), false);
      fund(gateway, provider);
      var agent = ProviderCommand.of(config.agent(), gateway, folder.resolve("home/provider"));
      try (var process = ProviderProcess.start(agent, provider, screen)) {
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
      assertThat(Cli.run(folder, "jobs", "explain", id, "--gateway", gateway.toString()).out())
          .startsWith("the job is over: Done; were it submitted again: 1 machine in the market, 1 matches");
      var creator = WalletFile.creator(folder.resolve("home")).load();
      assertThat(balance(gateway, creator) + balance(gateway, provider)).isEqualTo(Lp.of(200).gwei());
      assertThat(balance(gateway, provider)).isGreaterThan(Lp.of(100).gwei());
    });
  }

  @Test void a_drained_provider_ends_and_one_that_is_sold_again_takes_jobs() throws Exception {
    on(Map.of(), (gateway, _, process) -> {
      var drained = new CountDownLatch(1);
      process.whenDrained(drained::countDown);
      // when
      assertThat(Cli.run(folder, "provider", "drain").out()).contains("takes no new deals");
      // then
      assertThat(drained.await(30, TimeUnit.SECONDS)).isTrue();
      var refused = Cli.run(folder, "run", "cowsay:v0.0.4", "-i", "Message=moo", "--timeout", "2", "--gateway",
          gateway.toString());
      assertThat(refused.exitCode()).as(refused.err()).isEqualTo(ExitCode.NO_MATCH);
      // when
      assertThat(Cli.run(folder, "provider", "drain", "--undo").out()).contains("takes new deals again");
      // then
      var cli = Cli.run(folder, "run", "cowsay:v0.0.4", "-i", "Message=moo", "--gateway", gateway.toString());
      assertThat(cli.exitCode()).as(cli.err()).isZero();
    });
  }

  @Test void a_provider_s_reason_to_decline_reaches_the_creator_and_so_does_why_nobody_else_takes_it()
      throws Exception {
    on(Map.of("lilypad.agent.policy.max-run", "1s"), (gateway, _, _) -> {
      var reason = "the provider refused: max-run: a run of ";
      // when
      var cli = Cli.run(folder, "run", "cowsay:v0.0.4", "-i", "Message=moo", "--timeout", "12", "--gateway",
          gateway.toString());
      // then
      assertThat(cli.exitCode()).as(cli.err()).isEqualTo(ExitCode.NO_MATCH);
      assertThat(cli.err().lines()).as(cli.err())
          .anyMatch(line -> line.contains("attempt 1 at provider") && line.contains("REFUSED, " + reason))
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
