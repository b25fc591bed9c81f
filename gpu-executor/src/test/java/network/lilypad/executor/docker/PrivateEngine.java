package network.lilypad.executor.docker;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import network.lilypad.executor.ExecutorUnavailableException;

/// A second engine of a test's own, which may be killed and restarted. Needs root. It lives in a network namespace of its
/// own: an engine without a bridge removes `docker0`, which the machine's own engine needs.
public final class PrivateEngine implements AutoCloseable {
  private static final long READY_NANOS = TimeUnit.SECONDS.toNanos(60);

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
    Files.deleteIfExists(home.resolve("docker.pid"));
    var command = new ArrayList<>(
        List.of("unshare", "--net", "dockerd", "--host=" + socket(), "--data-root=" + home.resolve("data"),
            "--exec-root=" + home.resolve("exec"), "--pidfile=" + home.resolve("docker.pid"), "--bridge=none",
            "--iptables=false", "--ip6tables=false", "--containerd-namespace=lilypad-test",
            "--containerd-plugins-namespace=lilypad-test-plugins", "--shutdown-timeout=2"));
    var started = new ProcessBuilder(command).redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(home.resolve("dockerd.log").toFile())).start();
    awaitAnswer(started);
    return started;
  }

  private void awaitAnswer(Process started) throws InterruptedException, IOException {
    long end = System.nanoTime() + READY_NANOS;
    try (var probe = new EngineClient(socket())) {
      while (true) {
        try {
          probe.version();
          return;
        } catch (ExecutorUnavailableException e) {
          if (System.nanoTime() > end || started.waitFor(100, TimeUnit.MILLISECONDS)) {
            throw new IllegalStateException("a private dockerd did not start; it needs root. Its log: "
                + Files.readString(home.resolve("dockerd.log")), e);
          }
        }
      }
    }
  }

  /// Ends the daemon as a service manager would, containers included, and starts it again.
  void restart() throws IOException, InterruptedException {
    daemon.destroy();
    daemon.waitFor();
    daemon = launch();
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
    daemon.destroy();
    daemon.onExit().join();
    var mounts = Files.readAllLines(Path.of("/proc/self/mounts")).stream().map(line -> line.split(" ")[1])
        .filter(path -> path.startsWith(home.toString())).sorted(Comparator.reverseOrder()).toList();
    for (var mount : mounts) {
      new ProcessBuilder("umount", "--lazy", mount).start().onExit().join();
    }
  }
}
