package network.lilypad.node.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import network.lilypad.node.client.GatewayAddress;
import network.lilypad.node.config.ConfigReader;
import network.lilypad.node.up.Node;
import network.lilypad.node.up.NodeFacts;
import network.lilypad.protocol.value.Lp;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EndToEndTest {
  @TempDir
  private Path folder = Path.of("");

  @Test void a_cow_speaks_on_a_real_market_and_everybody_has_the_right_money() throws Exception {
    var config = ConfigReader.of(ConfigFactory.parseMap(Map.of("lilypad.data-dir", folder.resolve("node").toString(),
        "lilypad.management.port", 0)))
        .read().at(folder.resolve("node"), 0);
    var facts = new AtomicReference<Optional<NodeFacts>>(Optional.empty());
    var provider = WalletFile.provider(folder).create();
    var screen = new Screen(new Terminal(System.out, System.err, false, Map.of(), folder), false);
    try (var _ = Node.start(config, known -> facts.set(Optional.of(known)))) {
      var address = facts.get().orElseThrow().gateway();
      var gateway = new GatewayAddress("127.0.0.1", address.getPort(), false);
      fund(gateway, provider);
      var agent = ProviderCommand.of(config.agent(), gateway, folder.resolve("provider"));
      try (var process = ProviderProcess.start(agent, provider, screen)) {
        process.awaitListed();
        // when
        var cli = Cli.run(folder, "run", "cowsay:v0.0.4", "-i", "Message=moo \"loud\"", "--gateway", gateway.toString(),
            "--output-dir", "out", "--verbose");
        // then
        assertThat(cli.exitCode()).as(cli.err()).isZero();
        assertThat(cli.err()).contains("verified").contains("result accepted").contains("paid");
        assertThat(folder.resolve("out/stdout")).content().contains("moo \"loud\"");
        assertThat(folder.resolve("out/exitCode")).hasContent("0");
        var creator = WalletFile.creator(folder.resolve("home")).load();
        assertThat(balance(gateway, creator) + balance(gateway, provider)).isEqualTo(Lp.of(200).gwei());
        assertThat(balance(gateway, provider)).isGreaterThan(Lp.of(100).gwei());
      }
    }
  }

  @Test void a_drained_provider_ends_and_one_that_is_sold_again_takes_jobs() throws Exception {
    var config = ConfigReader.of(ConfigFactory.parseMap(Map.of("lilypad.data-dir", folder.resolve("node").toString(),
        "lilypad.management.port", 0)))
        .read().at(folder.resolve("node"), 0);
    var facts = new AtomicReference<Optional<NodeFacts>>(Optional.empty());
    var provider = WalletFile.provider(folder).create();
    var screen = new Screen(new Terminal(System.out, System.err, false, Map.of(), folder), false);
    try (var _ = Node.start(config, known -> facts.set(Optional.of(known)))) {
      var gateway = new GatewayAddress("127.0.0.1", facts.get().orElseThrow().gateway().getPort(), false);
      fund(gateway, provider);
      var agent = ProviderCommand.of(config.agent(), gateway, folder.resolve("home/provider"));
      try (var process = ProviderProcess.start(agent, provider, screen)) {
        process.awaitListed();
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
      }
    }
  }

  @Test void nothing_is_drained_where_no_provider_was() {
    var cli = Cli.run(folder, "provider", "drain");
    assertThat(cli.exitCode()).isEqualTo(ExitCode.REFUSED);
    assertThat(cli.err()).contains("[no-provider]").contains("--data-dir");
  }

  private static void fund(GatewayAddress gateway, network.lilypad.protocol.sign.Wallet wallet) {
    try (var connection = Connection.open(gateway, wallet)) {
      connection.market().faucet(Lp.of(100), 1);
    }
  }

  private static long balance(GatewayAddress gateway, network.lilypad.protocol.sign.Wallet wallet) throws IOException {
    try (var connection = Connection.open(gateway, wallet)) {
      var balance = connection.market().balance();
      assertThat(balance.getLocked() + balance.getReserved()).isZero();
      return balance.getFree();
    }
  }
}
