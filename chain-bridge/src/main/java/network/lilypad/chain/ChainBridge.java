package network.lilypad.chain;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Supplier;

import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;

import network.lilypad.protocol.Rejection;
import network.lilypad.protocol.message.Bridge;
import network.lilypad.protocol.sign.Wallet;
import network.lilypad.protocol.value.Lapse;

/// The actor before one ledger, sharded by chain id. Collects the intents that arrive while the last batch runs, hands
/// them to the port as the next one (group commit), then answers all who asked.
///
/// Keeps nothing: the ledger is the truth, and senders repeat until they are answered. An intent that is asked again
/// while it waits or runs joins the first: one execution, every asker answered. When the ledger is silent, the same
/// batch is repeated until it answers; meanwhile others wait, up to a bound, then hear `Overloaded`. A batch on which
/// the ledger breaks is halved until the intent that breaks it is alone; that one is refused and logged.
public final class ChainBridge extends AbstractBehavior<ChainBridge.Message> {
  /// Questions at the ledger at once: few enough to leave database connections to others.
  static final int MAX_READS = 16;
  /// When to come back after a refusal that is about load or silence.
  static final long RETRY_MILLIS = 1_000;
  private static final Duration RESTART_FIRST = Duration.ofMillis(200);
  private static final Duration RESTART_LAST = Duration.ofSeconds(10);

  private final Settlement ledger;
  private final Wallet solver;
  private final Executor blocking;
  private final Backoff backoff;
  private Waiting waiting = new Waiting();
  private Waiting running = new Waiting();
  private int batchLimit = Settlement.MAX_BATCH;
  private int failures;
  private int reads;

  /// What a bridge is told, by others and by itself.
  sealed interface Message {}

  private record Asked(Bridge.Command command) implements Message {}

  private record Settled(Waiting batch, List<Bridge.Reply> replies) implements Message {}

  private record Failed(Waiting batch, Throwable why) implements Message {}

  private record Again(Waiting batch) implements Message {}

  private record Read(Runnable answer) implements Message {}

  private ChainBridge(ActorContext<Message> context, Settlement ledger, Wallet solver, Executor blocking,
      Backoff backoff) {
    super(context);
    this.ledger = ledger;
    this.solver = solver;
    this.blocking = blocking;
    this.backoff = backoff;
  }

  /// The bridge to a ledger.
  ///
  /// @param ledger the port
  /// @param solver signs lapses: the solver that the market's offers name
  /// @param blocking runs the port's calls, each on a virtual thread of its own
  /// @param backoff between repeats while the ledger is silent
  public static Behavior<Bridge.Command> create(Settlement ledger, Wallet solver, Executor blocking, Backoff backoff) {
    Behavior<Message> bridge = Behaviors.setup(
        context -> new ChainBridge(context, ledger, solver, blocking, backoff));
    Behavior<Message> supervised = Behaviors.supervise(bridge)
        .onFailure(SupervisorStrategy.restartWithBackoff(RESTART_FIRST, RESTART_LAST, 0.2));
    return Behaviors.transformMessages(Bridge.Command.class, supervised, words -> words.matchAny(Asked::new));
  }

  @Override public Receive<Message> createReceive() {
    return newReceiveBuilder().onAnyMessage(this::onMessage).build();
  }

  private Behavior<Message> onMessage(Message message) {
    switch (message) {
      case Asked(Bridge.Intent word) -> onIntent(word);
      case Asked(Bridge.GetBalance(var account, var replyTo)) -> read(() -> ledger.balance(account), replyTo::tell,
          () -> {});
      case Asked(Bridge.GetDeal(var deal, var replyTo)) -> read(() -> ledger.deal(deal), replyTo::tell,
          () -> replyTo.tell(unavailable(deal.toString())));
      case Settled(var batch, var replies) -> onSettled(batch, replies);
      case Failed(var batch, var why) -> onFailed(batch, why);
      case Again(var batch) -> onAgain(batch);
      case Read(var answer) -> {
        reads--;
        answer.run();
      }
    }
    return this;
  }

  private void onIntent(Bridge.Intent word) {
    try {
      var intent = intent(word);
      var place = running.contains(intent) ? running : waiting;
      if (!place.add(intent, word.replyTo())) {
        word.replyTo().tell(new Bridge.Refused(intent.key().subject(),
            new Rejection.Overloaded("money intents", Waiting.MAX_INTENTS, RETRY_MILLIS)));
      }
      settleNext();
    } catch (IllegalArgumentException e) {
      word.replyTo().tell(new Bridge.Refused(subject(word), new Rejection.Malformed("intent", word.getClass()
          .getSimpleName(), e.toString())));
    }
  }

  private void settleNext() {
    if (running.size() == 0 && waiting.size() > 0) {
      running = waiting.take(batchLimit);
      settle(running);
    }
  }

  private void settle(Waiting batch) {
    var intents = batch.list();
    getContext().pipeToSelf(CompletableFuture.supplyAsync(() -> ledger.settle(intents), blocking),
        (replies, why) -> why == null ? new Settled(batch, replies) : new Failed(batch, cause(why)));
  }

  private void onSettled(Waiting batch, List<Bridge.Reply> replies) {
    batch.answer(replies);
    if (batch == running) {
      failures = 0;
      batchLimit = Math.min(Settlement.MAX_BATCH, 2 * batchLimit);
      running = new Waiting();
      settleNext();
    }
  }

  private void onFailed(Waiting batch, Throwable why) {
    if (batch != running) {
      return;
    }
    if (why instanceof SettlementUnavailableException) {
      var delay = backoff.after(++failures);
      getContext().getLog().warn("{}; {} intents again in {} ms", why.getMessage(), batch.size(), delay.toMillis(),
          why.getCause());
      getContext().scheduleOnce(delay, getContext().getSelf(), new Again(batch));
    } else {
      isolate(batch, why);
    }
  }

  private void onAgain(Waiting batch) {
    if (batch == running) {
      settle(batch);
    }
  }

  /// Something in the batch breaks the ledger, which has undone all of it.
  private void isolate(Waiting batch, Throwable why) {
    running = new Waiting();
    if (batch.size() == 1) {
      var intent = batch.list().getFirst();
      getContext().getLog().error("the ledger breaks on {}", intent.key(), why);
      batch.answer(List.of(unavailable(intent.key().subject())));
    } else {
      batchLimit = batch.size() / 2;
      waiting = batch.before(waiting);
    }
    settleNext();
  }

  private <T> void read(Supplier<T> question, Consumer<T> answer, Runnable otherwise) {
    if (reads >= MAX_READS) {
      otherwise.run();
      return;
    }
    reads++;
    getContext().pipeToSelf(CompletableFuture.supplyAsync(question, blocking),
        (found, why) -> new Read(why == null ? () -> answer.accept(found) : otherwise));
  }

  private Intent intent(Bridge.Intent word) {
    return switch (word) {
      case Bridge.Reserve(var offer, var job, _) -> new Intent.Reserve(offer, job);
      case Bridge.Unreserve(var job, _) -> new Intent.Unreserve(job);
      case Bridge.Open(var offer, var lease, _) -> new Intent.Open(offer, lease);
      case Bridge.Annul annul -> new Intent.Annul(annul.deal());
      case Bridge.Submit(var deal, var result, _) -> new Intent.Submit(deal, result);
      case Bridge.End end -> new Intent.End(end.deal(), proof(end));
      case Bridge.Faucet(var account, var amount, var nonce, _) -> new Intent.Faucet(account, amount, nonce);
    };
  }

  private Intent.Proof proof(Bridge.End end) {
    return switch (end.ending()) {
      case Bridge.Accepted(var result, var acceptance) -> new Intent.Accepted(result, acceptance);
      case Bridge.Silence(var result) -> new Intent.Silence(result);
      case Bridge.NoResult _ -> new Intent.NoResult();
      case Bridge.Cancelled(var cancel) -> new Intent.Cancelled(cancel);
      case Bridge.Released(var release) -> new Intent.Released(release);
      case Bridge.Lapsed(var at) -> new Intent.Lapsed(solver.sign(ledger.domain(), new Lapse(end.deal(), at)));
    };
  }

  /// The subject of a word whose numbers are out of bounds.
  private static String subject(Bridge.Intent word) {
    return switch (word) {
      case Bridge.Annul(var job, _, _) -> job.toString();
      case Bridge.End(var deal, _, _) -> deal.toString();
      case Bridge.Reserve _,Bridge.Unreserve _,Bridge.Open _,Bridge.Submit _,Bridge.Faucet _ -> "";
    };
  }

  private static Bridge.Refused unavailable(String subject) {
    return new Bridge.Refused(subject, new Rejection.Unavailable("the ledger", RETRY_MILLIS));
  }

  private static Throwable cause(Throwable why) {
    return why instanceof CompletionException && why.getCause() != null ? why.getCause() : why;
  }
}
