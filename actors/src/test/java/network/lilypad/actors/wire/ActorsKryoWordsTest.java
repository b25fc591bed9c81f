package network.lilypad.actors.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.typesafe.config.ConfigFactory;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import network.lilypad.actors.deal.Cause;
import network.lilypad.actors.deal.Deal;
import network.lilypad.actors.job.Job;
import network.lilypad.actors.machine.Machine;
import network.lilypad.actors.market.Matchmaker;
import network.lilypad.protocol.Rejection;
import network.lilypad.protocol.Samples;
import network.lilypad.protocol.message.AgentSession;
import network.lilypad.protocol.message.Bridge;
import network.lilypad.protocol.serializer.KryoWire;
import network.lilypad.protocol.serializer.KryoWords;
import network.lilypad.protocol.serializer.KryoWordsContract;
import network.lilypad.protocol.serializer.ProtocolKryoWords;
import network.lilypad.protocol.value.Bytes32;
import network.lilypad.protocol.value.DealPhase;
import network.lilypad.protocol.value.Engine;
import network.lilypad.protocol.value.Keccak256;
import network.lilypad.protocol.value.Lp;
import network.lilypad.protocol.value.MachineLimits;
import network.lilypad.protocol.value.MachineSpeed;
import network.lilypad.protocol.value.NetworkPolicy;
import org.junit.jupiter.api.Test;

class ActorsKryoWordsTest extends KryoWordsContract {
  private static final Job.Ending ENDING = new Job.Ending(Samples.PROVIDER.address(), DealPhase.RESULTS_ACCEPTED,
      Cause.COMPLETED, Lp.of(10));
  private static final Job.View JOB_VIEW = new Job.View(Samples.JOB, "Done", 2, List.of(Samples.signedJobOffer()),
      List.of(new Job.Ending(Samples.AGENT.address(), DealPhase.LAPSED, Cause.LAPSED, Lp.ZERO), ENDING),
      1_800_000_000L, 1_800_000_650L);
  private static final Job.View UNPOSTED = new Job.View(Samples.JOB, "Unposted", 0, List.of(), List.of(), 0, 0);
  private static final Machine.Attributes ATTRIBUTES = new Machine.Attributes(List.of(Engine.WASM, Engine.DOCKER),
      List.of(Keccak256.hash("allowed")), List.of(Keccak256.hash("denied"), Bytes32.ZERO),
      new MachineLimits(NetworkPolicy.HTTP, 3600, Lp.gwei(7)), List.of(new MachineSpeed(1_800_000_000L, 1, 2, 3, 4)));
  private static final Machine.Hello HELLO = new Machine.Hello(Samples.signedResourceOffer(),
      Keccak256.hash("offer digest"), ATTRIBUTES, Samples.RESOURCES,
      List.of(new Machine.Running(Samples.DEAL, 17), new Machine.Running(Samples.JOB.deal(1), 16)));
  private static final Machine.View MACHINE_VIEW = new Machine.View(Samples.MACHINE, "Open",
      List.of(Samples.signedResourceOffer()), Samples.RESOURCES, List.of(Samples.DEAL), 17);
  private static final Deal.Terms TERMS = new Deal.Terms(Samples.signedJobOffer(), Samples.JOB, 2, Samples.MACHINE,
      Keccak256.hash("offer digest"), Lp.of(11));
  private static final Bridge.Receipt RECEIPT = new Bridge.Receipt(Samples.DEAL.toString(), DealPhase.AGREED,
      1_800_000_005L, "7", Lp.ZERO, Lp.ZERO);
  private static final Deal.View DEAL_VIEW = new Deal.View(Samples.DEAL, DealPhase.RESULTS_SUBMITTED, List.of(TERMS),
      List.of(Samples.signedLease()), List.of(Samples.signedResult()),
      List.of(new Deal.Stage(DealPhase.NEGOTIATING, 1_800_000_001L), new Deal.Stage(DealPhase.AGREED, 1_800_000_005L)),
      "", List.of(RECEIPT));
  private static final Rejection WHY = new Rejection.NoCapacity(Samples.MACHINE.toString(), "2 GPUs", "1 GPU");

  @Override protected KryoWords words() {
    return new ActorsKryoWords();
  }

  @Override protected List<KryoWords> modules() {
    return List.of(new ProtocolKryoWords(), words());
  }

  @Override protected List<Class<?>> interfaces() {
    return List.of(Job.class, Machine.class, Deal.class, Matchmaker.class);
  }

  @Override protected List<Class<?>> local() {
    return List.of(Job.Event.class, Job.Reason.class, Machine.Event.class, Deal.Event.class,
        Job.Rest.class, Machine.Enlist.class, Machine.Look.class, Machine.Rest.class, Deal.Rest.class,
        Matchmaker.Loaded.class, Matchmaker.LoadFailed.class, Matchmaker.ReadAgain.class, Matchmaker.GoOn.class,
        Matchmaker.Answered.class);
  }

  @Override protected String goldenFolder() {
    return "actors/src/test/resources/golden/kryo";
  }

  @Override protected List<? extends Record> samples() {
    return Stream.of(jobs(), machines(), deals(), dealAnswers(), matchmakers()).flatMap(List::stream).toList();
  }

  @Test void every_word_interface_is_bound_to_kryo() {
    var bindings = ConfigFactory.load().getConfig("pekko.actor.serialization-bindings").root().unwrapped();
    assertThat(Stream.of(Job.Command.class, Job.Reply.class, Job.View.class, Machine.Command.class, Machine.View.class,
        Deal.Command.class, Deal.Answer.class, Deal.Reply.class, Deal.Update.class, Deal.View.class,
        Matchmaker.Command.class, Matchmaker.Explained.class).map(Class::getName))
        .allSatisfy(name -> assertThat(bindings).containsEntry(name, "lilypad-kryo"));
  }

  @Test void the_longest_introduction_of_a_machine_takes_half_of_the_longest_message() {
    // given
    var modules = Collections.nCopies(Machine.Attributes.MAX_MODULES, Keccak256.hash("module"));
    var running = Collections.nCopies(1024, new Machine.Running(Samples.DEAL, Long.MAX_VALUE));
    var hello = new Machine.Hello(Samples.signedResourceOffer(), Keccak256.hash("offer digest"),
        new Machine.Attributes(List.of(Engine.WASM), modules, modules, MachineLimits.UNLIMITED,
            List.of(new MachineSpeed(1, Long.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE))),
        Samples.RESOURCES, running);
    // when
    var bytes = bytes(new Machine.Attach(new AgentSession.Handle(4, asker()), hello));
    // then
    assertThat(bytes).hasSizeLessThan(KryoWire.MAX_BYTES / 2);
  }

  private static List<Record> jobs() {
    return List.of(
        new Job.Post(Samples.signedJobOffer(), asker()),
        new Job.Stop(Samples.signedCancel(), asker()),
        new Job.Claim(2, Samples.PROVIDER.address(), asker()),
        new Job.AttemptEnded(2, ENDING, asker()),
        new Job.NothingToStop(2),
        new Job.StopHeard(2),
        new Job.OnBook(2),
        new Job.OffBook(),
        new Job.Unreserved(),
        new Job.Tick(),
        new Job.Get(asker()),
        new Job.Watch(asker()),
        ENDING,
        new Job.Done(JOB_VIEW),
        new Job.Refused(WHY),
        JOB_VIEW,
        UNPOSTED,
        new Job.Unwatch(asker()));
  }

  private static List<Record> machines() {
    return List.of(
        new Machine.Attach(new AgentSession.Handle(4, asker()), HELLO),
        HELLO,
        ATTRIBUTES,
        new Machine.Running(Samples.DEAL, 17),
        new Machine.Beat(new AgentSession.Handle(4, asker())),
        new Machine.Detached(4),
        new Machine.Killed(4, Samples.DEAL),
        new Machine.LeaseSigned(Samples.signedLease()),
        new Machine.LeaseDeclined(Samples.DEAL, "no such image"),
        new Machine.RunTaken(Samples.DEAL),
        new Machine.Reserve(Samples.JOB, Samples.signedJobOffer(), 2, Lp.of(11), asker()),
        new Machine.Run(Samples.DEAL, Samples.signedJobOffer(), Samples.signedLease(), asker()),
        new Machine.Free(Samples.DEAL, true, asker()),
        new Machine.Delist(Machine.Why.DRAINED),
        new Machine.OnBook(5),
        new Machine.Tick(),
        new Machine.Get(asker()),
        MACHINE_VIEW,
        new Machine.Held(Samples.JOB, 2),
        new Machine.Declare(new AgentSession.Handle(4, asker()), HELLO, true));
  }

  private static List<Record> deals() {
    return List.of(
        new Deal.Propose(TERMS, asker()),
        TERMS,
        new Deal.Answer(Samples.JOB, 2, DealPhase.NEGOTIATING, List.of()),
        new Deal.Answer(Samples.JOB, 2, DealPhase.TIMEOUT_AGREE, List.of(WHY)),
        new Deal.Claimed(),
        new Deal.ClaimRefused(WHY),
        new Deal.LeaseGranted(Samples.signedLease()),
        new Deal.LeaseRefused(WHY),
        new Deal.RunAcknowledged(),
        new Deal.SliceFreed(),
        new Deal.JobTold(),
        new Deal.SubmitResult(Samples.signedResult(), asker()),
        new Deal.Accept(Samples.signedAcceptance(), asker()),
        new Deal.GiveBack(Samples.signedRelease(), asker()),
        new Deal.Stop(Samples.JOB, 2, List.of(Samples.signedCancel())),
        new Deal.Stop(Samples.JOB, 2, List.of()),
        new Deal.ProviderSilent(17),
        new Deal.Tick(),
        new Deal.Get(asker()),
        new Deal.Watch(asker(), 100, 200),
        new Deal.RunForgotten(17),
        new Deal.Unwatch(asker()));
  }

  private static List<Record> dealAnswers() {
    var log = new Deal.Log(Samples.DEAL, true, 64, ByteString.copyFromUtf8("moo\n"));
    return List.of(
        new Deal.OpenAnswered(Samples.signedLease(), RECEIPT),
        new Deal.AnnulAnswered(new Bridge.Refused(Samples.DEAL.toString(), WHY)),
        new Deal.SubmitAnswered(RECEIPT),
        new Deal.EndAnswered(RECEIPT),
        new Deal.Progress(17, log),
        new Deal.Progress(17, new Deal.Started(Samples.DEAL, 1_800_000_020L)),
        new Deal.Changed(DEAL_VIEW),
        new Deal.Started(Samples.DEAL, 1_800_000_020L),
        new Deal.Reported(Samples.DEAL, ByteString.copyFromUtf8("report")),
        log,
        new Deal.Done(DEAL_VIEW),
        new Deal.Refused(WHY),
        DEAL_VIEW,
        new Deal.Stage(DealPhase.AGREED, 1_800_000_005L));
  }

  private static List<Record> matchmakers() {
    var fallen = new Matchmaker.Fallen("price", 7, "asks 13 LP, the limit is 12 LP");
    return List.of(
        new Matchmaker.ListJob(Samples.JOB, Samples.signedJobOffer(), 2, List.of(Samples.AGENT.address()),
            1_800_000_030L, asker()),
        new Matchmaker.TakeJob(Samples.JOB, asker()),
        new Matchmaker.ListMachine(Samples.signedResourceOffer(), Keccak256.hash("offer digest"), ATTRIBUTES,
            Samples.RESOURCES, List.of(new Machine.Held(Samples.JOB, 1)), 5, asker()),
        new Matchmaker.TakeMachine(Samples.MACHINE, 6, asker()),
        new Matchmaker.Explain(Samples.JOB, Samples.signedJobOffer(), asker()),
        new Matchmaker.Explained(9, 2, List.of(fallen), List.of("offer 13 LP")),
        fallen,
        new Matchmaker.Tick());
  }
}
