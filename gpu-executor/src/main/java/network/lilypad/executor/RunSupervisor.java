package network.lilypad.executor;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import network.lilypad.executor.GpuExecutor.Accepted;
import network.lilypad.executor.GpuExecutor.Cancel;
import network.lilypad.executor.GpuExecutor.Command;
import network.lilypad.executor.GpuExecutor.End;
import network.lilypad.executor.GpuExecutor.Event;
import network.lilypad.executor.GpuExecutor.Failed;
import network.lilypad.executor.GpuExecutor.Forget;
import network.lilypad.executor.GpuExecutor.GetStatus;
import network.lilypad.executor.GpuExecutor.Refused;
import network.lilypad.executor.GpuExecutor.Reply;
import network.lilypad.executor.GpuExecutor.Run;
import network.lilypad.executor.GpuExecutor.Setting;
import network.lilypad.executor.GpuExecutor.Status;
import network.lilypad.executor.GpuExecutor.Stopped;
import network.lilypad.executor.gpu.GpuFleet;
import network.lilypad.executor.gpu.GpuWatch;
import network.lilypad.protocol.Rejection;
import network.lilypad.protocol.value.DealId;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;

/// The actor behind [GpuExecutor].
///
/// A run goes through three hands: the [JobRun] child decides, its [Flight] executes, and this actor keeps the slice
/// until the child has stopped *and* the flight has landed. So a child that crashes leaves an execution that is
/// cancelled and awaited like any other, and its slice is never sold twice.
final class RunSupervisor extends AbstractBehavior<Command> {
  /// Most ends that are remembered: more deals than an agent leaves unforgotten in a day. The oldest go first.
  static final int ENDS_MAX = 10_000;

  /// What the actor tells itself.
  sealed interface Internal extends Command {}

  /// A child knows how its run ended.
  record Concluded(DealId deal, End end) implements Internal {}

  /// A child has stopped, with or without a conclusion.
  record ChildStopped(DealId deal) implements Internal {}

  /// Nothing of the run is left.
  record Landed(DealId deal) implements Internal {}

  /// The GPUs have been looked at.
  record GpusSeen(GpuFleet fleet) implements Internal {}

  /// A run that holds its slice.
  private static final class Running {
    private final ActorRef<JobRun.Command> child;
    private final Flight flight;
    private final List<ActorRef<Reply>> cancellers = new ArrayList<>();
    private ActorRef<Event> subscriber;
    private Optional<End> end = Optional.empty();
    private GpuMeter meter;

    Running(ActorRef<JobRun.Command> child, Flight flight, ActorRef<Event> subscriber) {
      this.child = child;
      this.flight = flight;
      this.subscriber = subscriber;
      this.meter = GpuMeter.of(flight.task().grant().gpus());
    }
  }

  private final Setting setting;
  private final Map<DealId, Running> runs = new HashMap<>();
  private final Map<DealId, End> ends = new LinkedHashMap<>();
  private Slots slots;

  private RunSupervisor(ActorContext<Command> context, Setting setting) {
    super(context);
    this.setting = setting;
    this.slots = Slots.of(setting.inventory());
    var fleet = setting.gpus().found().fleet();
    fence(fleet);
    if (setting.gpus().watched()) {
      context.spawn(GpuWatch.create(setting.gpus().found(), setting.gpus().later(),
          context.messageAdapter(GpuFleet.class, GpusSeen::new)), "gpu-watch");
    }
  }

  static Behavior<Command> create(Setting setting) {
    return Behaviors.setup(context -> new RunSupervisor(context, setting));
  }

  @Override public Receive<Command> createReceive() {
    return newReceiveBuilder().onAnyMessage(this::on).onSignal(PostStop.class, _ -> stop()).build();
  }

  private Behavior<Command> on(Command command) {
    switch (command) {
      case Run run -> run(run);
      case Cancel(var deal, var replyTo) -> cancel(deal, replyTo);
      case Forget(var deal) -> ends.remove(deal);
      case GetStatus(var replyTo) -> replyTo.tell(status());
      case Concluded(var deal, var end) -> running(deal).ifPresent(run -> run.end = Optional.of(end));
      case ChildStopped(var deal) -> running(deal).ifPresent(this::land);
      case Landed(var deal) -> running(deal).ifPresent(run -> end(deal, run));
      case GpusSeen(var fleet) -> {
        meter(fleet);
        slots = slots.with(fleet.gpus());
        fence(fleet);
        setting.gpus().listener().accept(fleet);
      }
    }
    return this;
  }

  /// A run whose GPU is fenced cannot give a result that anybody should trust.
  private void fence(GpuFleet fleet) {
    var fenced = fleet.fenced();
    slots = slots.fence(fenced.keySet());
    runs.forEach((deal, run) -> slots.gpus(deal).stream().filter(fenced::containsKey).findFirst()
        .ifPresent(gpu -> run.child.tell(new JobRun.Abandon("GPU " + gpu + ": " + fenced.get(gpu)))));
  }

  private void meter(GpuFleet fleet) {
    var now = setting.clock().instant();
    runs.values().forEach(run -> run.meter = run.meter.seen(fleet, now));
  }

  private Behavior<Command> stop() {
    runs.values().forEach(run -> run.flight.close());
    return this;
  }

  private Optional<Running> running(DealId deal) {
    return Optional.ofNullable(runs.get(deal));
  }

  private Status status() {
    return new Status(Set.copyOf(runs.keySet()), Set.copyOf(ends.keySet()), slots.free());
  }

  private void run(Run run) {
    var deal = run.task().deal();
    var known = running(deal);
    var ended = Optional.ofNullable(ends.get(deal));
    if (known.isPresent()) {
      known.get().subscriber = run.subscriber();
      known.get().child.tell(new JobRun.Subscribe(run.subscriber()));
    } else if (ended.isPresent()) {
      run.subscriber().tell(ended.get());
    } else {
      var objection = objection(run);
      if (objection.isPresent()) {
        run.replyTo().tell(new Refused(deal, objection.get()));
        return;
      }
      begin(run);
    }
    run.replyTo().tell(new Accepted(deal));
  }

  private Optional<Rejection> objection(Run run) {
    var deal = run.task().deal();
    var lease = run.lease();
    long now = setting.clock().instant().getEpochSecond();
    if (!lease.deal().equals(deal)) {
      return Optional.of(new Rejection.Malformed("lease", lease.deal().toString(), "a lease of deal " + deal));
    }
    if (now >= lease.submitBy()) {
      return Optional.of(new Rejection.TooLate("run", lease.submitBy(), now));
    }
    var engine = run.task().spec().engine();
    if (!setting.executors().containsKey(engine)) {
      return Optional
          .of(new Rejection.MachineUnavailable(setting.inventory().machine().toString(), "no " + engine + " engine"));
    }
    return slots.objection(run.task().grant().resources());
  }

  private void begin(Run run) {
    var deal = run.task().deal();
    slots = slots.take(deal, run.task().grant().resources());
    var task = run.task().withGpus(slots.gpus(deal));
    var flight = new Flight(Objects.requireNonNull(setting.executors().get(task.spec().engine())), task);
    var assignment = new JobRun.Assignment(flight, Instant.ofEpochSecond(run.lease().submitBy()), run.subscriber(),
        getContext().getSelf());
    var child = getContext().spawn(JobRun.create(setting, assignment), "run-" + deal);
    getContext().watchWith(child, new ChildStopped(deal));
    runs.put(deal, new Running(child, flight, run.subscriber()));
  }

  private void cancel(DealId deal, ActorRef<Reply> replyTo) {
    var known = running(deal);
    if (known.isEmpty()) {
      replyTo.tell(new Stopped(deal));
      return;
    }
    known.get().cancellers.add(replyTo);
    known.get().child.tell(new JobRun.Cancel());
  }

  private void land(Running run) {
    var deal = run.flight.task().deal();
    run.flight.close();
    getContext().pipeToSelf(run.flight.landed(), (_, _) -> new Landed(deal));
  }

  private void end(DealId deal, Running run) {
    runs.remove(deal);
    slots = slots.free(deal);
    var end = run.end.map(run.meter::metered)
        .orElseGet(() -> new Failed(deal, "the run's supervisor crashed"));
    remember(deal, end);
    run.subscriber.tell(end);
    run.cancellers.forEach(canceller -> canceller.tell(new Stopped(deal)));
  }

  private void remember(DealId deal, End end) {
    ends.put(deal, end);
    if (ends.size() > ENDS_MAX) {
      ends.remove(ends.keySet().iterator().next());
    }
  }
}
