package network.lilypad.node.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import network.lilypad.executor.Outcome;
import network.lilypad.node.client.LedgerClock;
import network.lilypad.protocol.Rejection;
import network.lilypad.protocol.proto.v1.AgentMessage.MessageCase;
import network.lilypad.protocol.proto.v1.DealRef;
import network.lilypad.protocol.proto.v1.GatewayMessage;
import network.lilypad.protocol.proto.v1.Hello;
import network.lilypad.protocol.proto.v1.ResultAnswer;
import network.lilypad.protocol.proto.v1.Run;
import network.lilypad.protocol.proto.v1.RunEnding;
import network.lilypad.protocol.proto.v1.RunReport;
import network.lilypad.protocol.proto.v1.SignLease;
import network.lilypad.protocol.sign.Eip712;
import network.lilypad.protocol.value.Bytes32;
import network.lilypad.protocol.value.DealId;
import network.lilypad.protocol.value.Engine;
import network.lilypad.protocol.value.JobId;
import network.lilypad.protocol.value.JobOffer;
import network.lilypad.protocol.value.JobSpec;
import network.lilypad.protocol.value.Lease;
import network.lilypad.protocol.value.Lp;
import network.lilypad.protocol.value.NetworkPolicy;
import network.lilypad.protocol.value.Resources;
import network.lilypad.protocol.value.Work;
import network.lilypad.protocol.wire.JobSpecWire;
import network.lilypad.protocol.wire.RejectionWire;
import network.lilypad.protocol.wire.SignedWire;
import network.lilypad.protocol.wire.ValuesWire;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A real agent at a gateway that a test speaks for.
final class ProviderAgentTest {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final JobSpec SPEC = new JobSpec("test:v1", "", Engine.DOCKER, Bytes32.ZERO, "test", List.of(),
      new TreeMap<>(), new TreeMap<>());
  private static final JobOffer JOB = Offers.job(new Work(Engine.DOCKER,
      JobSpecWire.digest(JobSpecWire.encode(SPEC)), Bytes32.ZERO, Bytes32.ZERO, Resources.cpu(1000, 64, 1), 60,
      NetworkPolicy.NONE, Bytes32.ZERO, Bytes32.ZERO), 1);

  @TempDir
  private Path folder;
  private final ScriptedEngine engine = new ScriptedEngine();
  private SpokenGateway gateway;
  private ProviderAgent agent;

  @BeforeEach void start() throws IOException {
    gateway = new SpokenGateway(() -> Offers.NOW);
    agent = agent();
  }

  private ProviderAgent agent() throws IOException {
    var usual = Offers.config(folder);
    var config = new AgentConfig(gateway.address(), folder, usual.offered(), usual.asks(), usual.policy(),
        usual.docker());
    var clock = new LedgerClock(InstantSource.fixed(Instant.ofEpochSecond(Offers.NOW)));
    return ProviderAgent.start(config, Offers.PROVIDER, engine, clock, _ -> {});
  }

  @AfterEach void stop() {
    agent.close();
    gateway.close();
  }

  /// A lease under the offer that an agent has just made.
  private static Lease lease(Hello hello) {
    var offer = ValuesWire.resourceOffer(hello.getOffer().getResourceOffer());
    return new Lease(new JobId(Eip712.digest(Offers.DOMAIN, JOB)), 1, Offers.PROVIDER.address(),
        Eip712.digest(Offers.DOMAIN, offer), 7, Lp.gwei(600_000), Lp.ZERO, 15, Offers.NOW + 30, Offers.NOW + 150,
        Bytes32.ZERO);
  }

  private static GatewayMessage.Builder sign(Lease lease) {
    return GatewayMessage.newBuilder().setSignLease(SignLease.newBuilder()
        .setOffer(SignedWire.toProto(Offers.signed(JOB))).setLease(ValuesWire.toProto(lease))
        .setSpec(JobSpecWire.encode(SPEC)));
  }

  private static Hello hello(SpokenGateway.Session session) throws InterruptedException {
    return session.hear(MessageCase.HELLO).getHello();
  }

  @Test void a_disk_that_fails_while_a_lease_is_signed_costs_a_session_and_not_the_market() throws Exception {
    // given
    var first = gateway.session();
    var lease = lease(hello(first));
    first.keep();
    var obstacle = Files.writeString(folder.resolve("deals").resolve(lease.deal().toString()), "in the way");
    // when
    first.say(sign(lease));
    var second = gateway.session();
    hello(second);
    second.keep();
    // then
    Files.delete(obstacle);
    second.say(sign(lease));
    assertThat(second.hear(MessageCase.LEASE_SIGNED).getLeaseSigned().getLease()).isEqualTo(ValuesWire.toProto(lease));
  }

  @Test void beats_go_on_after_one_that_failed() throws Exception {
    // given
    var first = gateway.session();
    hello(first);
    first.keep();
    first.hear(MessageCase.BEAT);
    // when
    engine.trouble.set(Optional.of(new IllegalStateException("the driver is being replaced")));
    Awaitility.await().atMost(PATIENCE).until(() -> engine.trouble.get().isEmpty());
    // then
    for (int i = 0; i < 3; i++) {
      first.hear(MessageCase.BEAT);
    }
  }

  /// A deal of the agent's that it has begun to run.
  private Run running(SpokenGateway.Session session) throws InterruptedException {
    var lease = lease(hello(session));
    session.keep();
    session.say(sign(lease));
    var run = Run.newBuilder().setOffer(SignedWire.toProto(Offers.signed(JOB)))
        .setLease(session.hear(MessageCase.LEASE_SIGNED).getLeaseSigned()).setSpec(JobSpecWire.encode(SPEC)).build();
    session.say(GatewayMessage.newBuilder().setRun(run));
    engine.tasks.take();
    return run;
  }

  private static RunReport report(SpokenGateway.Session session) throws InterruptedException {
    return session.hear(MessageCase.REPORT).getReport().getReport();
  }

  /// The report that says how the program ended, which is followed by the result.
  private static void assertTold(SpokenGateway.Session session) throws InterruptedException {
    var last = report(session);
    while (last.getStoredAt() == 0) {
      last = report(session);
    }
    assertThat(last.getExitCode()).isEqualTo(3);
    assertThat(last.getEnding()).isEqualTo(RunEnding.RUN_ENDING_EXITED);
    assertThat(last.getStderrTail()).isEqualTo("trouble\n");
    session.hear(MessageCase.RESULT_READY);
  }

  @Test void how_a_run_ended_is_told_though_the_session_was_lost_and_again_until_its_result_is_answered()
      throws Exception {
    // given a run that ends while there is no session
    var first = gateway.session();
    var run = running(first);
    first.cut();
    var second = gateway.session();
    engine.endings.add(new Outcome.Exited(3));
    Awaitility.await().atMost(PATIENCE).until(() -> Files.exists(folder.resolve("deals").resolve(deal(run).toString())
        .resolve("ending")));
    // when the gateway knows the deal
    hello(second);
    second.say(refused(run, new Rejection.NoLease("machine", "deal")));
    second.keep(ref(run));
    // then: at once, and by two reminders
    assertTold(second);
    assertTold(second);
    assertTold(second);
    // when it knows it again, after an answer that may have been another session's
    second.say(taken(run));
    second.cut();
    var third = gateway.session();
    hello(third);
    third.keep(ref(run));
    // then
    assertTold(third);
    // and by the next process
    agent.close();
    agent = agent();
    var fourth = gateway.session();
    hello(fourth);
    fourth.keep(ref(run));
    assertTold(fourth);
  }

  @Test void a_live_run_says_how_far_it_is_to_every_session() throws Exception {
    // given
    var first = gateway.session();
    var run = running(first);
    assertThat(report(first).getTries()).isEqualTo(1);
    // when
    first.cut();
    var second = gateway.session();
    hello(second);
    second.keep(ref(run));
    // then
    assertThat(report(second).getRunningAt()).isPositive();
    engine.endings.add(new Outcome.Exited(0));
  }

  @Test void an_end_that_the_disk_does_not_take_is_told_when_it_does() throws Exception {
    // given
    var session = gateway.session();
    var run = running(session);
    var ending = folder.resolve("deals").resolve(deal(run).toString()).resolve("ending");
    Files.createDirectories(ending.resolve("in the way"));
    // when
    engine.endings.add(new Outcome.Exited(3));
    Awaitility.await().atMost(PATIENCE).until(() -> gateway.stored.get() > 0);
    Files.delete(ending.resolve("in the way"));
    Files.delete(ending);
    // then
    assertTold(session);
  }

  @Test void a_result_that_comes_too_early_is_offered_again() throws Exception {
    // given
    var session = gateway.session();
    var run = running(session);
    engine.endings.add(new Outcome.Exited(3));
    assertTold(session);
    // when
    session.say(refused(run, new Rejection.TooEarly("result", 2, 1)));
    // then
    assertTold(session);
  }

  private static DealId deal(Run run) {
    return ValuesWire.lease(run.getLease().getLease()).deal();
  }

  private static DealRef ref(Run run) {
    return DealRef.newBuilder().setDeal(Messages.bytes(deal(run).digest())).setEpoch(7).build();
  }

  private static GatewayMessage.Builder taken(Run run) {
    return GatewayMessage.newBuilder().setResultAnswer(ResultAnswer.newBuilder()
        .setDeal(Messages.bytes(deal(run).digest())));
  }

  private static GatewayMessage.Builder refused(Run run, Rejection why) {
    return GatewayMessage.newBuilder().setResultAnswer(ResultAnswer.newBuilder()
        .setDeal(Messages.bytes(deal(run).digest())).setRefused(RejectionWire.toProto(why)));
  }
}
