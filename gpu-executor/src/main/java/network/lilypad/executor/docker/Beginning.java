package network.lilypad.executor.docker;

import com.github.dockerjava.api.async.ResultCallback;
import com.github.dockerjava.api.exception.DockerException;
import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import network.lilypad.executor.ExecutorUnavailableException;

/// A stream of the engine's of which somebody waits for the beginning. What goes wrong before it is for whoever waits;
/// from then on all is for the listener.
final class Beginning<T> implements ResultCallback<T> {
  /// An engine that needs longer hangs.
  private static final Duration BEGINNING_MAX = Duration.ofMinutes(1);

  private final ResultCallback<T> listener;
  private final CompletableFuture<ResultCallback<T>> begun = new CompletableFuture<>();

  Beginning(ResultCallback<T> listener) {
    this.listener = listener;
  }

  @Override public void onStart(Closeable stream) {
    listener.onStart(stream);
    begun.complete(listener);
  }

  @Override public void onNext(T item) {
    listener.onNext(item);
  }

  @Override public void onError(Throwable failure) {
    if (!begun.completeExceptionally(failure)) {
      listener.onError(failure);
    }
  }

  @Override public void onComplete() {
    begun.complete(listener);
    listener.onComplete();
  }

  @Override public void close() throws IOException {
    if (begun.isDone() && !begun.isCompletedExceptionally()) {
      listener.close();
    }
  }

  /// Waits for the beginning.
  ///
  /// @return the listener
  /// @throws DockerException if the engine refuses
  /// @throws ExecutorUnavailableException if it does not answer
  ResultCallback<T> begun() {
    try {
      return begun.get(BEGINNING_MAX.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof DockerException refused ? refused
          : new ExecutorUnavailableException("docker: no stream: " + e.getCause(), e);
    } catch (TimeoutException e) {
      throw new ExecutorUnavailableException("docker: no stream within " + BEGINNING_MAX, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ExecutorUnavailableException("docker: interrupted", e);
    }
  }
}
