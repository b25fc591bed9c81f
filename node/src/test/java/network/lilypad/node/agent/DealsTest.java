package network.lilypad.node.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.ManagedChannel;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Random;
import network.lilypad.executor.Outcome;
import network.lilypad.node.client.CallSigner;
import network.lilypad.node.client.LedgerClock;
import network.lilypad.protocol.proto.v1.AgentMessage.MessageCase;
import network.lilypad.protocol.proto.v1.GatewayMessage;
import network.lilypad.protocol.proto.v1.RunReport;
import network.lilypad.protocol.proto.v1.SignLease;
import network.lilypad.protocol.sign.Eip712;
import network.lilypad.protocol.value.Bytes32;
import network.lilypad.protocol.value.Lease;
import network.lilypad.protocol.value.Lp;
import network.lilypad.protocol.value.Release;
import network.lilypad.protocol.wire.JobSpecWire;
import network.lilypad.protocol.wire.SignedWire;
import network.lilypad.protocol.wire.ValuesWire;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// An agent's deals, without a session.
final class DealsTest {
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  @TempDir
  private Path folder = Path.of("");
  private final ScriptedEngine engine = new ScriptedEngine();
  private final LedgerClock clock = new LedgerClock(InstantSource.fixed(Instant.ofEpochSecond(Offers.NOW)));
  private final AgentVoice voice = new AgentVoice(Offers.PROVIDER, clock);
  private final Uplink uplink = new Uplink();
  private final LogPump logs = new LogPump(uplink::send);
  private SpokenGateway gateway;
  private ManagedChannel line;
  private Spool spool;
  private Deals deals;

  @BeforeEach void open() throws IOException {
    gateway = new SpokenGateway(() -> Offers.NOW);
    spool = Spool.open(folder.resolve("deals"));
    voice.serve(new Market(Offers.DOMAIN, Offers.SOLVER, Offers.MARKET, 0, 1 << 30));
    line = gateway.address().open();
    var content = new AgentContent(line, CallSigner.of(Offers.PROVIDER, clock));
    deals = new Deals(ProviderPolicy.OPEN, new Standing(Offers.config(folder), engine, clock::now),
        new DealRun.Desk(content, engine, spool, uplink, logs, voice), new Random(1));
  }

  @AfterEach void close() {
    deals.close();
    logs.close();
    line.shutdownNow();
    gateway.close();
  }

  private SpooledDeal taken() {
    return spool.taken(spool.leased(Offers.run(Offers.containerJob(), Offers.lease(Offers.containerJob(), 7))));
  }

  @Test void a_run_that_has_ended_since_it_was_looked_up_is_not_run_once_more() {
    // given
    var looked = taken();
    spool.ended(looked, SignedWire.toProto(voice.sign(new Release(looked.deal()))), RunReport.getDefaultInstance());
    // when
    deals.goOn(looked);
    // then: one that was begun would wait for its end
    assertThat(deals.atWork()).isZero();
  }

  @Test void a_run_that_has_been_forgotten_since_it_was_looked_up_is_not_begun() {
    var looked = taken();
    spool.forget(looked.deal());
    deals.goOn(looked);
    assertThat(deals.atWork()).isZero();
  }

  @Test void a_lease_that_could_fill_the_disk_is_declined_by_name() throws Exception {
    // given an owner who keeps more than there is
    var open = ProviderPolicy.OPEN;
    var usual = Offers.config(folder);
    var greedy = new ProviderPolicy(open.modules(), open.minPrice(), open.maxRunSeconds(), open.network(), open.hosts(),
        open.gpus(), open.deals(),
        new ProviderPolicy.Upkeep(Duration.ZERO, List.of(), List.of(), ProviderPolicy.DISK_MIB_MAX));
    var config = new AgentConfig(gateway.address(), folder.resolve("greedy"), usual.offered(), usual.asks(), greedy,
        usual.docker());
    try (var _ = ProviderAgent.start(config, Offers.PROVIDER, engine, clock, _ -> {})) {
      var session = gateway.session();
      var hello = session.hear(MessageCase.HELLO).getHello();
      session.keep();
      // then it offers no disk
      assertThat(hello.getInventory().getDiskMib()).isZero();
      // and, when it is asked all the same, declines
      var offer = ValuesWire.resourceOffer(hello.getOffer().getResourceOffer());
      var lease = Offers.lease(Offers.containerJob(0), 7);
      session.say(GatewayMessage.newBuilder().setSignLease(SignLease.newBuilder()
          .setOffer(SignedWire.toProto(Offers.signed(Offers.containerJob(0))))
          .setLease(ValuesWire.toProto(new Lease(lease.job(), 1, lease.provider(),
              Eip712.digest(Offers.DOMAIN, offer), 7, lease.price(), Lp.ZERO, 15, lease.openBy(), lease.submitBy(),
              Bytes32.ZERO)))
          .setSpec(JobSpecWire.encode(Offers.CONTAINER))));
      assertThat(session.hear(MessageCase.LEASE_DECLINED).getLeaseDeclined().getReason())
          .isEqualTo("disk: a job may write 32 MiB (expected: at most 0, what is free beyond the reserve and the deals "
              + "at work)");
    }
  }

  @Test void a_run_is_begun_once_however_often_it_is_ordered() {
    var looked = taken();
    deals.goOn(looked);
    deals.goOn(looked);
    assertThat(deals.atWork()).isEqualTo(1);
    engine.endings.add(new Outcome.Exited(0));
    Awaitility.await().atMost(PATIENCE).until(() -> deals.atWork() == 0);
    deals.goOn(looked);
    assertThat(deals.atWork()).isZero();
    assertThat(engine.tasks).hasSize(1);
    assertThat(gateway.stored).hasValue(1);
  }

  @Test void an_agent_that_stops_while_a_result_is_read_leaves_deal_and_result_to_its_next_process() {
    // given
    var deal = taken().deal();
    engine.stopping.set(true);
    engine.endings.add(new Outcome.Exited(0));
    // when
    deals.goOn(spool.find(deal).orElseThrow());
    Awaitility.await().atMost(PATIENCE).until(() -> deals.atWork() == 0);
    // then
    assertThat(spool.find(deal).orElseThrow().ending()).isEmpty();
    assertThat(spool.runDirectory(deal).exitCode()).exists();
    // and the next one hands it in
    engine.stopping.set(false);
    engine.endings.add(new Outcome.Exited(0));
    deals.goOn(spool.find(deal).orElseThrow());
    Awaitility.await().atMost(PATIENCE).until(() -> spool.find(deal).orElseThrow().ending().isPresent());
    assertThat(spool.find(deal).orElseThrow().ending().orElseThrow().hasResult()).isTrue();
  }
}
