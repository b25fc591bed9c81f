package network.lilypad.node.gateway;

import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import network.lilypad.protocol.Defect;
import network.lilypad.protocol.Rejection;
import network.lilypad.protocol.proto.v1.JobEvent;
import network.lilypad.protocol.value.JobId;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Props;

/// The live watches of a gateway: one actor each, bounded in number.
final class JobWatches {
  private static final long RETRY_MILLIS = 5_000;

  private final GatewayPorts ports;
  private final Executor blocking;
  private final Semaphore free;
  private final AtomicLong number = new AtomicLong();
  /// By whether they have given their place back.
  private final Map<AtomicBoolean, ActorRef<JobWatch.Message>> live = new ConcurrentHashMap<>();

  JobWatches(GatewayPorts ports, Executor blocking) {
    this.ports = ports;
    this.blocking = blocking;
    this.free = new Semaphore(ports.config().limits().watchers());
  }

  /// Begins to write a job's story to a stream; returns at once.
  ///
  /// @param logs reads what an ended run has said
  /// @throws io.grpc.StatusRuntimeException `Overloaded` if there are too many
  void begin(JobId job, JobStory story, LogFill logs, StreamObserver<JobEvent> observer) {
    if (!(observer instanceof ServerCallStreamObserver<JobEvent> out)) {
      throw new Defect("observer: " + observer.getClass() + " (expected: a server's)");
    }
    admit();
    var watched = new JobWatch.Watched(job, story, ports.neighbours(), logs, blocking);
    var given = new AtomicBoolean();
    Runnable giveBack = () -> {
      if (given.compareAndSet(false, true)) {
        live.remove(given);
        free.release();
      }
    };
    var watch = ports.system().systemActorOf(JobWatch.create(watched, new Outlet(out, giveBack)),
        "watch-" + number.incrementAndGet(), Props.empty());
    live.put(given, watch);
    if (given.get()) {
      live.remove(given);
    }
    out.setOnReadyHandler(() -> watch.tell(new JobWatch.Ready()));
    out.setOnCancelHandler(() -> {
      giveBack.run();
      watch.tell(new JobWatch.Gone());
    });
  }

  /// Ends every watch, so that nobody waits for those who wait: they are told to come back.
  void close() {
    live.values().forEach(watch -> watch.tell(new JobWatch.Closing()));
  }

  /// Reads that count as watches while they last.
  interface Reading {
    /// @throws InterruptedException if the node stops
    void read() throws InterruptedException;
  }

  /// Reads in the calling thread.
  ///
  /// @throws io.grpc.StatusRuntimeException `Overloaded` if there are too many, `Unavailable` if the node stops
  void hold(Reading reading) {
    admit();
    try {
      reading.read();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw Refused.because(new Rejection.Unavailable("the gateway", RETRY_MILLIS));
    } finally {
      free.release();
    }
  }

  private void admit() {
    Refused.unless(free.tryAcquire(),
        new Rejection.Overloaded("watched jobs", ports.config().limits().watchers(), RETRY_MILLIS));
  }

  /// A watcher's stream.
  private record Outlet(ServerCallStreamObserver<JobEvent> out, Runnable giveBack) implements JobWatch.Outlet {
    @Override public boolean ready() {
      return out.isReady();
    }

    @Override public void send(JobEvent event) {
      out.onNext(event);
    }

    /// As a line that breaks, not as a refusal: whoever watches goes on with the next gateway.
    @Override public void leave() {
      giveBack.run();
      out.onError(Status.UNAVAILABLE.withDescription("the gateway stops").asRuntimeException());
    }

    @Override public void complete() {
      giveBack.run();
      out.onCompleted();
    }
  }
}
