package network.lilypad.executor.docker;

import com.github.dockerjava.api.async.ResultCallback;
import com.github.dockerjava.api.model.PullResponseItem;
import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import network.lilypad.executor.ExecutorUnavailableException;
import network.lilypad.executor.Sink;

/// One image on its way from a registry: adds up the layers and tells how far it is.
final class Pull extends ResultCallback.Adapter<PullResponseItem> {
  /// Engines tell of every few KiB; people look at four numbers a second.
  private static final long TELL_NANOS = 250_000_000;

  /// A registry that says nothing for so long has hung up without saying so.
  static final Duration SILENCE_MAX = Duration.ofMinutes(1);
  /// How often it is looked after.
  private static final long LOOK_MILLIS = 1000;
  /// Engines say nothing while they check what has come and put it in its place: a large layer on a slow disk takes
  /// minutes.
  private static final int PLACING_PATIENCE = 15;
  private static final Set<String> PLACING = Set.of("Verifying Checksum", "Extracting");

  private final String reference;
  private final Sink sink;
  private final Duration silenceMax;
  private final Room room;
  private final Map<String, String> doing = new ConcurrentHashMap<>();
  private final Map<String, Long> done = new ConcurrentHashMap<>();
  private final Map<String, Long> total = new ConcurrentHashMap<>();
  private Optional<String> error = Optional.empty();
  private final CountDownLatch over = new CountDownLatch(1);
  private volatile long heard = System.nanoTime();
  private boolean aborted;
  private long told = System.nanoTime() - TELL_NANOS;

  /// How much may come.
  interface Room {
    /// All that there is.
    Room ANY = new Room() {
      @Override public Optional<String> objection(long bytes) {
        return Optional.empty();
      }

      @Override public Optional<String> shortage() {
        return Optional.empty();
      }
    };

    /// Why an image may not come, as far as it has told its size; empty if it may.
    ///
    /// @param bytes that its registry has announced so far
    Optional<String> objection(long bytes);

    /// Why nothing more may be put on the engine's disk now; empty if there is room.
    Optional<String> shortage();
  }

  /// @param reference what is pulled, for messages
  Pull(String reference, Sink sink) {
    this(reference, sink, SILENCE_MAX, Room.ANY);
  }

  /// @param silenceMax how long the registry may say nothing
  Pull(String reference, Sink sink, Duration silenceMax, Room room) {
    this.room = room;
    this.reference = reference;
    this.sink = sink;
    this.silenceMax = silenceMax;
    sink.progress(new Sink.Progress(Sink.Phase.PULLING, 0, 0));
  }

  @Override public synchronized void onStart(Closeable stream) {
    super.onStart(stream);
    if (aborted) {
      abort();
    }
  }

  @Override public synchronized void onNext(PullResponseItem item) {
    heard = System.nanoTime();
    if (!aborted) {
      take(item);
    }
  }

  private void take(PullResponseItem item) {
    if (item.getId() != null && item.getStatus() != null) {
      doing.put(item.getId(), item.getStatus());
    }
    var detail = item.getProgressDetail();
    if (item.getErrorDetail() != null) {
      error = Optional.of(String.valueOf(item.getErrorDetail().getMessage()));
    } else if (item.getId() != null && detail != null && detail.getTotal() != null && detail.getCurrent() != null
        && "Downloading".equals(item.getStatus())) {
      done.put(item.getId(), detail.getCurrent());
      total.put(item.getId(), detail.getTotal());
      tell();
    } else if (item.getId() != null && "Download complete".equals(item.getStatus())) {
      total.computeIfPresent(item.getId(), (id, bytes) -> {
        done.put(id, bytes);
        return bytes;
      });
      tell();
    }
  }

  private void tell() {
    if (System.nanoTime() - told >= TELL_NANOS) {
      told = System.nanoTime();
      sink.progress(new Sink.Progress(Sink.Phase.PULLING, sum(done), sum(total)));
    }
  }

  private static long sum(Map<String, Long> layers) {
    return layers.values().stream().mapToLong(Long::longValue).sum();
  }

  /// Lets the engine stop fetching, be it before its first answer. Nothing is told from then on.
  synchronized void abort() {
    aborted = true;
    try {
      close();
    } catch (IOException e) {
      throw new ExecutorUnavailableException("docker: a pull does not stop", e);
    }
  }

  /// Waits for the end, whatever it is.
  ///
  /// @return what there is to say of it
  /// @throws ExecutorUnavailableException if the registry failed
  String await(Brake brake) {
    try {
      awaitWhileHeard();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ExecutorUnavailableException("docker: interrupted", e);
    } catch (ExecutorUnavailableException silent) {
      throw silent;
    } catch (RuntimeException failure) {
      error = error.or(() -> Optional.of(String.valueOf(failure.getMessage())));
    }
    if (brake.reason().isPresent() || error.isEmpty()) {
      return "pulled, but it is another one";
    }
    throw refused(error.get()) ? ExecutorUnavailableException.forGood(fault(error.get()))
        : new ExecutorUnavailableException(fault(error.get()));
  }

  private void awaitWhileHeard() throws InterruptedException {
    while (!over.await(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
      var tooLarge = room.objection(sum(total));
      if (tooLarge.isPresent()) {
        abort();
        throw ExecutorUnavailableException.forGood(fault(tooLarge.get()));
      }
      var why = room.shortage().or(this::silence);
      if (why.isPresent()) {
        abort();
        throw new ExecutorUnavailableException(fault(why.get()));
      }
    }
    awaitCompletion();
  }

  private String fault(String why) {
    return "image pull: " + reference + ": " + why.strip();
  }

  private Optional<String> silence() {
    return patience() > 0 ? Optional.empty()
        : Optional.of("the registry said nothing for " + silenceMax.toSeconds() + " s");
  }

  @Override public void close() throws IOException {
    try {
      super.close();
    } finally {
      over.countDown();
    }
  }

  /// What is left of it, in nanoseconds.
  private long patience() {
    boolean placing = doing.values().stream().anyMatch(PLACING::contains);
    return heard + silenceMax.toNanos() * (placing ? PLACING_PATIENCE : 1) - System.nanoTime();
  }

  /// Whether the registry said no, which it will say again.
  private static boolean refused(String error) {
    var text = error.toLowerCase(Locale.ROOT);
    return Stream.of("denied", "unauthorized", "no basic auth", "not found", "manifest unknown", "invalid reference")
        .anyMatch(text::contains);
  }
}
