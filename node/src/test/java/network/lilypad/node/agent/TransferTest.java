package network.lilypad.node.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import network.lilypad.node.client.CallSigner;
import network.lilypad.node.client.LedgerClock;
import network.lilypad.node.client.MarketClient;
import network.lilypad.node.client.Patience;
import network.lilypad.node.up.TestNode;
import network.lilypad.protocol.content.Cid;
import network.lilypad.protocol.content.FolderBlocks;
import network.lilypad.protocol.content.ResultTree;
import network.lilypad.protocol.content.ResumedFolder;
import network.lilypad.protocol.content.TreeLimits;
import network.lilypad.protocol.sign.Wallet;
import network.lilypad.protocol.value.Bytes32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Inputs, results and their way back over a line that is cut again and again, against a whole node.
class TransferTest {
  private static final int SIZE = 12 << 20;
  private static final long CUTS_AFTER = 3 << 20;
  private static final long BYTES_MAX = 1 << 30;
  private static final TreeLimits LIMITS = new TreeLimits(BYTES_MAX, 1000);
  private static final Patience QUICK = new Patience(20, Duration.ofMillis(20));

  @TempDir
  Path directory;

  private static ManagedChannel channel(CuttingProxy line) {
    return NettyChannelBuilder.forAddress("127.0.0.1", line.port()).usePlaintext().maxInboundMessageSize(4 << 20)
        .build();
  }

  private static CallSigner signer(Wallet wallet) {
    return CallSigner.of(wallet, new LedgerClock(InstantSource.system()));
  }

  private Path folder(String name, int size) throws IOException {
    var bytes = new byte[size];
    new Random(name.hashCode()).nextBytes(bytes);
    var folder = TestNode.result(directory.resolve(name), "said \"something\"\n");
    Files.write(folder.resolve("outputs/größe 日本"), bytes);
    return folder;
  }

  @Test void what_breaks_goes_on_where_it_broke_and_what_is_there_does_not_travel_again() throws Exception {
    try (var node = TestNode.start(directory.resolve("node"), Map.of());
        var line = new CuttingProxy(node.facts().gateway(), CUTS_AFTER)) {
      var creator = node.funded("creator");
      var provider = node.funded("provider");
      // when inputs go up
      var inputs = FolderBlocks.of(folder("inputs", SIZE), LIMITS);
      try (var market = new MarketClient(channel(line), signer(creator))) {
        market.putTree(inputs.cids(), inputs);
        cameInPieces(line);
        market.putTree(inputs.cids(), inputs);
        didNotTravel(line);
        try (var running = RunningDeal.start(node, creator, provider, inputs.root().digest())) {
          // and to the machine, and the result comes back from there
          var channel = channel(line);
          var content = new AgentContent(channel, signer(provider));
          QUICK.with(() -> 0, () -> fetched(content, running, inputs.root().digest()));
          cameInPieces(line);
          var result = AgentContent.blocks(new ResultTree(folder("result", SIZE)), BYTES_MAX);
          QUICK.with(() -> 0, () -> stored(content, running, result));
          cameInPieces(line);
          QUICK.with(() -> 0, () -> stored(content, running, result));
          didNotTravel(line);
          running.submit(result.root().digest());
          channel.shutdownNow();
          // and the creator fetches it
          QUICK.with(() -> 0, () -> came(market, running, result.root()));
          cameInPieces(line);
        }
      }
      // then
      for (var pair : Map.of("inputs", "inputs-there", "result", "result-here").entrySet()) {
        var file = "outputs/größe 日本";
        assertThat(directory.resolve(pair.getValue()).resolve(file))
            .hasSameBinaryContentAs(directory.resolve(pair.getKey()).resolve(file));
      }
      assertThat(directory).isDirectoryNotContaining("glob:**partial*");
    }
  }

  private boolean fetched(AgentContent content, RunningDeal running, Bytes32 root) {
    content.inputs(running.deal(), root, directory.resolve("inputs-there"), BYTES_MAX, AgentContent.latest());
    return true;
  }

  private static boolean stored(AgentContent content, RunningDeal running, FolderBlocks result) {
    content.putResult(running.deal(), result, AgentContent.latest());
    return true;
  }

  private boolean came(MarketClient market, RunningDeal running, Cid root) {
    var resumed = new ResumedFolder(directory.resolve("result-here"));
    try (var blocks = market.result(running.job(), resumed.have(), BYTES_MAX)) {
      resumed.read(root, blocks, LIMITS);
    }
    return true;
  }

  /// No connection carries it whole, so it could only come by going on; how much of it is lost at a cut is the line's
  /// affair.
  private static void cameInPieces(CuttingProxy line) {
    assertThat(line.cuts.getAndSet(0)).isGreaterThanOrEqualTo((int) (SIZE / CUTS_AFTER));
    assertThat(line.bytes.getAndSet(0)).isGreaterThanOrEqualTo(SIZE);
  }

  private static void didNotTravel(CuttingProxy line) {
    assertThat(line.bytes.getAndSet(0)).isLessThan(SIZE / 12);
    line.cuts.set(0);
  }

  @Test void patience_ends_when_nothing_moves_and_lasts_while_something_does() {
    var moved = new AtomicLong();
    var tries = new AtomicLong();
    var patience = new Patience(3, Duration.ofMillis(1));
    org.assertj.core.api.Assertions.assertThatExceptionOfType(
        network.lilypad.node.client.GatewayUnavailableException.class)
        .isThrownBy(() -> patience.with(moved::get, () -> {
          moved.addAndGet(tries.incrementAndGet() <= 10 ? 1 : 0);
          throw new network.lilypad.node.client.GatewayUnavailableException("gone", new IOException("gone"));
        }));
    assertThat(tries.get()).isEqualTo(13);
  }
}
