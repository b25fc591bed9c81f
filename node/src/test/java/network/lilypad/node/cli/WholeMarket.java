package network.lilypad.node.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;
import network.lilypad.node.client.GatewayAddress;
import network.lilypad.node.config.ConfigReader;
import network.lilypad.node.up.Node;
import network.lilypad.node.up.NodeFacts;
import network.lilypad.protocol.proto.v1.Job;
import network.lilypad.protocol.value.Bytes32;
import network.lilypad.protocol.value.JobId;
import network.lilypad.protocol.value.Lp;

/// A market as `lilypad up` makes one, in this process: a node, a machine that is rented out, and people at the command
/// line.
///
/// @param folder where everything is; the people's is `home` in it
/// @param environment theirs
/// @param gateway where the market is
/// @param node its node
/// @param provider its machine
record WholeMarket(Path folder, Map<String, String> environment, GatewayAddress gateway, Node node,
    ProviderProcess provider) implements AutoCloseable {
  private static final Pattern JOB = Pattern.compile("submitted job [0-9a-f]+ \\(0x([0-9a-f]{64})\\)");

  /// Starts one, and returns when the machine is in the market.
  ///
  /// @param engine the socket of the container engine that the machine and the people use
  static WholeMarket start(Path folder, URI engine) throws Exception {
    return start(folder, engine, Map.of());
  }

  /// @param settings keys below `lilypad` that differ from the defaults
  static WholeMarket start(Path folder, URI engine, Map<String, Object> settings) throws Exception {
    var given = new HashMap<String, Object>(Map.of("lilypad.data-dir", folder.resolve("node").toString(),
        "lilypad.management.port", 0, "lilypad.gateway.ask-timeout", "60s", "lilypad.agent.docker.host",
        engine.toString()));
    settings.forEach((key, value) -> given.put("lilypad." + key, value));
    var config = ConfigReader.of(ConfigFactory.parseMap(given)).read().at(folder.resolve("node"), 0);
    var facts = new AtomicReference<Optional<NodeFacts>>(Optional.empty());
    var node = Node.start(config, known -> facts.set(Optional.of(known)));
    var gateway = new GatewayAddress("127.0.0.1", facts.get().orElseThrow().gateway().getPort(), false);
    var wallet = WalletFile.provider(folder).create();
    try (var connection = Connection.open(gateway, wallet)) {
      connection.market().faucet(Lp.of(100), 1);
    }
    var agent = ProviderCommand.of(config.agent(), gateway, folder.resolve("provider"));
    var provider = ProviderProcess.start(agent, wallet,
        new Screen(new Terminal(System.out, System.err, false, Map.of(), folder), false));
    provider.awaitListed();
    var environment = Map.of("LILYPAD_HOME", folder.resolve("home").toString(), "LILYPAD_GATEWAY", gateway.toString(),
        "DOCKER_HOST", engine.toString());
    return new WholeMarket(folder, environment, gateway, node, provider);
  }

  /// What a person types, in the market's folder.
  Cli cli(String... args) {
    return Cli.run(folder, environment, args);
  }

  /// Runs a module to its end and fetches its result into a folder.
  Ran run(String module, String out, String... options) throws IOException {
    var args = new ArrayList<>(List.of("run", module, "--output-dir", out));
    args.addAll(List.of(options));
    var cli = cli(args.toArray(String[]::new));
    var submitted = JOB.matcher(cli.err());
    assertThat(submitted.find()).as(cli.err()).isTrue();
    return new Ran(cli, folder.resolve(out), job(submitted.group(1)));
  }

  /// Submits a job and leaves it.
  ///
  /// @return all of its id, without `0x`
  String detached(String module, String... options) {
    var args = new ArrayList<>(List.of("run", module, "--detach"));
    args.addAll(List.of(options));
    var cli = cli(args.toArray(String[]::new));
    var submitted = JOB.matcher(cli.err());
    assertThat(submitted.find()).as(cli.err()).isTrue();
    return submitted.group(1);
  }

  /// Waits until a job has said something.
  void awaitOutput(String hex) throws IOException {
    try (var connection = creator()) {
      connection.market().watch(id(hex), "", event -> {
        if (event.hasLog()) {
          throw new Said();
        }
      });
      throw new AssertionError("job " + hex + " ended without a word");
    } catch (Said _) {
      return;
    }
  }

  /// Ends a watch.
  private static final class Said extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  /// A job that has run.
  ///
  /// @param cli what its creator saw
  /// @param out its result
  /// @param job what became of it
  record Ran(Cli cli, Path out, Job job) {
    /// The root that its provider signed.
    Bytes32 root() {
      return Bytes32.of(job.getDeal().getResult().toByteArray());
    }

    /// The sha2-256 of the spec that its creator signed.
    Bytes32 spec() {
      return Bytes32.of(job.getOffer().getWork().getModule().toByteArray());
    }
  }

  /// What a job is now.
  ///
  /// @param hex all of its id, without `0x`
  Job job(String hex) throws IOException {
    try (var connection = creator()) {
      return connection.market().job(id(hex));
    }
  }

  private Connection creator() throws IOException {
    return Connection.open(gateway, WalletFile.creator(folder.resolve("home")).load());
  }

  private static JobId id(String hex) {
    return new JobId(Bytes32.parse("0x" + hex));
  }

  /// The people's environment with other values.
  Map<String, String> environment(Map<String, String> others) {
    var merged = new HashMap<>(environment);
    merged.putAll(others);
    return merged;
  }

  @Override public void close() {
    provider.close();
    node.close();
  }
}
