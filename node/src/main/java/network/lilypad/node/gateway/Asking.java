package network.lilypad.node.gateway;

import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import network.lilypad.protocol.Rejection;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.RecipientRef;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.apache.pekko.japi.function.Function;

/// Asks entities and waits for their answer: for blocking threads, never for an actor.
///
/// @param system whose scheduler counts the time
/// @param timeout how long to wait
public record Asking(ActorSystem<?> system, Duration timeout) {
  private static final long RETRY_MILLIS = 1_000;

  /// Asks.
  ///
  /// @param what whose answer it is, for the caller who does not get it
  /// @return the answer
  /// @throws io.grpc.StatusRuntimeException `Unavailable` if none comes in time: the outcome is unknown, and asking
  ///     again is the way to learn
  public <C, R> R ask(String what, RecipientRef<C> entity, Function<ActorRef<R>, C> question) {
    var answer = AskPattern.ask(entity, question, timeout, system.scheduler()).toCompletableFuture();
    try {
      return answer.get(timeout.toMillis() + RETRY_MILLIS, TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException _) {
      throw Refused.because(new Rejection.Unavailable(what, RETRY_MILLIS));
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw Refused.because(new Rejection.Unavailable(what, RETRY_MILLIS));
    }
  }
}
