package network.lilypad.node.session;

import com.google.protobuf.ByteString;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import network.lilypad.actors.deal.Deal;
import network.lilypad.actors.machine.Machine;
import network.lilypad.node.gateway.ApiWire;
import network.lilypad.node.gateway.GatewayPorts;
import network.lilypad.protocol.Rejection;
import network.lilypad.protocol.message.AgentSession;
import network.lilypad.protocol.proto.v1.AgentMessage;
import network.lilypad.protocol.proto.v1.DealRef;
import network.lilypad.protocol.proto.v1.GatewayMessage;
import network.lilypad.protocol.proto.v1.Log;
import network.lilypad.protocol.proto.v1.RunReported;
import network.lilypad.protocol.proto.v1.Standing;
import network.lilypad.protocol.proto.v1.Started;
import network.lilypad.protocol.value.Bytes32;
import network.lilypad.protocol.value.DealId;
import network.lilypad.protocol.value.InvalidValueException;
import network.lilypad.protocol.value.Lease;
import network.lilypad.protocol.value.Release;
import network.lilypad.protocol.value.Result;
import network.lilypad.protocol.value.Signable;
import network.lilypad.protocol.value.Signed;
import network.lilypad.protocol.wire.Admission;
import network.lilypad.protocol.wire.ValuesWire;
import network.lilypad.protocol.wire.WireDoor;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.RecipientRef;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.apache.pekko.japi.function.Function;

/// The talk with an agent that has introduced itself: its messages become words of the market, the market's words its
/// messages. What is not its own, stale or malformed is answered with a refusal and goes nowhere. Part of one
/// [AgentConnection], confined to it.
final class AgentTalk {
  private static final int MAX_REASON = 1024;
  private static final int MAX_PIECE_BYTES = 64 << 10;
  /// How long a deal may take to journal a result before the agent hears `Unavailable` and asks again.
  private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(10);
  /// A measurement is an event in the machine's journal: more often is of no use to anybody.
  private static final long SPEED_BETWEEN_SECONDS = 60;
  private static final DealId NO_DEAL = new DealId(Bytes32.ZERO);

  private final ActorContext<AgentConnection.Message> context;
  private final AgentConnection.Setting setting;
  private final GatewayPorts ports;
  private final Introduction introduction;
  private final AgentSession.Handle handle;
  private final RecipientRef<Machine.Command> machine;
  private final OwnLeases leases;
  private final LogTimes times = new LogTimes();
  private final WireDoor door;
  private Machine.Hello hello;
  private boolean draining;
  private boolean attachedBefore;
  private long speedAt;

  AgentTalk(ActorContext<AgentConnection.Message> context, AgentConnection.Setting setting, Introduction introduction,
      AgentSession.Handle handle) {
    this.context = context;
    this.setting = setting;
    this.ports = setting.ports();
    this.introduction = introduction;
    this.hello = introduction.hello();
    this.draining = introduction.draining();
    this.handle = handle;
    this.machine = ports.neighbours().machine(introduction.offer().machineId());
    this.leases = new OwnLeases(introduction.offer().machineId());
    this.door = new WireDoor(ports.signatures());
  }

  /// Says to the machine that its agent is here; a machine that was restarted asks for it again.
  void attach() {
    var running = attachedBefore ? leases.running() : hello.running();
    attachedBefore = true;
    hello = new Machine.Hello(hello.offer(), hello.digest(), hello.attributes(), hello.inventory(), running);
    machine.tell(draining ? new Machine.Declare(handle, hello, true) : new Machine.Attach(handle, hello));
  }

  void detach() {
    machine.tell(new Machine.Detached(introduction.session()));
  }

  /// What the agent says.
  ///
  /// @return what it is answered at once
  List<GatewayMessage> said(AgentMessage message) {
    try {
      return switch (message.getMessageCase()) {
        case BEAT -> beat();
        case LEASE_SIGNED -> leaseSigned(message.getLeaseSigned());
        case LEASE_DECLINED -> leaseDeclined(deal(message.getLeaseDeclined().getDeal()),
            message.getLeaseDeclined().getReason());
        case RUN_TAKEN -> runTaken(message.getRunTaken());
        case STARTED -> started(message.getStarted());
        case LOG -> log(message.getLog());
        case RESULT_READY -> resultReady(message.getResultReady());
        case KILLED -> killed(deal(message.getKilled().getDeal()));
        case GIVE_BACK -> giveBack(message.getGiveBack());
        case STANDING -> standing(message.getStanding());
        case REPORT -> report(message.getReport());
        case HELLO -> refuse(NO_DEAL, new Rejection.Malformed("message", "HELLO", "one after Hello"));
        // of an agent that is older or newer than this gateway
        case MESSAGE_NOT_SET -> List.of();
      };
    } catch (InvalidValueException e) {
      return refuse(NO_DEAL, new Rejection.Malformed(e.subject(), e.value(), e.expectation()));
    }
  }

  private List<GatewayMessage> beat() {
    machine.tell(new Machine.Beat(handle));
    return List.of(Outbound.beat(ports.ledgerTime().getAsLong()));
  }

  private List<GatewayMessage> standing(Standing standing) {
    long now = ports.ledgerTime().getAsLong();
    var attributes = paced(DeclaredAttributes.of(standing, hello.attributes(), now), now);
    hello = new Machine.Hello(hello.offer(), hello.digest(), attributes,
        ValuesWire.resources(standing.getInventory()), leases.running());
    draining = standing.getDraining();
    machine.tell(new Machine.Declare(handle, hello, draining));
    return List.of();
  }

  /// Another measurement that comes too soon is left out.
  private Machine.Attributes paced(Machine.Attributes said, long now) {
    var before = hello.attributes().speed();
    if (said.speed().equals(before)) {
      return said;
    }
    if (now - speedAt < SPEED_BETWEEN_SECONDS) {
      return new Machine.Attributes(said.engines(), said.allowedModules(), said.deniedModules(), said.limits(), before);
    }
    speedAt = now;
    return said;
  }

  private List<GatewayMessage> leaseSigned(network.lilypad.protocol.proto.v1.Signed proto) {
    return switch (admit(Lease.class, proto)) {
      case Admission.Refused(var why) -> refuse(NO_DEAL, why);
      case Admission.Admitted(var lease) -> leases.refuseLease(lease.word())
          .map(why -> refuse(lease.word().deal(), why)).orElseGet(() -> {
            machine.tell(new Machine.LeaseSigned(lease));
            return List.of();
          });
    };
  }

  private List<GatewayMessage> leaseDeclined(DealId deal, String reason) {
    machine.tell(new Machine.LeaseDeclined(deal, reason.substring(0, Math.min(MAX_REASON, reason.length()))));
    return List.of();
  }

  private List<GatewayMessage> runTaken(DealRef run) {
    return ifOwn(run, deal -> machine.tell(new Machine.RunTaken(deal)));
  }

  private List<GatewayMessage> started(Started started) {
    return ifOwn(started.getRun(), deal -> {
      times.started(deal, ports.ledgerTime().getAsLong());
      ports.neighbours().deal(deal)
          .tell(new Deal.Progress(started.getRun().getEpoch(), new Deal.Started(deal, started.getAt())));
    });
  }

  private List<GatewayMessage> log(Log log) {
    var piece = log.getPiece();
    if (piece.getData().size() > MAX_PIECE_BYTES || piece.getOffset() < 0) {
      return refuse(deal(log.getRun().getDeal()),
          new Rejection.TooLarge("piece of output in bytes", piece.getData().size(), MAX_PIECE_BYTES));
    }
    return ifOwn(log.getRun(), deal -> {
      times.heard(deal, piece, ports.ledgerTime().getAsLong()).ifPresent(
          mark -> setting.blocking().execute(() -> ports.marks().put(deal, piece.getStderr(), mark)));
      ports.neighbours().deal(deal).tell(new Deal.Progress(log.getRun().getEpoch(),
          new Deal.Log(deal, piece.getStderr(), piece.getOffset(), piece.getData())));
    });
  }

  /// For those who watch now, and for those who look later.
  private List<GatewayMessage> report(RunReported said) {
    var report = said.getReport();
    if (report.getSerializedSize() > Deal.Reported.MAX_REPORT_BYTES) {
      return refuse(deal(said.getRun().getDeal()), new Rejection.TooLarge("run report in bytes",
          report.getSerializedSize(), Deal.Reported.MAX_REPORT_BYTES));
    }
    return ifOwn(said.getRun(), deal -> {
      setting.blocking().execute(() -> ports.reports().put(deal, report));
      ports.neighbours().deal(deal).tell(new Deal.Progress(said.getRun().getEpoch(),
          new Deal.Reported(deal, report.toByteString())));
    });
  }

  private interface Step {
    void of(DealId deal);
  }

  private List<GatewayMessage> ifOwn(DealRef run, Step step) {
    var deal = deal(run.getDeal());
    return leases.refuseRun(deal, run.getEpoch()).map(why -> refuse(deal, why)).orElseGet(() -> {
      step.of(deal);
      return List.of();
    });
  }

  private List<GatewayMessage> killed(DealId deal) {
    leases.drop(deal);
    machine.tell(new Machine.Killed(introduction.session(), deal));
    return List.of();
  }

  private List<GatewayMessage> resultReady(network.lilypad.protocol.proto.v1.Signed proto) {
    return switch (admit(Result.class, proto)) {
      case Admission.Refused(var why) -> refuse(NO_DEAL, why);
      case Admission.Admitted(var result) -> leases.refuseDeal(result.word().deal())
          .map(why -> refuse(result.word().deal(), why)).orElseGet(() -> {
            submitIfStored(result);
            return List.of();
          });
    };
  }

  /// Only a result whose every block was checked here is a result.
  private void submitIfStored(Signed<Result> result) {
    var deal = result.word().deal();
    var stored = CompletableFuture.supplyAsync(
        () -> ports.store().of(introduction.offer().provider()).tree(result.word().commitment()).isPresent(),
        setting.blocking());
    var answer = stored.thenCompose(known -> known
        ? ask(deal, replyTo -> new Deal.SubmitResult(result, replyTo))
        : CompletableFuture.completedStage(Optional.of(new Rejection.BadContent(
            "result " + result.word().commitment(), "it is not stored here: put it first"))));
    context.pipeToSelf(answer, (refused, failure) -> new AgentConnection.Say(
        Outbound.answer(deal, failure == null ? refused : unavailable())));
  }

  private List<GatewayMessage> giveBack(network.lilypad.protocol.proto.v1.Signed proto) {
    return switch (admit(Release.class, proto)) {
      case Admission.Refused(var why) -> refuse(NO_DEAL, why);
      case Admission.Admitted(var release) -> leases.refuseDeal(release.word().deal())
          .map(why -> refuse(release.word().deal(), why)).orElseGet(() -> {
            release(release);
            return List.of();
          });
    };
  }

  private void release(Signed<Release> release) {
    var deal = release.word().deal();
    context.pipeToSelf(ask(deal, replyTo -> new Deal.GiveBack(release, replyTo)),
        (refused,
            failure) -> new AgentConnection.Say(Outbound.answer(deal, failure == null ? refused : unavailable())));
  }

  private CompletionStage<Optional<Rejection>> ask(DealId deal,
      Function<ActorRef<Deal.Reply>, Deal.Command> word) {
    return AskPattern.<Deal.Command, Deal.Reply>ask(ports.neighbours().deal(deal), word, ANSWER_TIMEOUT,
        ports.system().scheduler())
        .thenApply(reply -> reply instanceof Deal.Refused(var why) ? Optional.of(why) : Optional.empty());
  }

  private static Optional<Rejection> unavailable() {
    return Optional.of(new Rejection.Unavailable("the deal", 1_000));
  }

  private <T extends Signable> Admission<Signed<T>> admit(Class<T> kind,
      network.lilypad.protocol.proto.v1.Signed proto) {
    return switch (door.admit(kind, proto)) {
      case Admission.Admitted(var signed) when !introduction.speaksFor(signed.signer()) ->
        Admission.refused(new Rejection.NotAParty(signed.signer().toString(),
            "the agent " + introduction.offer().agent()));
      case Admission<Signed<T>> other -> other;
    };
  }

  /// What the market says that needs nothing from the store.
  ///
  /// @return what the agent is told
  List<GatewayMessage> told(AgentSession.Command word) {
    return switch (word) {
      case AgentSession.Kill(var deal, var epoch) -> {
        leases.drop(deal);
        yield List.of(Outbound.kill(deal, epoch));
      }
      case AgentSession.Forget(var deal) -> {
        long epoch = leases.epoch(deal);
        leases.drop(deal);
        yield List.of(Outbound.forget(deal, epoch));
      }
      case AgentSession.Reconcile reconcile -> List.of(reconcile(reconcile));
      case AgentSession.Introduce _ -> {
        attach();
        yield List.of();
      }
      case AgentSession.SignLease _,AgentSession.Run _,AgentSession.Close _ -> List.of();
    };
  }

  private GatewayMessage reconcile(AgentSession.Reconcile word) {
    var epochs = new HashMap<DealId, Long>();
    introduction.hello().running().forEach(running -> epochs.put(running.deal(), running.epoch()));
    leases.running().forEach(running -> epochs.put(running.deal(), running.epoch()));
    word.keep().forEach(deal -> leases.run(deal, epochs.getOrDefault(deal, 0L)));
    word.kill().forEach(leases::drop);
    return Outbound.reconcile(
        word.keep().stream().map(deal -> Outbound.ref(deal, epochs.getOrDefault(deal, 0L))).toList(),
        word.kill().stream().map(deal -> Outbound.ref(deal, epochs.getOrDefault(deal, 0L))).toList());
  }

  /// What the market says together with the job's spec.
  ///
  /// @param spec empty if the store does not have it or does not answer: the machine asks again
  List<GatewayMessage> told(AgentSession.Command word, Optional<byte[]> spec) {
    return switch (word) {
      case AgentSession.SignLease sign when spec.isPresent() -> {
        leases.ask(sign.lease());
        yield List.of(Outbound.signLease(sign, spec.get()));
      }
      case AgentSession.Run run when spec.isPresent() -> {
        leases.run(run.deal(), run.lease().word().epoch());
        yield List.of(Outbound.run(run, spec.get()));
      }
      case AgentSession.SignLease sign ->
        leaseDeclined(sign.lease().deal(), "the gateway has no spec of the job");
      default -> List.of();
    };
  }

  private static DealId deal(ByteString bytes) {
    return new DealId(ApiWire.bytes32("deal", bytes));
  }

  private static List<GatewayMessage> refuse(DealId deal, Rejection why) {
    return List.of(Outbound.answer(deal, Optional.of(why)));
  }
}
