package network.lilypad.node.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import network.lilypad.executor.Outcome;
import network.lilypad.node.client.LedgerClock;
import network.lilypad.protocol.proto.v1.AgentMessage.MessageCase;
import network.lilypad.protocol.proto.v1.GatewayMessage;
import network.lilypad.protocol.proto.v1.Hello;
import network.lilypad.protocol.proto.v1.ResultAnswer;
import network.lilypad.protocol.proto.v1.Run;
import network.lilypad.protocol.proto.v1.SignLease;
import network.lilypad.protocol.sign.Eip712;
import network.lilypad.protocol.value.Bytes32;
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
import network.lilypad.protocol.wire.SignedWire;
import network.lilypad.protocol.wire.ValuesWire;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A real agent at a gateway that a test speaks for.
final class ProviderAgentTest {
  private static final JobSpec SPEC = new JobSpec("test:v1", "", Engine.DOCKER, Bytes32.ZERO, "test", List.of(),
      new TreeMap<>(), new TreeMap<>());
  private static final JobOffer JOB = Offers.job(new Work(Engine.DOCKER,
      JobSpecWire.digest(JobSpecWire.encode(SPEC)), Bytes32.ZERO, Bytes32.ZERO, Resources.cpu(1000, 64, 1), 60,
      NetworkPolicy.NONE, Bytes32.ZERO, Bytes32.ZERO), 1);

  @TempDir
  private Path folder;
  private final TestEngine engine = new TestEngine();
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
    Awaitility.await().until(() -> engine.trouble.get().isEmpty());
    // then
    for (int i = 0; i < 3; i++) {
      first.hear(MessageCase.BEAT);
    }
  }
}
