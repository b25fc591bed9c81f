package network.lilypad.node.session;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import network.lilypad.node.gateway.ApiWire;
import network.lilypad.node.gateway.GatewayPorts;
import network.lilypad.node.gateway.NodeInfo;
import network.lilypad.protocol.message.AgentSession;
import network.lilypad.protocol.proto.v1.AgentMessage;
import network.lilypad.protocol.proto.v1.Challenge;
import network.lilypad.protocol.proto.v1.GatewayMessage;
import network.lilypad.protocol.value.Bytes32;
import network.lilypad.protocol.value.JobOffer;
import network.lilypad.protocol.value.Signed;
import network.lilypad.protocol.wire.Admission;
import network.lilypad.protocol.wire.JobSpecWire;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;

/// The gateway's end of one agent's session. First it takes nothing but an introduction; then it carries words between
/// the agent and its machine's entity, and closes when the agent is silent for [#LOST_AFTER] while somebody listens:
/// what it says while this process stands still lies in the socket, and counts.
///
/// Words to the agent go out in the order in which they came, although some need the job's spec from the store first:
/// while one is being read, the others wait.
final class AgentConnection extends AbstractBehavior<AgentConnection.Message> {
  /// Silence after which an agent is lost: five beats.
  static final Duration LOST_AFTER = Duration.ofSeconds(5);
  private static final Duration LOOK_EVERY = Duration.ofSeconds(1);
  /// Words waiting for the store, or for the agent to read: a machine's leases, each asked a few times.
  static final int MAX_WAITING = 4096;

  /// What a session stands on.
  ///
  /// @param blocking where the store is read
  /// @param challenge 32 random bytes of this session's own
  record Setting(GatewayPorts ports, Executor blocking, Bytes32 challenge) {}

  sealed interface Message {}

  /// The agent says something.
  record Said(AgentMessage message) implements Message {}

  /// The agent's stream has ended.
  record Ended() implements Message {}

  /// Something is to be said to the agent.
  record Say(GatewayMessage message) implements Message {}

  private record Told(AgentSession.Command word) implements Message {}

  private record Look() implements Message {}

  private record SpecRead(AgentSession.Command word, Optional<byte[]> spec) implements Message {}

  private final Setting setting;
  private final Line line;
  private final Deque<AgentSession.Command> waiting = new ArrayDeque<>();
  private Optional<AgentTalk> talk = Optional.empty();
  private boolean reading;
  private int unread;
  private int silentLooks;

  private AgentConnection(ActorContext<Message> context, TimerScheduler<Message> timers, Setting setting, Line line) {
    super(context);
    this.setting = setting;
    this.line = line;
    line.send(GatewayMessage.newBuilder().setChallenge(Challenge.newBuilder()
        .setChallenge(ApiWire.bytes(setting.challenge)).setInfo(NodeInfo.of(setting.ports))).build());
    timers.startTimerWithFixedDelay("look", new Look(), LOOK_EVERY);
  }

  static Behavior<Message> create(Setting setting, Line line) {
    return Behaviors.setup(
        context -> Behaviors.withTimers(timers -> new AgentConnection(context, timers, setting, line)));
  }

  @Override public Receive<Message> createReceive() {
    return newReceiveBuilder().onAnyMessage(this::on).onSignal(PostStop.class, _ -> {
      talk.ifPresent(AgentTalk::detach);
      return this;
    }).build();
  }

  private Behavior<Message> on(Message message) {
    return switch (message) {
      case Said(var said) -> {
        silentLooks = 0;
        var next = talk.isPresent() ? talk(talk.get(), said) : greet(said);
        line.next();
        yield next;
      }
      case Told(var word) -> told(word);
      case SpecRead(var word, var spec) -> specRead(word, spec);
      case Say(var answer) -> say(answer);
      case Look _ -> look();
      case Ended _ -> Behaviors.stopped();
    };
  }

  /// A pause of any length is one look.
  private Behavior<Message> look() {
    silentLooks++;
    return LOOK_EVERY.multipliedBy(silentLooks).compareTo(LOST_AFTER) > 0
        ? close("nothing heard for " + LOST_AFTER.toSeconds() + " s", true)
        : this;
  }

  private Behavior<Message> greet(AgentMessage said) {
    if (!said.hasHello()) {
      return close("the first message must be a Hello", false);
    }
    return switch (Introduction.admit(setting.ports, setting.challenge, said.getHello())) {
      case Admission.Refused(var why) -> close(why.code() + ": " + why.message(), why.retryAfter().isPresent());
      case Admission.Admitted(var introduction) -> {
        var handle = new AgentSession.Handle(introduction.session(),
            getContext().messageAdapter(AgentSession.Command.class, Told::new));
        var begun = new AgentTalk(getContext(), setting, introduction, handle);
        talk = Optional.of(begun);
        begun.attach();
        yield this;
      }
    };
  }

  private Behavior<Message> talk(AgentTalk begun, AgentMessage said) {
    begun.said(said).forEach(this::say);
    return this;
  }

  private Behavior<Message> told(AgentSession.Command word) {
    if (waiting.size() >= MAX_WAITING) {
      return close("too many words are waiting", true);
    }
    waiting.addLast(word);
    return goOn();
  }

  private Behavior<Message> goOn() {
    Behavior<Message> next = this;
    while (!reading && !waiting.isEmpty() && next == this) {
      var word = waiting.removeFirst();
      next = switch (word) {
        case AgentSession.SignLease(var offer, _) -> read(word, offer);
        case AgentSession.Run(_, var offer, _) -> read(word, offer);
        case AgentSession.Close(var reason) -> close(reason, true);
        case AgentSession.Introduce _,AgentSession.Kill _,AgentSession.Forget _,AgentSession.Reconcile _ -> {
          talk.ifPresent(begun -> begun.told(word).forEach(this::say));
          yield this;
        }
      };
    }
    return next;
  }

  private Behavior<Message> read(AgentSession.Command word, Signed<JobOffer> offer) {
    reading = true;
    var store = setting.ports.store();
    getContext().pipeToSelf(
        CompletableFuture.supplyAsync(() -> store.small(offer.word().work().module(), JobSpecWire.MAX_BYTES),
            setting.blocking),
        (spec, failure) -> new SpecRead(word, failure == null ? spec : Optional.empty()));
    return this;
  }

  private Behavior<Message> specRead(AgentSession.Command word, Optional<byte[]> spec) {
    reading = false;
    talk.ifPresent(begun -> begun.told(word, spec).forEach(this::say));
    return goOn();
  }

  private Behavior<Message> say(GatewayMessage message) {
    unread = line.slow() ? unread + 1 : 0;
    if (unread > MAX_WAITING) {
      return close("the agent does not read", true);
    }
    line.send(message);
    return this;
  }

  private Behavior<Message> close(String reason, boolean retry) {
    line.send(Outbound.close(reason, retry));
    line.end();
    return Behaviors.stopped();
  }
}
