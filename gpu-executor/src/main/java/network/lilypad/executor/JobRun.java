package network.lilypad.executor;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import network.lilypad.executor.GpuExecutor.Cancelled;
import network.lilypad.executor.GpuExecutor.End;
import network.lilypad.executor.GpuExecutor.Event;
import network.lilypad.executor.GpuExecutor.Failed;
import network.lilypad.executor.GpuExecutor.Finished;
import network.lilypad.executor.GpuExecutor.Log;
import network.lilypad.executor.GpuExecutor.Progressed;
import network.lilypad.executor.GpuExecutor.Retrying;
import network.lilypad.executor.GpuExecutor.Setting;
import network.lilypad.executor.GpuExecutor.Started;
import network.lilypad.protocol.value.DealId;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;

/// One deal's run: attempts until there is a result, the retries are used up, somebody cancels, or the lease is over.
/// Concludes to its supervisor, which tells the subscriber when the slice is free, and stops.
final class JobRun extends AbstractBehavior<JobRun.Command> {
  /// The scheduler takes no delay above 248 days; a longer lease is looked at again.
  private static final Duration TIMER_MAX = Duration.ofDays(100);

  /// What a run can be told.
  sealed interface Command {}

  /// Tell somebody else from now on.
  record Subscribe(ActorRef<Event> subscriber) implements Command {}

  /// Stop without a result.
  record Cancel() implements Command {}

  /// The machine has failed the run in a way that no repeat on it can mend.
  record Abandon(String reason) implements Command {}

  private record Attempt() implements Command {}

  private record Ended(Execution.Ended ended) implements Command {}

  private record Faulted(Throwable fault) implements Command {}

  private record LeaseOver() implements Command {}

  private record Logged(Sink.Chunk chunk) implements Command {}

  private record Moved(Sink.Progress progress) implements Command {}

  /// What a run is given.
  ///
  /// @param flight runs the task
  /// @param leaseEnd when a result is of no use any more
  record Assignment(Flight flight, Instant leaseEnd, ActorRef<Event> subscriber,
      ActorRef<GpuExecutor.Command> supervisor) {}

  private final Setting setting;
  private final Assignment assignment;
  private final TimerScheduler<Command> timers;
  private final DealId deal;
  private final LogWindow window = new LogWindow();
  private ActorRef<Event> subscriber;
  private int attempts;
  private boolean flying;
  /// How it shall end once nothing runs, when that has been decided before.
  private Optional<End> decided = Optional.empty();

  private JobRun(ActorContext<Command> context, TimerScheduler<Command> timers, Setting setting,
      Assignment assignment) {
    super(context);
    this.setting = setting;
    this.assignment = assignment;
    this.timers = timers;
    this.deal = assignment.flight().task().deal();
    this.subscriber = assignment.subscriber();
    awaitLeaseEnd();
    context.getSelf().tell(new Attempt());
  }

  static Behavior<Command> create(Setting setting, Assignment assignment) {
    return Behaviors
        .setup(context -> Behaviors.withTimers(timers -> new JobRun(context, timers, setting, assignment)));
  }

  @Override public Receive<Command> createReceive() {
    return newReceiveBuilder().onAnyMessage(this::on).build();
  }

  private Behavior<Command> on(Command command) {
    return switch (command) {
      case Attempt _ -> attempt();
      case Ended(var ended) -> conclude(decided.orElse(new Finished(deal, ended)));
      case Faulted(var fault) -> fault(fault);
      case Cancel _ -> stop(new Cancelled(deal));
      case Abandon(var reason) -> stop(new Failed(deal, reason));
      case LeaseOver _ ->
        awaitLeaseEnd() ? this : stop(new Failed(deal, "the lease ended at " + assignment.leaseEnd()));
      case Subscribe(var other) -> {
        subscriber = other;
        yield this;
      }
      case Logged(var chunk) -> told(new Log(deal, chunk, window));
      case Moved(var progress) -> told(new Progressed(deal, progress));
    };
  }

  /// Sets the timer for the lease's end; false if that has come.
  private boolean awaitLeaseEnd() {
    var left = Duration.between(setting.clock().instant(), assignment.leaseEnd());
    if (left.isPositive()) {
      timers.startSingleTimer(new LeaseOver(), left.compareTo(TIMER_MAX) < 0 ? left : TIMER_MAX);
    }
    return left.isPositive();
  }

  private Behavior<Command> told(Event event) {
    subscriber.tell(event);
    return this;
  }

  private Behavior<Command> attempt() {
    if (decided.isPresent()) {
      return this;
    }
    attempts++;
    flying = true;
    getContext().pipeToSelf(onVirtualThread(() -> assignment.flight().fly(sink(getContext().getSelf()))),
        (ended, fault) -> fault == null ? new Ended(ended) : new Faulted(unwrapped(fault)));
    return told(new Started(deal, attempts, setting.clock().instant()));
  }

  private static <T> CompletionStage<T> onVirtualThread(Callable<T> work) {
    var result = new CompletableFuture<T>();
    Thread.ofVirtual().name("job-run").start(() -> {
      try {
        result.complete(work.call());
      } catch (Throwable fault) {
        result.completeExceptionally(fault);
      }
    });
    return result;
  }

  private static Throwable unwrapped(Throwable fault) {
    return fault instanceof CompletionException wrapper && wrapper.getCause() != null ? wrapper.getCause() : fault;
  }

  /// Chunks that find no room in the window are dropped: their bytes are on disk.
  private Sink sink(ActorRef<Command> self) {
    return new Sink() {
      @Override public void log(Chunk chunk) {
        if (window.take(chunk.bytes().size())) {
          self.tell(new Logged(chunk));
        }
      }

      @Override public void progress(Progress progress) {
        self.tell(new Moved(progress));
      }
    };
  }

  private Behavior<Command> fault(Throwable fault) {
    flying = false;
    if (decided.isPresent()) {
      return conclude(decided.get());
    }
    if (!(fault instanceof ExecutorUnavailableException unavailable)) {
      getContext().getLog().error("run of {} failed by a bug", deal, fault);
      return conclude(new Failed(deal, fault.toString()));
    }
    var pause = unavailable.lasting() ? Optional.<Duration>empty()
        : setting.retries().policy(assignment.flight().task().spec()).pause(attempts);
    if (pause.isEmpty()) {
      return conclude(new Failed(deal, fault.getMessage() + " (" + attempts + " attempts)"));
    }
    timers.startSingleTimer(new Attempt(), pause.get());
    return told(new Retrying(deal, attempts, pause.get(), String.valueOf(fault.getMessage())));
  }

  /// Stops what runs; concludes when it has, or at once if nothing does. The first decision stands.
  private Behavior<Command> stop(End end) {
    decided = decided.or(() -> Optional.of(end));
    assignment.flight().close();
    return flying ? this : conclude(decided.orElseThrow());
  }

  private Behavior<Command> conclude(End end) {
    assignment.supervisor().tell(new RunSupervisor.Concluded(deal, end));
    return Behaviors.stopped();
  }
}
