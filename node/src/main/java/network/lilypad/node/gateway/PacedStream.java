package network.lilypad.node.gateway;

import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import network.lilypad.protocol.Defect;
import network.lilypad.protocol.Rejection;

/// A long answer written by a thread of its own, which waits while the reader is slow: a few messages at a time in
/// memory. A reader that takes nothing for [#MAX_WAIT_SECONDS] is given up.
public final class PacedStream<T> {
  private static final long MAX_WAIT_SECONDS = 60;
  /// Messages sent before anybody looks whether they were taken, so that the next is read while one travels.
  private static final int AHEAD = 4;

  private final ServerCallStreamObserver<T> out;
  private final Semaphore ready = new Semaphore(0);
  private int ahead;

  private PacedStream(ServerCallStreamObserver<T> out) {
    this.out = out;
  }

  /// Writes an answer; returns at once.
  ///
  /// @param threads where the writer runs; it blocks
  /// @param writer sends everything; when it returns, the answer is complete, and what it throws refuses the call
  public static <T> void write(StreamObserver<T> observer, Executor threads, Consumer<PacedStream<T>> writer) {
    if (!(observer instanceof ServerCallStreamObserver<T> out)) {
      throw new Defect("observer: " + observer.getClass() + " (expected: a server's)");
    }
    var stream = new PacedStream<>(out);
    out.setOnReadyHandler(stream.ready::release);
    out.setOnCancelHandler(stream.ready::release);
    threads.execute(() -> {
      try {
        writer.accept(stream);
        out.onCompleted();
      } catch (RuntimeException e) {
        if (!out.isCancelled()) {
          out.onError(Refused.of(e));
        }
      }
    });
  }

  /// Sends a message as soon as the reader has room.
  ///
  /// @throws io.grpc.StatusRuntimeException if the reader has gone or takes nothing
  public void send(T message) {
    while (ahead == AHEAD && !out.isReady()) {
      awaitReady();
    }
    ahead = out.isReady() ? 1 : ahead + 1;
    out.onNext(message);
  }

  /// Whether somebody still reads.
  public boolean open() {
    return !out.isCancelled();
  }

  private void awaitReady() {
    try {
      boolean moved = ready.tryAcquire(MAX_WAIT_SECONDS, TimeUnit.SECONDS);
      Refused.unless(moved && !out.isCancelled(),
          new Rejection.Unavailable("the reader of the stream", MAX_WAIT_SECONDS * 1000));
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw Refused.because(new Rejection.Unavailable("the gateway", MAX_WAIT_SECONDS * 1000));
    }
  }
}
