package network.lilypad.node.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.ToDoubleFunction;
import network.lilypad.node.client.CallSigner;
import network.lilypad.node.client.GatewayAddress;
import network.lilypad.node.client.LedgerClock;
import network.lilypad.node.client.MarketClient;
import network.lilypad.node.client.Trees;
import network.lilypad.node.up.TestNode;
import network.lilypad.protocol.content.FolderBlocks;
import network.lilypad.protocol.content.ResultTree;
import network.lilypad.protocol.content.ResumedFolder;
import network.lilypad.protocol.content.TreeLimits;
import network.lilypad.protocol.sign.Wallet;
import network.lilypad.protocol.value.Bytes32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A result of 1 GiB from the agent's folder to the creator's, verified and on the disk, over a plain copy of the same
/// bytes with fsync and over [TransferFloor], in turns: `mvn verify -pl node -am -Dtest=TransferBenchmark
/// -Dbench.mib=1024 -Dbench.rounds=3`; in a heap that ends 256 MiB above what a node needs with `-Dtest.heap=320m`.
class TransferBenchmark {
  private static final int MIB = Integer.getInteger("bench.mib", 1024);
  private static final int ROUNDS = Integer.getInteger("bench.rounds", 3);
  /// A node lives long; without these, the run-time compiler is what is measured.
  private static final int WARM_UP = Integer.getInteger("bench.warm-up", 16);
  private static final int WARM_UP_MIB = 128;
  private static final long BYTES_MAX = 4L << 30;
  private static final TreeLimits LIMITS = new TreeLimits(BYTES_MAX, 1000);

  @TempDir
  Path directory;
  private final List<String> phases = new ArrayList<>();

  @Test void a_large_result_end_to_end_over_a_plain_copy() throws Exception {
    var home = directory.resolve("node");
    try (var node = TestNode.start(home, Map.of("limits.content", "4 GiB", "limits.store", "64 GiB"))) {
      for (int i = 0; i < WARM_UP; i++) {
        round(node, "warm-up " + i, WARM_UP_MIB);
      }
      var rounds = new ArrayList<Round>();
      for (int i = 0; i < ROUNDS; i++) {
        rounds.add(round(node, "round " + i, MIB));
      }
      System.out.printf(
          "medians of %d: market/copy %.2f (target: at most 2.00), market/floor %.2f, of processor time %.2f%n",
          ROUNDS, median(rounds, round -> round.market.seconds / round.copy.seconds),
          median(rounds, round -> round.market.seconds / round.floor.seconds),
          median(rounds, round -> round.market.processors / round.floor.processors));
    }
  }

  /// What an arm took: by the clock, and of all processors together.
  private record Cost(double seconds, double processors) {
    @Override public String toString() {
      return "%.2f s (processors %.2f s)".formatted(seconds, processors);
    }
  }

  /// Runs an arm.
  private interface Arm {
    void run() throws Exception;
  }

  private record Round(Cost copy, Cost floor, Cost market) {}

  private static double median(List<Round> rounds, ToDoubleFunction<Round> figure) {
    return rounds.stream().mapToDouble(figure).sorted().toArray()[rounds.size() / 2];
  }

  private Round round(TestNode node, String name, int mib) throws Exception {
    var folder = folder(name, mib);
    var file = folder.resolve("outputs/large");
    var round = new Round(cost(() -> copy(file, directory.resolve("copy"))),
        cost(() -> TransferFloor.run(file, directory.resolve("floor 1"), directory.resolve("floor 2"))),
        moved(node, folder, name));
    System.out.printf("%s of %d MiB: copy %s, floor %s, market %s %s%n", name, mib, round.copy, round.floor,
        round.market,
        phases);
    phases.clear();
    for (var made : List.of("copy", "floor 1", "floor 2")) {
      Files.delete(directory.resolve(made));
    }
    Trees.delete(folder);
    return round;
  }

  private static Cost cost(Arm arm) throws Exception {
    System.gc();
    long begin = System.nanoTime();
    long processors = processors();
    arm.run();
    return new Cost(seconds(begin), (processors() - processors) / 1e9);
  }

  private Path folder(String name, int mib) throws IOException {
    var folder = TestNode.result(directory.resolve(name), "done\n");
    var random = new Random(name.hashCode());
    var chunk = new byte[1 << 20];
    try (var out = Files.newOutputStream(folder.resolve("outputs/large"))) {
      for (int i = 0; i < mib; i++) {
        random.nextBytes(chunk);
        out.write(chunk);
      }
    }
    force(folder.resolve("outputs/large"));
    return folder;
  }

  private static void copy(Path file, Path to) throws IOException {
    var buffer = ByteBuffer.allocateDirect(1 << 20);
    try (var in = FileChannel.open(file, StandardOpenOption.READ);
        var out = FileChannel.open(to, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      while (in.read(buffer) >= 0) {
        buffer.flip();
        out.write(buffer);
        buffer.clear();
      }
      out.force(true);
    }
  }

  private Cost moved(TestNode node, Path folder, String name) throws Exception {
    var creator = node.funded("creator of " + name);
    var provider = node.funded("provider of " + name);
    var gateway = node.facts().gateway();
    var channel = new GatewayAddress(gateway.getHostString(), gateway.getPort(), false).open();
    try (var market = new MarketClient(channel, signer(creator));
        var running = RunningDeal.start(node, creator, provider, Bytes32.ZERO)) {
      var content = new AgentContent(channel, signer(provider));
      var target = directory.resolve(name + " fetched");
      var cost = cost(() -> {
        phases.add("heap %d MiB of %d".formatted(heap() >> 20, Runtime.getRuntime().maxMemory() >> 20));
        long begin = System.nanoTime();
        var blocks = AgentContent.blocks(new ResultTree(folder), BYTES_MAX);
        phase("hashed", begin);
        content.putResult(running.deal(), blocks, AgentContent.latest());
        phase("stored", begin);
        running.submit(blocks.root().digest());
        fetch(market, running, blocks, target);
        phase("fetched", begin);
        force(target.resolve("outputs/large"));
      });
      assertThat(Files.mismatch(target.resolve("outputs/large"), folder.resolve("outputs/large"))).isEqualTo(-1);
      Trees.delete(target);
      return cost;
    }
  }

  private static void fetch(MarketClient market, RunningDeal running, FolderBlocks result, Path target) {
    var resumed = new ResumedFolder(target);
    try (var blocks = market.result(running.job(), resumed.have(), BYTES_MAX)) {
      resumed.read(result.root(), blocks, LIMITS);
    }
  }

  private static CallSigner signer(Wallet wallet) {
    return CallSigner.of(wallet, new LedgerClock(InstantSource.system()));
  }

  private void phase(String name, long begin) {
    phases.add("%s at %.2f".formatted(name, seconds(begin)));
  }

  private static long processors() {
    return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
        .getProcessCpuTime();
  }

  private static double seconds(long begin) {
    return (System.nanoTime() - begin) / 1e9;
  }

  private static void force(Path file) throws IOException {
    try (var channel = FileChannel.open(file, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  private static long heap() {
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }
}
