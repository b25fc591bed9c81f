package network.lilypad.node.gateway;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import network.lilypad.actors.Neighbours;
import network.lilypad.actors.deal.Deal;
import network.lilypad.actors.job.Job;
import network.lilypad.protocol.message.Bridge;
import network.lilypad.protocol.proto.v1.JobEvent;
import network.lilypad.protocol.value.DealId;
import network.lilypad.protocol.value.JobId;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;

/// One watcher of one job: follows the job and the deal of each attempt, and writes what [JobStory] makes of it to the
/// caller's stream as fast as the caller reads. Output that finds no room is not kept: it is asked for again from where
/// the caller stands. Subscriptions live in the entities' memory only, so they are renewed on a timer.
final class JobWatch extends AbstractBehavior<JobWatch.Message> {
  /// Output waiting for the caller; beyond it output is asked for again later.
  static final long MAX_QUEUED_BYTES = 1 << 20;
  /// What a piece of output costs beside its bytes.
  private static final long PIECE_BYTES = 256;
  private static final Duration RENEW_EVERY = Duration.ofSeconds(1);
  private static final Duration BRIDGE_TIMEOUT = Duration.ofSeconds(5);

  /// What a watch is about.
  ///
  /// @param blocking where the store is read
  record Watched(JobId job, JobStory story, Neighbours neighbours, LogFill logs, Executor blocking) {}

  /// Where events go. Used by the watch's actor only.
  interface Outlet {
    /// Whether the caller has room.
    boolean ready();

    /// Sends an event.
    void send(JobEvent event);

    /// Nothing more will come.
    void complete();

    /// Nothing more will come from this gateway.
    void leave();
  }

  sealed interface Message {}

  /// The caller has room again.
  record Ready() implements Message {}

  /// The caller has gone.
  record Gone() implements Message {}

  /// The gateway goes.
  record Closing() implements Message {}

  private record JobSaid(Job.View view) implements Message {}

  private record DealSaid(Deal.Update update) implements Message {}

  private record LedgerSaid(Optional<Bridge.Receipt> receipt) implements Message {}

  private record Filled(Optional<List<Deal.Log>> pieces) implements Message {}

  private record Renew() implements Message {}

  private final Watched watched;
  private final JobStory story;
  private final Outlet outlet;
  private final ActorRef<Job.View> jobWatcher;
  private final ActorRef<Deal.Update> dealWatcher;
  private final Deque<JobEvent> queue = new ArrayDeque<>();
  private long queuedBytes;
  private boolean behind;
  private boolean filling;
  private boolean asking;
  private Optional<DealId> watching = Optional.empty();

  private JobWatch(ActorContext<Message> context, Watched watched, Outlet outlet) {
    super(context);
    this.watched = watched;
    this.story = watched.story;
    this.outlet = outlet;
    this.jobWatcher = context.messageAdapter(Job.View.class, JobSaid::new);
    this.dealWatcher = context.messageAdapter(Deal.Update.class, DealSaid::new);
    watchJob();
  }

  static Behavior<Message> create(Watched watched, Outlet outlet) {
    return Behaviors.setup(context -> Behaviors.withTimers(timers -> {
      timers.startTimerWithFixedDelay(new Renew(), RENEW_EVERY);
      return new JobWatch(context, watched, outlet);
    }));
  }

  @Override public Receive<Message> createReceive() {
    return newReceiveBuilder().onAnyMessage(this::on).build();
  }

  private Behavior<Message> on(Message message) {
    switch (message) {
      case JobSaid(var view) -> queue(story.jobSaid(view));
      case DealSaid(Deal.Changed(var view)) -> queue(story.dealSaid(view));
      case DealSaid(Deal.Started started) -> queue(story.runStarted(started));
      case DealSaid(Deal.Log log) -> output(log);
      case DealSaid(Deal.Reported report) -> queue(story.runReported(report));
      case LedgerSaid(var receipt) -> {
        asking = false;
        receipt.ifPresent(said -> queue(story.ledgerSaid(said)));
      }
      case Filled(var pieces) -> filled(pieces);
      case Renew _ -> renew();
      case Ready _ -> {}
      case Gone _ -> {
        return Behaviors.stopped();
      }
      case Closing _ -> {
        outlet.leave();
        return Behaviors.stopped();
      }
    }
    return goOn();
  }

  private Behavior<Message> goOn() {
    followDeal();
    fill();
    while (outlet.ready() && !queue.isEmpty()) {
      var event = queue.removeFirst();
      queuedBytes -= cost(event);
      outlet.send(event);
    }
    if (!queue.isEmpty()) {
      return this;
    }
    if (story.over()) {
      outlet.complete();
      return Behaviors.stopped();
    }
    if (behind) {
      behind = false;
      watchDeal();
    }
    fill();
    return this;
  }

  private void queue(List<JobEvent> events) {
    events.forEach(event -> {
      queue.addLast(event);
      queuedBytes += cost(event);
    });
  }

  private static long cost(JobEvent event) {
    return event.hasLog() ? event.getLog().getData().size() + PIECE_BYTES : 0;
  }

  private void output(Deal.Log log) {
    if (queuedBytes + log.bytes().size() > MAX_QUEUED_BYTES) {
      behind = true;
    } else {
      queue(story.runSaid(log));
    }
  }

  private void followDeal() {
    if (!story.deal().equals(watching)) {
      watching.ifPresent(old -> watched.neighbours.deal(old).tell(new Deal.Unwatch(dealWatcher)));
      watching = story.deal();
      watchDeal();
    }
  }

  private void watchDeal() {
    var at = story.cursor();
    watching.ifPresent(
        deal -> watched.neighbours.deal(deal).tell(new Deal.Watch(dealWatcher, at.stdout(), at.stderr())));
  }

  private void watchJob() {
    watched.neighbours.job(watched.job).tell(new Job.Watch(jobWatcher));
  }

  private void renew() {
    watchJob();
    watchDeal();
    var unpaid = story.unpaid();
    if (unpaid.isPresent() && !asking) {
      asking = true;
      getContext().ask(Bridge.Reply.class, watched.neighbours.bridge(), BRIDGE_TIMEOUT,
          replyTo -> new Bridge.GetDeal(unpaid.get(), replyTo), (reply, _) -> new LedgerSaid(
              reply instanceof Bridge.Receipt receipt ? Optional.of(receipt) : Optional.empty()));
    }
  }

  /// Reads output that only the result has, while there is room for it.
  private void fill() {
    var missing = story.missing();
    if (missing.isPresent() && !filling && queuedBytes + LogFill.MAX_FILL_BYTES <= MAX_QUEUED_BYTES) {
      filling = true;
      getContext().pipeToSelf(
          CompletableFuture.supplyAsync(() -> watched.logs.read(missing.get()), watched.blocking),
          (pieces, _) -> new Filled(Optional.ofNullable(pieces)));
    }
  }

  private void filled(Optional<List<Deal.Log>> read) {
    filling = false;
    read.ifPresent(pieces -> {
      pieces.forEach(piece -> queue(story.runSaid(piece)));
      if (pieces.isEmpty()) {
        queue(story.logsCompleted());
      }
    });
  }
}
