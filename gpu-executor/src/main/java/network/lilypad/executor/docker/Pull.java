package network.lilypad.executor.docker;

import com.github.dockerjava.api.async.ResultCallback;
import com.github.dockerjava.api.model.PullResponseItem;
import java.io.Closeable;
import java.io.IOException;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import network.lilypad.executor.ExecutorUnavailableException;
import network.lilypad.executor.Sink;

/// One image on its way from a registry: adds up the layers and tells how far it is.
final class Pull extends ResultCallback.Adapter<PullResponseItem> {
  /// Engines tell of every few KiB; people look at four numbers a second.
  private static final long TELL_NANOS = 250_000_000;

  private final String reference;
  private final Sink sink;
  private final Map<String, Long> done = new HashMap<>();
  private final Map<String, Long> total = new HashMap<>();
  private Optional<String> error = Optional.empty();
  private boolean aborted;
  private long told = System.nanoTime() - TELL_NANOS;

  /// @param reference what is pulled, for messages
  Pull(String reference, Sink sink) {
    this.reference = reference;
    this.sink = sink;
    sink.progress(new Sink.Progress(Sink.Phase.PULLING, 0, 0));
  }

  @Override public synchronized void onStart(Closeable stream) {
    super.onStart(stream);
    if (aborted) {
      abort();
    }
  }

  @Override public synchronized void onNext(PullResponseItem item) {
    if (!aborted) {
      take(item);
    }
  }

  private void take(PullResponseItem item) {
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
      awaitCompletion();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ExecutorUnavailableException("docker: interrupted", e);
    } catch (RuntimeException failure) {
      error = error.or(() -> Optional.of(String.valueOf(failure.getMessage())));
    }
    if (brake.reason().isPresent() || error.isEmpty()) {
      return "pulled, but it is another one";
    }
    var fault = "image pull: " + reference + ": " + error.get().strip();
    throw refused(error.get()) ? ExecutorUnavailableException.forGood(fault) : new ExecutorUnavailableException(fault);
  }

  /// Whether the registry said no, which it will say again.
  private static boolean refused(String error) {
    var text = error.toLowerCase(Locale.ROOT);
    return Stream.of("denied", "unauthorized", "no basic auth", "not found", "manifest unknown", "invalid reference")
        .anyMatch(text::contains);
  }
}
