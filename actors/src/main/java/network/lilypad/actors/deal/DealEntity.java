package network.lilypad.actors.deal;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import network.lilypad.actors.Neighbours;
import network.lilypad.actors.Watchers;
import network.lilypad.actors.deal.Deal.Change;
import network.lilypad.actors.deal.Deal.Command;
import network.lilypad.actors.deal.Deal.Event;
import network.lilypad.actors.deal.Deal.Update;
import network.lilypad.actors.job.Job;
import network.lilypad.actors.machine.Machine;
import network.lilypad.protocol.Rejection;
import network.lilypad.protocol.entity.DecidingEntity;
import network.lilypad.protocol.entity.Decision;
import network.lilypad.protocol.entity.Home;
import network.lilypad.protocol.message.Bridge;
import network.lilypad.protocol.value.DealId;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityContext;
import org.apache.pekko.persistence.typed.PersistenceId;
import org.apache.pekko.persistence.typed.javadsl.Effect;
import org.apache.pekko.persistence.typed.javadsl.EventHandler;

/// One deal, event sourced, sharded by [DealId] and remembered until nothing is owed. Decides nothing itself: see
/// [DealState].
public final class DealEntity extends DecidingEntity<Command, Change, Event, DealState> {
  /// How long the bridge may take before it is asked again: a batch on an embedded ledger takes milliseconds.
  private static final Duration BRIDGE_TIMEOUT = Duration.ofSeconds(10);
  private static final Rejection NO_ANSWER = new Rejection.Unavailable("the ledger", BRIDGE_TIMEOUT.toMillis());

  private final DealId id;
  private final Neighbours neighbours;
  private final Watchers<Update, Command> watchers;
  private final LiveLog stdout = new LiveLog();
  private final LiveLog stderr = new LiveLog();
  private DealStory story;
  private List<Deal.Started> started = List.of();
  private List<Deal.Reported> reported = List.of();
  private List<Bridge.Receipt> receipts = List.of();

  private DealEntity(DealId id, Home<Command> home, Neighbours neighbours) {
    super(PersistenceId.of(Deal.KEY.name(), id.toString()), home, new Deal.Tick());
    this.id = id;
    this.neighbours = neighbours;
    this.watchers = new Watchers<>(home.context(), Deal.Unwatch::new);
    this.story = DealStory.begin(id);
  }

  /// A deal's behavior.
  ///
  /// @param entity its place in the cluster; the entity id is the [DealId]
  /// @param neighbours who it talks to
  /// @param clock ledger time
  /// @param random jitter
  public static Behavior<Command> create(EntityContext<Command> entity, Neighbours neighbours, InstantSource clock,
      RandomGenerator random) {
    return Behaviors.setup(context -> Behaviors.withTimers(timers -> new DealEntity(
        DealId.parse(entity.getEntityId()), new Home<>(context, timers, entity.getShard(), clock, random),
        neighbours)));
  }

  @Override public DealState emptyState() {
    return new DealState.Unproposed(id);
  }

  @Override public EventHandler<DealState, Event> eventHandler() {
    return (state, event) -> {
      var after = state.apply(event);
      story = story.after(event, after.phase());
      return after;
    };
  }

  @Override protected Effect<Event, DealState> obey(DealState state, Command command) {
    return switch (command) {
      case Deal.Get(var replyTo) -> Effect().none().thenRun(same -> replyTo.tell(view(same)));
      case Deal.Watch watch -> Effect().none().thenRun(same -> watch(same, watch));
      case Deal.Unwatch(var subscriber) -> Effect().none().thenRun(same -> unwatch(same, subscriber));
      case Deal.Progress(var epoch, var update) -> Effect().none().thenRun(same -> progress(same, epoch, update));
      case Deal.Rest _ -> Effect().none().thenRun(this::restIfQuiet);
      case Change change -> decide(state, change);
    };
  }

  private void watch(DealState state, Deal.Watch watch) {
    watchers.add(watch.subscriber());
    watch.subscriber().tell(new Deal.Changed(view(state)));
    started.forEach(watch.subscriber()::tell);
    reported.forEach(watch.subscriber()::tell);
    stdout.from(watch.stdoutFrom()).forEach(watch.subscriber()::tell);
    stderr.from(watch.stderrFrom()).forEach(watch.subscriber()::tell);
  }

  private void unwatch(DealState state, ActorRef<Update> subscriber) {
    watchers.remove(subscriber);
    schedule(state);
  }

  private void progress(DealState state, long epoch, Update update) {
    if (!(state instanceof DealState.Agreed(_, var lease, _)) || lease.word().epoch() != epoch) {
      return;
    }
    switch (update) {
      case Deal.Log log -> (log.stderr() ? stderr : stdout).add(log).forEach(watchers::tell);
      case Deal.Started begun -> {
        if (started.isEmpty()) {
          started = List.of(begun);
          watchers.tell(begun);
        }
      }
      case Deal.Reported report -> {
        reported = List.of(report);
        watchers.tell(report);
      }
      case Deal.Changed _ -> {}
    }
  }

  private Deal.View view(DealState state) {
    return story.view(state.phase(), receipts);
  }

  @Override protected void tell(network.lilypad.protocol.entity.Effect effect) {
    var self = home().context().getSelf();
    switch ((DealEffect) effect) {
      case DealEffect.ClaimJob(var job, var attempt, var provider) ->
        neighbours.job(job).tell(new Job.Claim(attempt, provider, self));
      case DealEffect.ReserveSlice(var machine, var job, var offer, var attempt, var price) ->
        neighbours.machine(machine).tell(new Machine.Reserve(job, offer, attempt, price, self));
      case DealEffect.OpenOnLedger(var offer, var lease) -> ask(replyTo -> new Bridge.Open(offer, lease, replyTo),
          reply -> new Deal.OpenAnswered(lease, reply));
      case DealEffect.AnnulOnLedger(var job, var attempt) ->
        ask(replyTo -> new Bridge.Annul(job, attempt, replyTo), Deal.AnnulAnswered::new);
      case DealEffect.RunOnMachine(var machine, var deal, var offer, var lease) ->
        neighbours.machine(machine).tell(new Machine.Run(deal, offer, lease, self));
      case DealEffect.FreeSlice(var machine, var deal, var kill) ->
        neighbours.machine(machine).tell(new Machine.Free(deal, kill, self));
      case DealEffect.CommitResult(var deal, var result) ->
        ask(replyTo -> new Bridge.Submit(deal, result, replyTo), Deal.SubmitAnswered::new);
      case DealEffect.EndOnLedger(var deal, var ending) ->
        ask(replyTo -> new Bridge.End(deal, ending, replyTo), Deal.EndAnswered::new);
      case DealEffect.TellJob(var job, var attempt, var ending) ->
        neighbours.job(job).tell(new Job.AttemptEnded(attempt, ending, self));
      case DealEffect.AnswerStop(var job, var attempt, var nothing) -> neighbours.job(job)
          .tell(nothing ? new Job.NothingToStop(attempt) : new Job.StopHeard(attempt));
    }
  }

  private void ask(Function<ActorRef<Bridge.Reply>, Bridge.Command> intent, Function<Bridge.Reply, Command> answer) {
    home().context().ask(Bridge.Reply.class, neighbours.bridge(), BRIDGE_TIMEOUT, intent::apply,
        (reply, _) -> answer.apply(reply != null ? reply : new Bridge.Refused(id.toString(), NO_ANSWER)));
  }

  @Override protected void answer(Change command, Decision<Event> decision, DealState state) {
    var refused = decision instanceof Decision.Reject<Event>(var why) ? Optional.of(why) : Optional.<Rejection>empty();
    switch (command) {
      case Deal.Propose(var terms, var replyTo) -> replyTo.tell(
          new Deal.Answer(terms.job(), terms.attempt(), state.phase(), refused.stream().toList()));
      case Deal.SubmitResult(_, var replyTo) -> replyTo.tell(reply(refused, state));
      case Deal.Accept(_, var replyTo) -> replyTo.tell(reply(refused, state));
      case Deal.GiveBack(_, var replyTo) -> replyTo.tell(reply(refused, state));
      case Deal.EndAnswered(Bridge.Receipt receipt) -> settled(receipt, state);
      case Deal.EndAnswered _,Deal.Claimed _,Deal.ClaimRefused _,Deal.LeaseGranted _,Deal.LeaseRefused _,Deal.OpenAnswered _,Deal.AnnulAnswered _,Deal.SubmitAnswered _,Deal.RunAcknowledged _,Deal.SliceFreed _,Deal.JobTold _,Deal.Stop _,Deal.ProviderSilent _,Deal.RunForgotten _,Deal.Tick _ ->
        {
        }
    }
  }

  private Deal.Reply reply(Optional<Rejection> refused, DealState state) {
    return refused.<Deal.Reply>map(Deal.Refused::new).orElseGet(() -> new Deal.Done(view(state)));
  }

  /// The ledger has moved the money: for whoever watches.
  private void settled(Bridge.Receipt receipt, DealState state) {
    if (receipts.isEmpty() && receipt.phase() == state.phase()) {
      receipts = List.of(receipt);
      watchers.tell(new Deal.Changed(view(state)));
    }
  }

  @Override protected void changed(DealState before, DealState after) {
    watchers.tell(new Deal.Changed(view(after)));
  }

  @Override protected boolean mayRest(DealState state) {
    return (state.terminal() || state instanceof DealState.Unproposed) && watchers.isEmpty();
  }

  @Override protected Command restWord() {
    return new Deal.Rest();
  }

  /// Deals write no tags: lists of deals follow from their jobs.
  @Override public Set<String> tagsFor(Event event) {
    return Set.of();
  }
}
