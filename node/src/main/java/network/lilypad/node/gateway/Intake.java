package network.lilypad.node.gateway;

import io.grpc.stub.StreamObserver;

/// The receiving end of a stream of requests with one answer. The first refusal answers the call; what still comes is
/// ignored. gRPC hands messages one by one and asks for the next when this one has been stored: nothing queues here.
public abstract class Intake<Q, A> implements StreamObserver<Q> {
  private final StreamObserver<A> out;
  private boolean answered;

  /// @param out takes the answer
  protected Intake(StreamObserver<A> out) {
    this.out = out;
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
