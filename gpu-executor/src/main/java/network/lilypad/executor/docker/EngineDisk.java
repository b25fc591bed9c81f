package network.lilypad.executor.docker;

import com.github.dockerjava.api.exception.DockerException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import network.lilypad.executor.ExecutorUnavailableException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The disk on which an engine keeps images and containers. Blocks. Thread-safe.
final class EngineDisk {
  /// What stays free of it: containers, their logs and the system's own files need some. A small disk keeps a twentieth.
  static final long FREE_BYTES_MIN = 5L << 30;
  private static final int FREE_SHARE = 20;

  private static final Logger LOG = LoggerFactory.getLogger(EngineDisk.class);

  private final EngineClient engine;
  private volatile Optional<Path> root = Optional.empty();

  EngineDisk(EngineClient engine) {
    this.engine = engine;
  }

  /// Why nothing more may be put on it; empty if there is room, or it is not to be seen from here.
  Optional<String> shortage() {
    try {
      var store = Files.getFileStore(root());
      long floor = Math.min(FREE_BYTES_MIN, store.getTotalSpace() / FREE_SHARE);
      return store.getUsableSpace() >= floor ? Optional.empty()
          : Optional.of("the disk of " + root() + " has less than " + (floor >> 20) + " MiB free");
    } catch (IOException | DockerException | ExecutorUnavailableException e) {
      LOG.debug("the engine's disk is not to be seen: {}", e.toString());
      return Optional.empty();
    }
  }

  private Path root() {
    var known = root;
    if (known.isEmpty()) {
      known = Optional.of(Path.of(String.valueOf(engine.info().getDockerRootDir())));
      root = known;
    }
    return known.get();
  }
}
