package network.lilypad.executor.docker;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import network.lilypad.executor.Guests;
import network.lilypad.executor.Outcome;
import network.lilypad.executor.Sink;
import network.lilypad.executor.Task.OutputLimits;
import network.lilypad.protocol.Defect;
import network.lilypad.protocol.value.Engine;
import network.lilypad.protocol.value.JobSpec;
import org.HdrHistogram.Histogram;

/// What the adapter costs above the bare command line, on the same image, one after the other so that both see the same
/// noise: `mvn -q -pl gpu-executor -am -Pbench test -DskipTests`. Arguments: rounds (60), lines (300).
final class DockerBench {
  private static final int WARM_UP = 5;
  private static final Guests.Limits LIMITS = new Guests.Limits(64, Duration.ofMinutes(2),
      new OutputLimits(1 << 20, 1 << 20, 100));

  private final DockerExecutor executor;
  private final Path home;
  private final String image = "sha256:" + TestEngine.shared().image().toString().substring(2);

  private DockerBench(DockerExecutor executor, Path home) {
    this.executor = executor;
    this.home = home;
  }

  static void main(String[] arguments) throws Exception {
    int rounds = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 60;
    int lines = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 300;
    var home = Files.createTempDirectory("lilypad-bench-");
    try (var executor = DockerExecutor.of(DockerSetting.of(Owners.fresh()), InstantSource.system())) {
      var bench = new DockerBench(executor, home);
      bench.overhead(rounds);
      bench.latency(lines);
    }
  }

  private void overhead(int rounds) throws Exception {
    var ours = new Histogram(3);
    var bare = new Histogram(3);
    for (int i = -WARM_UP; i < rounds; i++) {
      long one = i % 2 == 0 ? ours() : 0;
      long other = bare();
      long micros = i % 2 == 0 ? one : ours();
      if (i >= 0) {
        ours.recordValue(micros);
        bare.recordValue(other);
      }
    }
    print("start to result, adapter", ours);
    print("docker run --rm, command line", bare);
    System.out.printf("ratio p50 %.3f, mean %.3f%n",
        (double) ours.getValueAtPercentile(50) / bare.getValueAtPercentile(50),
        ours.getMean() / bare.getMean());
  }

  private long ours() throws InterruptedException {
    var spec = new JobSpec("guest", "", Engine.DOCKER, TestEngine.shared().image(), "", List.of("/bin/true"),
        new TreeMap<>(), new TreeMap<>());
    var task = TestEngine.shared().guests(home, 1).task(spec, LIMITS);
    long begun = System.nanoTime();
    var outcome = executor.start(task, Sink.NONE).await().outcome();
    long micros = (System.nanoTime() - begun) / 1000;
    Defect.unless(outcome.equals(new Outcome.Exited(0)), "bench: " + outcome);
    return micros;
  }

  private long bare() throws IOException, InterruptedException {
    long begun = System.nanoTime();
    int code = new ProcessBuilder("docker", "run", "--rm", "--network", "none", image, "/bin/true").inheritIO().start()
        .waitFor();
    long micros = (System.nanoTime() - begun) / 1000;
    Defect.unless(code == 0, "docker run: " + code);
    return micros;
  }

  /// From the program's writing of a line, which says when, to its arrival.
  private void latency(int lines) throws Exception {
    var script = "i=0; while [ $i -lt " + lines + " ]; do echo | ts %.s; i=$((i+1)); sleep 0.01; done";
    var spec = new JobSpec("guest", "", Engine.DOCKER, TestEngine.shared().image(), "",
        List.of("/bin/sh", "-c", script),
        new TreeMap<>(), new TreeMap<>());
    var sink = new Histogram(3);
    var command = new Histogram(3);
    var running = new CountDownLatch(1);
    var compared = new AtomicBoolean();
    var run = executor.start(TestEngine.shared().guests(home, 1).task(spec, LIMITS), new Sink() {
      @Override public void log(Chunk chunk) {
        running.countDown();
        if (compared.get()) {
          record(sink, chunk.bytes().utf8String());
        }
      }

      @Override public void progress(Progress progress) {
        // lines only
      }
    });
    running.await();
    var container = TestEngine.shared().client().listContainersCmd().exec().stream()
        .filter(found -> executor.survivors().stream().anyMatch(
            deal -> deal.toString().equals(found.getLabels().get(ContainerPlan.DEAL))))
        .findFirst().orElseThrow().getId();
    var logs = new ProcessBuilder("docker", "logs", "-f", "--tail", "0", container).start();
    try (var reader = logs.inputReader()) {
      reader.lines().forEach(line -> {
        compared.set(true);
        record(command, line);
      });
    }
    run.await();
    print("line to sink, adapter", sink);
    print("line to docker logs -f", command);
  }

  private static void record(Histogram histogram, String text) {
    var now = InstantSource.system().instant();
    long micros = now.getEpochSecond() * 1_000_000 + now.getNano() / 1000;
    text.lines().forEach(line -> histogram.recordValue(
        Math.max(0, micros - (long) (Double.parseDouble(line.strip()) * 1e6))));
  }

  private static void print(String name, Histogram micros) {
    System.out.printf("%-30s n %d  p50 %.1f  p90 %.1f  p99 %.1f  max %.1f ms%n", name, micros.getTotalCount(),
        micros.getValueAtPercentile(50) / 1e3, micros.getValueAtPercentile(90) / 1e3,
        micros.getValueAtPercentile(99) / 1e3, micros.getMaxValue() / 1e3);
  }
}
