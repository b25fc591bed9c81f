package network.lilypad.executor.docker;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import network.lilypad.executor.ExecutorUnavailableException;

/// A second engine of a test's own, which may be killed and restarted. Needs root. It lives in a network namespace of
/// its own: an engine without a bridge removes `docker0`, which the machine's own engine needs.
public final class PrivateEngine implements AutoCloseable {
  private static final long READY_NANOS = TimeUnit.MINUTES.toNanos(3);
  /// A dockerd gives its containerd 15 s and exits: on a machine that stands for a while it needs another start.
  private static final int LAUNCHES_MAX = 3;

  private final Path home;
  private Process daemon;

  /// Starts one.
  ///
  /// @param home where it keeps everything
  public PrivateEngine(Path home) throws IOException, InterruptedException {
    this.home = home;
    this.daemon = launch();
  }

  /// Where it listens.
  public URI socket() {
    return URI.create("unix://" + home.resolve("docker.sock"));
  }

  private Process launch() throws IOException, InterruptedException {
    for (int i = 1; i < LAUNCHES_MAX; i++) {
      var started = begin();
      if (answers(started)) {
        return started;
      }
      end(started);
    }
    var last = begin();
    if (answers(last)) {
      return last;
    }
    end(last);
    throw new IllegalStateException("a private dockerd did not start; it needs root. Its log: "
        + Files.readString(home.resolve("dockerd.log")));
  }

  private Process begin() throws IOException {
    Files.deleteIfExists(home.resolve("docker.pid"));
    var command = new ArrayList<>(
        List.of("unshare", "--net", "dockerd", "--host=" + socket(), "--data-root=" + home.resolve("data"),
            "--exec-root=" + home.resolve("exec"), "--pidfile=" + home.resolve("docker.pid"), "--bridge=none",
            "--iptables=false", "--ip6tables=false", "--containerd-namespace=lilypad-test",
            "--containerd-plugins-namespace=lilypad-test-plugins", "--shutdown-timeout=2"));
    return new ProcessBuilder(command).redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(home.resolve("dockerd.log").toFile())).start();
  }

  private boolean answers(Process started) throws InterruptedException {
    long end = System.nanoTime() + READY_NANOS;
    try (var probe = new EngineClient(socket())) {
      while (true) {
        try {
          probe.version();
          return true;
        } catch (ExecutorUnavailableException _) {
          if (System.nanoTime() > end || started.waitFor(100, TimeUnit.MILLISECONDS)) {
            return false;
          }
        }
      }
    }
  }

  /// Ends the daemon as a service manager would, containers included, and starts it again.
  void restart() throws IOException, InterruptedException {
    end(daemon);
    daemon = launch();
  }

  /// What it started may outlive it for a moment.
  private static void end(Process daemon) {
    var helpers = daemon.descendants().toList();
    daemon.destroy();
    daemon.onExit().join();
    for (var helper : helpers) {
      try {
        helper.onExit().get(1, TimeUnit.MINUTES);
      } catch (TimeoutException _) {
        helper.destroyForcibly();
      } catch (ExecutionException | InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  /// Ends the daemon as a crash would, and starts it again.
  void crash() throws IOException, InterruptedException {
    var helpers = daemon.children().toList();
    daemon.destroyForcibly().waitFor();
    for (var helper : helpers) {
      helper.destroyForcibly();
      helper.onExit().join();
    }
    Files.deleteIfExists(home.resolve("exec/containerd/containerd.pid"));
    daemon = launch();
  }

  /// Ends the daemon and undoes the mounts that a killed one has left.
  @Override public void close() throws IOException {
    end(daemon);
    var mounts = Files.readAllLines(Path.of("/proc/self/mounts")).stream().map(line -> line.split(" ")[1])
        .filter(path -> path.startsWith(home.toString())).sorted(Comparator.reverseOrder()).toList();
    for (var mount : mounts) {
      new ProcessBuilder("umount", "--lazy", mount).start().onExit().join();
    }
  }
}
