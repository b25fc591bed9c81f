package network.lilypad.node.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.File;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import network.lilypad.chain.local.LocalLedger;
import network.lilypad.node.client.GatewayAddress;
import network.lilypad.node.store.Database;
import network.lilypad.protocol.proto.v1.Balance;
import network.lilypad.protocol.proto.v1.Job;
import network.lilypad.protocol.proto.v1.ListJobsRequest;
import network.lilypad.protocol.value.Lp;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A whole market killed with SIGKILL again and again while people run jobs: every job ends, none is paid twice, no LP
/// is lost, and nobody has to do anything but start it again.
@Tag("slow")
class KillTest {
  private static final int JOBS = 20;
  private static final int KILLS = 6;
  private static final Lp FUNDS = Lp.of(100);
  private static final Duration START_MAX = Duration.ofSeconds(120);
  private static final Duration END_MAX = Duration.ofSeconds(300);

  @TempDir
  private Path folder = Path.of("");
  private Optional<Process> node = Optional.empty();
  private GatewayAddress gateway = new GatewayAddress("127.0.0.1", 1, false);

  @Test void every_job_survives_a_market_that_is_killed_at_random_points() throws Exception {
    // given a market and a person with money
    long seed = Long.getLong("kill.seed", new SecureRandom().nextLong());
    System.out.println("seed: -Dkill.seed=" + seed);
    gateway = new GatewayAddress("127.0.0.1", freePort(), false);
    start();
    assertThat(cli("wallet", "faucet", "100").exitCode()).isZero();
    // when twenty jobs are run while the market is killed at random points
    try (var people = Executors.newVirtualThreadPerTaskExecutor()) {
      var runs = IntStream.range(0, JOBS).mapToObj(number -> people.submit(() -> insist(number))).toList();
      var random = new Random(seed);
      for (int kill = 0; kill < KILLS; kill++) {
        TimeUnit.MILLISECONDS.sleep(500 + random.nextInt(4000));
        kill();
        start();
      }
      for (var run : runs) {
        assertThat(run.get(10, TimeUnit.MINUTES)).as("a run that ended well and said the right thing").isTrue();
      }
    }
    // then every job that was ever accepted has ended and is paid once, and all money is where it belongs
    await().atMost(END_MAX).pollInterval(Duration.ofSeconds(2)).untilAsserted(
        () -> assertThat(jobs()).allMatch(job -> job.getEndedAt() > 0));
    var jobs = jobs();
    assertThat(jobs.stream().filter(job -> job.getPhase().equals("Done")).count()).isGreaterThanOrEqualTo(JOBS);
    await().atMost(END_MAX).untilAsserted(() -> assertThat(balance().getLocked()).isZero());
    long spent = FUNDS.gwei() - balance().getFree();
    long paid = jobs.stream().mapToLong(KillTest::cost).sum();
    assertThat(spent).as("what the creator spent is what its jobs cost, each once").isEqualTo(paid);
    kill();
    conserved();
  }

  /// Runs a job as a person would who tries again when the market was not there.
  private boolean insist(int number) throws IOException, InterruptedException {
    for (long until = System.nanoTime() + END_MAX.toNanos(); System.nanoTime() < until;) {
      var out = folder.resolve("out-" + number + "-" + System.nanoTime());
      var run = cli("run", "cowsay:v0.0.4", "-i", "Message=moo " + number, "--output-dir", out.toString());
      if (run.exitCode() == 0) {
        return Files.readString(out.resolve("stdout")).contains("moo " + number);
      }
      assertThat(run.exitCode()).as(run.err()).isEqualTo(ExitCode.OURS);
      TimeUnit.SECONDS.sleep(1);
    }
    return false;
  }

  private static long cost(Job job) {
    return job.getPhase().equals("Done") ? job.getDeal().getCost() : 0;
  }

  private void conserved() {
    try (var database = Database.open(folder.resolve("node"))) {
      var totals = LocalLedger.open(database.connections(), InstantSource.system(), new SecureRandom()).totals();
      assertThat(totals.locked()).isEqualTo(Lp.ZERO);
      assertThat(totals.free().plus(totals.pool())).isEqualTo(totals.issued());
    }
  }

  private List<Job> jobs() throws IOException {
    try (var connection = Connection.open(gateway, WalletFile.creator(folder.resolve("home")).load())) {
      return connection.market().jobs(ListJobsRequest.newBuilder().setPageSize(100).build()).getJobsList();
    }
  }

  private Balance balance() throws IOException {
    try (var connection = Connection.open(gateway, WalletFile.creator(folder.resolve("home")).load())) {
      return connection.market().balance();
    }
  }

  private Cli cli(String... args) {
    var all = new ArrayList<>(List.of(args));
    all.addAll(List.of("--gateway", gateway.toString()));
    return Cli.run(folder, all.toArray(String[]::new));
  }

  private void start() throws IOException, InterruptedException {
    var log = folder.resolve("node-" + System.nanoTime() + ".log");
    var java = ProcessHandle.current().info().command().orElse("java");
    node = Optional.of(new ProcessBuilder(java, "--enable-native-access=ALL-UNNAMED",
        "--sun-misc-unsafe-memory-access=allow", "-Xmx1g", "-cp", System.getProperty("java.class.path"),
        Lilypad.class.getName(), "up", "--json", "--data-dir", folder.resolve("node").toString(), "--port",
        Integer.toString(gateway.port())).redirectErrorStream(true).redirectOutput(log.toFile()).start());
    long until = System.nanoTime() + START_MAX.toNanos();
    while (!said(log.toFile(), "\"event\":\"ready\"")) {
      assertThat(node.get().isAlive()).as(Files.readString(log)).isTrue();
      assertThat(System.nanoTime()).as("not ready in time:\n" + Files.readString(log)).isLessThan(until);
      TimeUnit.MILLISECONDS.sleep(100);
    }
  }

  private static boolean said(File log, String words) throws IOException {
    return log.exists() && Files.readString(log.toPath()).contains(words);
  }

  private void kill() throws InterruptedException {
    var process = node.orElseThrow();
    process.destroyForcibly();
    assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
  }

  @AfterEach void stop() throws InterruptedException {
    if (node.filter(Process::isAlive).isPresent()) {
      kill();
    }
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }
}
