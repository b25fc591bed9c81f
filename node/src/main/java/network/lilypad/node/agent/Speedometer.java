package network.lilypad.node.agent;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import network.lilypad.protocol.proto.v1.MachineSpeed;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Measures the machine when nobody needs it: some time after the start, while no deal runs, and again when what is
/// known is too old. Two seconds of one core. Thread-safe.
final class Speedometer implements AutoCloseable {
  /// A first job must not wait for it.
  static final Duration QUIET = Duration.ofSeconds(30);
  private static final Duration LOOK_EVERY = Duration.ofMinutes(1);
  private static final Logger LOG = LoggerFactory.getLogger(Speedometer.class);

  private final Path directory;
  private final LongSupplier now;
  private final Thread thread;

  /// How it goes about it.
  ///
  /// @param quiet how long after the start
  /// @param idle whether nothing runs
  /// @param told what is known at the start and each new measurement
  record Manner(Duration quiet, BooleanSupplier idle, Consumer<MachineSpeed> told) {}

  /// @param file where a measurement is kept; asking for it looks at the hardware, which takes a moment
  /// @param now ledger seconds
  Speedometer(Path directory, Supplier<SpeedFile> file, LongSupplier now, Manner manner) {
    this.directory = directory;
    this.now = now;
    // a look keeps a core busy: not a carrier of the agent's other threads
    this.thread = Thread.ofPlatform().daemon().name("agent-speed").unstarted(() -> live(file.get(), manner));
  }

  void start() {
    thread.start();
  }

  private void live(SpeedFile file, Manner manner) {
    try {
      file.read(now.getAsLong()).ifPresent(manner.told);
      Thread.sleep(manner.quiet);
      while (!Thread.currentThread().isInterrupted()) {
        var kept = file.read(now.getAsLong());
        // the owner may have measured it anew
        kept.ifPresent(manner.told);
        if (kept.isEmpty() && manner.idle.getAsBoolean()) {
          measure(file, manner);
        }
        Thread.sleep(LOOK_EVERY);
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private void measure(SpeedFile file, Manner manner) {
    try {
      manner.told.accept(file.write(Benchmark.run(directory, System::nanoTime), now.getAsLong()));
    } catch (IOException e) {
      LOG.warn("this machine cannot be measured: {}", e.getMessage());
    }
  }

  @Override public void close() {
    thread.interrupt();
  }
}
