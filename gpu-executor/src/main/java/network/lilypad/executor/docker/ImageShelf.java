package network.lilypad.executor.docker;

import com.github.dockerjava.api.exception.ConflictException;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.exception.NotFoundException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import network.lilypad.executor.ExecutorUnavailableException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The room that images take on the engine's disk: how much more may come, and what goes. Only images that this agent
/// pulled for a job go, the one that was used the longest ago first, and never one that a container has. Blocks.
/// Thread-safe.
final class ImageShelf implements Pull.Room {
  private static final Logger LOG = LoggerFactory.getLogger(ImageShelf.class);

  private final EngineClient engine;
  private final ImageRule rule;
  private final InstantSource clock;
  private final Optional<ImageLedger> ledger;
  private final Supplier<Optional<String>> shortage;

  /// @param shortage why nothing more may be put on the engine's disk; empty if there is room
  ImageShelf(EngineClient engine, ImageRule rule, InstantSource clock, Supplier<Optional<String>> shortage) {
    this.engine = engine;
    this.rule = rule;
    this.clock = clock;
    this.shortage = shortage;
    this.ledger = rule.ledger().map(ImageLedger::new);
  }

  /// With the engine's own disk.
  static ImageShelf of(EngineClient engine, ImageRule rule, InstantSource clock) {
    return new ImageShelf(engine, rule, clock, new EngineDisk(engine)::shortage);
  }

  /// An image was pulled for a job.
  void pulled(String reference) {
    ledger.ifPresent(book -> book.pulled(reference, clock.instant()));
  }

  /// A job is about to use an image.
  void uses(String reference) {
    ledger.ifPresent(book -> book.uses(reference, clock.instant()));
  }

  /// The machine's owner wants an image: it does not go, even if a job has brought it.
  void stays(Collection<String> digests) {
    ledger.ifPresent(book -> book.stays(digests));
  }

  @Override public Optional<String> objection(long bytes) {
    return bytes > rule.bytesMax()
        ? Optional.of("it has more than " + rule.bytesMax() + " bytes, which is the most that this machine takes: "
            + "lilypad.agent.docker.image-size-max")
        : Optional.empty();
  }

  @Override public Optional<String> shortage() {
    return shortage.get();
  }

  /// Removes what no job has used for long, and more while the disk is short.
  void tidy() {
    for (var image : ledger.map(ImageLedger::oldest).orElse(List.of())) {
      boolean old = Duration.between(image.getValue(), clock.instant()).compareTo(rule.keep()) > 0;
      var why = old ? Optional.of("no job has used it since " + image.getValue()) : shortage();
      if (why.isEmpty()) {
        return;
      }
      remove(image.getKey(), why.get());
    }
  }

  private void remove(String reference, String why) {
    try {
      engine.removeImage(reference);
      LOG.info("image {} is removed: {}", reference, why);
      forget(reference);
    } catch (NotFoundException _) {
      forget(reference);
    } catch (ConflictException inUse) {
      LOG.debug("image {} is kept: {}", reference, Refusal.words(inUse));
    } catch (DockerException | ExecutorUnavailableException e) {
      LOG.warn("image {} is not removed: {}", reference, Refusal.words(e));
    }
  }

  private void forget(String reference) {
    ledger.ifPresent(book -> book.removed(reference));
  }
}
