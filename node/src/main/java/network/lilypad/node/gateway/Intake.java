package network.lilypad.node.gateway;

import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import network.lilypad.protocol.Defect;

/// The receiving end of a stream of requests with one answer. The first refusal answers the call; what still comes is
/// ignored. gRPC hands messages one by one and reads at most [#AHEAD] more while one is taken.
public abstract class Intake<Q, A> implements StreamObserver<Q> {
  /// Messages that are read from the line before they can be taken: a few blocks.
  private static final int AHEAD = 4;

  private final ServerCallStreamObserver<A> out;
  private boolean answered;

  /// @param observer takes the answer
  protected Intake(StreamObserver<A> observer) {
    if (!(observer instanceof ServerCallStreamObserver<A> server)) {
      throw new Defect("observer: " + observer.getClass() + " (expected: a server's)");
    }
    this.out = server;
    server.disableAutoRequest();
    server.request(AHEAD);
  }

  /// Takes a message. What it throws refuses the call.
  protected abstract void take(Q message);

  /// Everything has come: the answer. What it throws refuses the call.
  protected abstract A finish();

  /// Nothing more will come: gives back what is held.
  protected abstract void release();

  @Override public final void onNext(Q message) {
    if (answered) {
      return;
    }
    try {
      take(message);
      out.request(1);
    } catch (RuntimeException e) {
      fail(e);
    }
  }

  @Override public final void onError(Throwable cancelled) {
    answered = true;
    release();
  }

  @Override public final void onCompleted() {
    if (answered) {
      return;
    }
    try {
      var answer = finish();
      answered = true;
      release();
      out.onNext(answer);
      out.onCompleted();
    } catch (RuntimeException e) {
      fail(e);
    }
  }

  private void fail(RuntimeException why) {
    answered = true;
    release();
    out.onError(Refused.of(why));
  }
}
