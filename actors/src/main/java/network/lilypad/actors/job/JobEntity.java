package network.lilypad.actors.job;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import network.lilypad.actors.Neighbours;
import network.lilypad.actors.Watchers;
import network.lilypad.actors.deal.Deal;
import network.lilypad.actors.job.Job.Change;
import network.lilypad.actors.job.Job.Command;
import network.lilypad.actors.job.Job.Event;
import network.lilypad.actors.job.Job.View;
import network.lilypad.actors.market.Matchmaker;
import network.lilypad.protocol.Rejection;
import network.lilypad.protocol.entity.DecidingEntity;
import network.lilypad.protocol.entity.Decision;
import network.lilypad.protocol.entity.Home;
import network.lilypad.protocol.message.Bridge;
import network.lilypad.protocol.value.JobId;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityContext;
import org.apache.pekko.persistence.typed.PersistenceId;
import org.apache.pekko.persistence.typed.javadsl.Effect;

/// One job, event sourced and sharded by [JobId]. Decides nothing itself: see [JobState]. Not remembered: its deal and
/// its matchmaker wake it.
public final class JobEntity extends DecidingEntity<Command, Change, Event, JobState> {
  /// The tag of events that put a job on the book.
  public static final String LISTED = "job-listed";
  /// The tag of the event that ends a job.
  public static final String ENDED = "job-ended";
  /// How long the bridge may take before it is asked again.
  private static final Duration BRIDGE_TIMEOUT = Duration.ofSeconds(10);

  private final JobId id;
  private final Neighbours neighbours;
  private final Watchers<View, Command> watchers;

  private JobEntity(JobId id, Home<Command> home, Neighbours neighbours) {
    super(PersistenceId.of(Job.KEY.name(), id.toString()), home, new Job.Tick());
    this.id = id;
    this.neighbours = neighbours;
    this.watchers = new Watchers<>(home.context(), Job.Unwatch::new);
  }

  /// A job's behavior.
  ///
  /// @param entity its place in the cluster; the entity id is the [JobId]
  /// @param neighbours who it talks to
  /// @param clock ledger time
  /// @param random jitter
  public static Behavior<Command> create(EntityContext<Command> entity, Neighbours neighbours, InstantSource clock,
      RandomGenerator random) {
    return Behaviors.setup(context -> Behaviors.withTimers(timers -> new JobEntity(JobId.parse(entity.getEntityId()),
        new Home<>(context, timers, entity.getShard(), clock, random), neighbours)));
  }

  @Override public JobState emptyState() {
    return new JobState.Unposted(id);
  }

  @Override public Set<String> tagsFor(Event event) {
    return switch (event) {
      case Job.Posted _,Job.AttemptLost _ -> Set.of(LISTED);
      case Job.Ended _ -> Set.of(ENDED);
      case Job.Closing _ -> Set.of();
    };
  }

  @Override protected Effect<Event, JobState> obey(JobState state, Command command) {
    return switch (command) {
      case Job.Get(var replyTo) -> Effect().none().thenRun(same -> replyTo.tell(same.view()));
      case Job.Watch(var subscriber) -> Effect().none().thenRun(same -> {
        watchers.add(subscriber);
        subscriber.tell(same.view());
      });
      case Job.Unwatch(var subscriber) -> Effect().none().thenRun(same -> unwatch(same, subscriber));
      case Job.Rest _ -> Effect().none().thenRun(this::restIfQuiet);
      case Change change -> decide(state, change);
    };
  }

  private void unwatch(JobState state, ActorRef<Job.View> subscriber) {
    watchers.remove(subscriber);
    schedule(state);
  }

  @Override protected void tell(network.lilypad.protocol.entity.Effect effect) {
    var self = home().context().getSelf();
    switch ((JobEffect) effect) {
      case JobEffect.ListOnBook(var job, var offer, var attempt, var excluded, var notBefore) ->
        neighbours.matchmaker(offer.word().market())
            .tell(new Matchmaker.ListJob(job, offer, attempt, excluded, notBefore, self));
      case JobEffect.TakeOffBook(var job, var offer) ->
        neighbours.matchmaker(offer.market()).tell(new Matchmaker.TakeJob(job, self));
      case JobEffect.StopDeal(var job, var attempt, var cancel) ->
        neighbours.deal(job.deal(attempt)).tell(new Deal.Stop(job, attempt, cancel));
      case JobEffect.Unreserve(var job) -> home().context().ask(Bridge.Reply.class, neighbours.bridge(),
          BRIDGE_TIMEOUT, replyTo -> new Bridge.Unreserve(job, replyTo),
          (reply, failure) -> reply instanceof Bridge.Receipt ? new Job.Unreserved() : new Job.Tick());
    }
  }

  @Override protected void answer(Change command, Decision<Event> decision, JobState state) {
    var refused = refusal(decision);
    switch (command) {
      case Job.Post(_, var replyTo) -> replyTo.tell(reply(refused, state));
      case Job.Stop(_, var replyTo) -> replyTo.tell(reply(refused, state));
      case Job.Claim(_, _, var replyTo) ->
        replyTo.tell(refused.<Deal.Command>map(Deal.ClaimRefused::new).orElseGet(Deal.Claimed::new));
      case Job.AttemptEnded(_, _, var replyTo) -> replyTo.tell(new Deal.JobTold());
      case Job.NothingToStop _,Job.StopHeard _,Job.OnBook _,Job.OffBook _,Job.Unreserved _,Job.Tick _ -> {}
    }
  }

  private static Optional<Rejection> refusal(Decision<Event> decision) {
    return decision instanceof Decision.Reject<Event>(var why) ? Optional.of(why) : Optional.empty();
  }

  private static Job.Reply reply(Optional<Rejection> refused, JobState state) {
    return refused.<Job.Reply>map(Job.Refused::new).orElseGet(() -> new Job.Done(state.view()));
  }

  @Override protected void changed(JobState before, JobState after) {
    watchers.tell(after.view());
  }

  @Override protected boolean mayRest(JobState state) {
    return watchers.isEmpty();
  }

  @Override protected Command restWord() {
    return new Job.Rest();
  }
}
