package network.lilypad.node.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import network.lilypad.node.client.GatewayAddress;
import network.lilypad.node.config.ConfigReader;
import network.lilypad.node.files.NodeServer;
import network.lilypad.node.up.Node;
import network.lilypad.node.up.NodeFacts;
import network.lilypad.protocol.value.Lp;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Inputs by CID, results as a CAR file and outputs of a failed job, on a real market whose files lie in IPFS.
class FilesTest {
  @TempDir
  private Path folder = Path.of("");

  @Test void inputs_come_by_cid_results_go_as_car_and_a_failed_job_keeps_its_words() throws Exception {
    try (var kubo = NodeServer.start("kubo.js")) {
      var config = ConfigReader.of(ConfigFactory.parseMap(Map.of("lilypad.data-dir",
          folder.resolve("node").toString(), "lilypad.management.port", 0, "lilypad.gateway.ask-timeout", "60s",
          "lilypad.files.kind", "ipfs",
          "lilypad.files.ipfs.api", kubo.address(), "lilypad.files.inputs-gateway", kubo.address())))
          .read().at(folder.resolve("node"), 0);
      var facts = new AtomicReference<Optional<NodeFacts>>(Optional.empty());
      var provider = WalletFile.provider(folder).create();
      var screen = new Screen(new Terminal(System.out, System.err, false, Map.of(), folder), false);
      try (var _ = Node.start(config, known -> facts.set(Optional.of(known)))) {
        var gateway = new GatewayAddress("127.0.0.1", facts.get().orElseThrow().gateway().getPort(), false);
        try (var connection = Connection.open(gateway, provider)) {
          connection.market().faucet(Lp.of(100), 1);
        }
        var agent = ProviderCommand.of(config.agent(), gateway, folder.resolve("provider"));
        try (var process = ProviderProcess.start(agent, provider, screen)) {
          process.awaitListed();
          run(gateway.toString());
        }
      }
    }
  }

  private void run(String gateway) throws Exception {
    var inputs = Files.createDirectory(folder.resolve("inputs"));
    Files.writeString(inputs.resolve("größe \"1\".txt"), "lily pad lily\n".repeat(100_000));
    // a CAR file made without a gateway is imported, and its CID is the folder's
    var exported = Cli.run(folder, "content", "export", "inputs", "inputs.car");
    var imported = Cli.run(folder, "content", "import", "inputs.car", "--gateway", gateway);
    assertThat(imported.exitCode()).as(imported.err()).isZero();
    assertThat(imported.out().strip()).isEqualTo(exported.out().strip())
        .isEqualTo(Cli.run(folder, "content", "cid", "inputs").out().strip());
    // a job finds them, and its results are a CAR file
    var counted = Cli.run(folder, "run", "wordcount", "--inputs-cid", imported.out().strip(), "--gateway", gateway,
        "--output-dir", "out", "--json");
    assertThat(counted.exitCode()).as(counted.out()).isZero();
    assertThat(folder.resolve("out/stdout")).content().contains("lily");
    var job = counted.out().replaceAll("(?s).*\"job\":\"0x([0-9a-f]{8}).*", "$1");
    var fetched = Cli.run(folder, "jobs", "results", job, "--output-dir", "again", "--car", "out.car", "--gateway",
        gateway);
    assertThat(fetched.exitCode()).as(fetched.err()).isZero();
    // its results are inputs by their name
    var chained = Cli.run(folder, "run", "wordcount", "--inputs-cid",
        Cli.run(folder, "content", "cid", "out").out().strip(), "--gateway", gateway, "--output-dir", "chained");
    assertThat(chained.exitCode()).as(chained.err()).isZero();
    var again = Cli.run(folder, "content", "import", "out.car", "--gateway", gateway);
    assertThat(again.out().strip()).as(again.err()).isEqualTo(Cli.run(folder, "content", "cid", "out").out().strip());
    // what nobody has is refused, with the block that is missing
    var unknown = Cli.run(folder, "run", "wordcount", "--inputs-cid",
        "bafybeiaufkbwyxhzqkkqxou6es67u5d2wsia66ylhqcmkqdsiy3ut3qqsu", "--gateway", gateway);
    assertThat(unknown.exitCode()).isEqualTo(ExitCode.REFUSED);
    assertThat(unknown.err()).contains("BadContent")
        .contains("bafybeiaufkbwyxhzqkkqxou6es67u5d2wsia66ylhqcmkqdsiy3ut3qqsu");
    // a prompt can hold anything, and a job that fails keeps what it said
    var prompt = "say \"moo\"\nand $(true) 'more' \\ {{.x}} 日本";
    var said = Cli.run(folder, "run", "cowsay:v0.0.4", "-i", "Message=" + prompt, "--gateway", gateway, "--output-dir",
        "said");
    assertThat(said.exitCode()).as(said.err()).isZero();
    var failed = Cli.run(folder, "run", "wordcount", "-i", "Top=many", "--gateway", gateway, "--output-dir",
        "failed");
    assertThat(failed.exitCode()).as(failed.err()).isEqualTo(2);
    assertThat(folder.resolve("failed/stderr")).content().contains("wordcount: top: many");
  }
}
