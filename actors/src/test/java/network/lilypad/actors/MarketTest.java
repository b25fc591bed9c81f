package network.lilypad.actors;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import network.lilypad.actors.deal.Deal;
import network.lilypad.actors.job.Job;
import network.lilypad.actors.machine.Machine;
import network.lilypad.actors.market.Matchmaker;
import network.lilypad.actors.market.OpenOffers;
import network.lilypad.protocol.message.AgentSession;
import network.lilypad.protocol.message.Bridge;
import network.lilypad.protocol.sign.Eip712;
import network.lilypad.protocol.sign.Wallet;
import network.lilypad.protocol.value.Acceptance;
import network.lilypad.protocol.value.Address;
import network.lilypad.protocol.value.Bytes32;
import network.lilypad.protocol.value.Cancel;
import network.lilypad.protocol.value.DealPhase;
import network.lilypad.protocol.value.Domain;
import network.lilypad.protocol.value.Engine;
import network.lilypad.protocol.value.JobId;
import network.lilypad.protocol.value.JobOffer;
import network.lilypad.protocol.value.Lease;
import network.lilypad.protocol.value.Lp;
import network.lilypad.protocol.value.MachineId;
import network.lilypad.protocol.value.MachineLimits;
import network.lilypad.protocol.value.NetworkPolicy;
import network.lilypad.protocol.value.ResourceOffer;
import network.lilypad.protocol.value.Resources;
import network.lilypad.protocol.value.Result;
import network.lilypad.protocol.value.Signed;
import network.lilypad.protocol.value.Verification;
import network.lilypad.protocol.value.Work;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.apache.pekko.persistence.testkit.PersistenceTestKitPlugin;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/// The real entities together: one job from its offer to its payment, and what the shells must do around crashes.
class MarketTest {
  private static final Domain DOMAIN = new Domain(0, Address.parse("0x" + "77".repeat(20)));
  private static final Bytes32 MARKET = Bytes32.parse("11".repeat(32));
  private static final Bytes32 MACHINE = Bytes32.parse("22".repeat(32));
  private static final Bytes32 ROOT = Bytes32.parse("33".repeat(32));
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final ActorTestKit KIT = ActorTestKit.create(
      PersistenceTestKitPlugin.config().withFallback(ConfigFactory.load()));

  private final Wallet creator = Wallet.create(new SecureRandom());
  private final Wallet provider = Wallet.create(new SecureRandom());
  private final Wallet solver = Wallet.create(new SecureRandom());
  private final LocalMarket market = new LocalMarket(KIT, DOMAIN);
  private final TestProbe<Job.Reply> gateway = KIT.createTestProbe(Job.Reply.class);
  private final TestProbe<Deal.Reply> client = KIT.createTestProbe(Deal.Reply.class);
  private final TestProbe<AgentSession.Command> agent = KIT.createTestProbe(AgentSession.Command.class);

  @AfterAll static void stop() {
    KIT.shutdownTestKit();
  }

  @Test void a_job_goes_from_offer_to_payment() {
    // given a machine on the book and a posted job
    attach(1, List.of());
    var offer = offer(1);
    var job = post(offer);
    // when the agent signs, the ledger opens, the agent runs and the creator accepts
    var lease = sign();
    opened(lease);
    var deal = lease.deal();
    assertThat(expectAgent(AgentSession.Run.class).deal()).isEqualTo(deal);
    market.machine(machine()).tell(new Machine.RunTaken(deal));
    var result = provider.sign(DOMAIN, new Result(deal, ROOT, Lp.ZERO, market.now(), market.now()));
    market.deal(deal).tell(new Deal.SubmitResult(result, client.ref()));
    assertThat(client.receiveMessage(SOON)).isInstanceOf(Deal.Done.class);
    assertThat(expectAgent(AgentSession.Forget.class).deal()).isEqualTo(deal);
    market.deal(deal).tell(
        new Deal.Accept(creator.sign(DOMAIN, new Acceptance(deal, ROOT, Lp.ZERO)), client.ref()));
    assertThat(client.receiveMessage(SOON)).isInstanceOf(Deal.Done.class);
    // then the ledger is asked to pay, once the job knows it is done, and the reservation is given back
    var end = expectBridge(Bridge.End.class);
    assertThat(end.ending()).isInstanceOf(Bridge.Accepted.class);
    end.replyTo().tell(receipt(deal.toString(), DealPhase.RESULTS_ACCEPTED));
    expectBridge(Bridge.Unreserve.class).replyTo().tell(receipt(job.toString(), DealPhase.NEGOTIATING));
    assertThat(view(job).phase()).isEqualTo("Done");
    assertThat(view(job).history()).extracting(Job.Ending::phase).containsExactly(DealPhase.RESULTS_ACCEPTED);
  }

  @Test void what_has_ended_while_somebody_watched_leaves_memory_when_the_watcher_goes() {
    // given a deal and its job, both watched to their end, which owe nothing any more
    attach(1, List.of());
    var job = post(offer(12));
    var lease = sign();
    TestProbe<Deal.Update> ofDeal = KIT.createTestProbe(Deal.Update.class);
    TestProbe<Job.View> ofJob = KIT.createTestProbe(Job.View.class);
    market.deal(lease.deal()).tell(new Deal.Watch(ofDeal.ref(), 0, 0));
    market.job(job).tell(new Job.Watch(ofJob.ref()));
    opened(lease);
    expectAgent(AgentSession.Run.class);
    market.machine(machine()).tell(new Machine.RunTaken(lease.deal()));
    market.job(job).tell(new Job.Stop(creator.sign(DOMAIN, new Cancel(job)), gateway.ref()));
    var end = expectBridge(Bridge.End.class);
    assertThat(expectAgent(AgentSession.Kill.class).deal()).isEqualTo(lease.deal());
    market.machine(machine()).tell(new Machine.Killed(1, lease.deal()));
    end.replyTo().tell(receipt(lease.deal().toString(), DealPhase.CANCELLED));
    expectBridge(Bridge.Unreserve.class).replyTo().tell(receipt(job.toString(), DealPhase.NEGOTIATING));
    market.shard.expectNoMessage(Duration.ofMillis(500));
    // when
    ofDeal.stop();
    ofJob.stop();
    // then
    assertThat(List.of(market.shard.receiveMessage(SOON), market.shard.receiveMessage(SOON)))
        .extracting(word -> ((ClusterSharding.Passivate<?>) word).entity())
        .map(Object.class::cast).containsExactlyInAnyOrder(market.deal(lease.deal()), market.job(job));
  }

  @Test void a_deal_that_crashes_at_every_step_still_ends_and_opens_once() {
    // given
    attach(1, List.of());
    var job = post(offer(2));
    // when the deal crashes while its lease is being signed and while its opening is under way
    var lease = sign();
    var first = expectBridge(Bridge.Open.class);
    crash(lease);
    wake(lease);
    var again = expectAgent(AgentSession.SignLease.class);
    assertThat(again.lease()).isEqualTo(lease);
    market.machine(machine()).tell(new Machine.LeaseSigned(provider.sign(DOMAIN, lease)));
    var second = expectBridge(Bridge.Open.class);
    assertThat(second.lease()).isEqualTo(first.lease());
    second.replyTo().tell(receipt(lease.deal().toString(), DealPhase.AGREED));
    expectAgent(AgentSession.Run.class);
    crash(lease);
    wake(lease);
    // then it tells the agent to run once more, under the same lease, and the job is still its job
    assertThat(expectAgent(AgentSession.Run.class).lease().word()).isEqualTo(lease);
    assertThat(view(job).phase()).isEqualTo("Open");
  }

  @Test void a_cancel_before_the_opening_waits_for_the_ledgers_final_word() {
    // given a deal whose opening is under way
    attach(1, List.of());
    var job = post(offer(3));
    var lease = sign();
    expectBridge(Bridge.Open.class);
    // when
    market.job(job).tell(new Job.Stop(creator.sign(DOMAIN, new Cancel(job)), gateway.ref()));
    assertThat(gateway.receiveMessage(SOON)).isInstanceOf(Job.Done.class);
    var annul = expectBridge(Bridge.Annul.class);
    assertThat(view(job).phase()).isEqualTo("Closing");
    annul.replyTo().tell(receipt(lease.deal().toString(), DealPhase.TIMEOUT_AGREE));
    // then
    expectBridge(Bridge.Unreserve.class);
    assertThat(view(job).phase()).isEqualTo("Cancelled");
    assertThat(expectAgent(AgentSession.Kill.class).deal()).isEqualTo(lease.deal());
  }

  @Test void a_drained_machine_ends_what_it_has_takes_nothing_new_and_is_sold_again() {
    // given a machine with a run
    attach(1, List.of());
    post(offer(11));
    var lease = sign();
    opened(lease);
    expectAgent(AgentSession.Run.class);
    // when its owner drains it
    declare(1, capacity(), true);
    // then it has left the book, keeps its lease, and a result is taken as ever
    assertThat(machineView("Draining").leases()).containsExactly(lease.deal());
    var result = provider.sign(DOMAIN, new Result(lease.deal(), ROOT, Lp.ZERO, market.now(), market.now()));
    market.deal(lease.deal()).tell(new Deal.SubmitResult(result, client.ref()));
    assertThat(client.receiveMessage(SOON)).isInstanceOf(Deal.Done.class);
    assertThat(expectAgent(AgentSession.Forget.class).deal()).isEqualTo(lease.deal());
    // and a session that opens drained does not list it, until the owner changes his mind
    market.machine(machine()).tell(new Machine.Declare(new AgentSession.Handle(2, agent.ref()),
        hello(capacity(), List.of()), true));
    expectAgent(AgentSession.Close.class);
    expectAgent(AgentSession.Reconcile.class);
    assertThat(machineView("Draining").leases()).isEmpty();
    declare(2, capacity(), false);
    assertThat(machineView("Open").free()).isEqualTo(capacity());
  }

  @Test void a_machine_that_lost_a_part_sells_the_rest_under_the_same_offer() {
    // given
    attach(1, List.of());
    var less = capacity().minus(Resources.cpu(500, 1, 1));
    // when
    declare(1, less, false);
    // then
    var view = machineView("Open");
    assertThat(view.free()).isEqualTo(less);
    assertThat(view.offers()).containsExactly(resourceOffer());
    declare(0, capacity(), false);
    assertThat(machineView("Open").free()).isEqualTo(less);
  }

  private void declare(long session, Resources found, boolean draining) {
    market.machine(machine()).tell(new Machine.Declare(new AgentSession.Handle(session, agent.ref()),
        hello(found, List.of()), draining));
  }

  private Machine.View machineView(String phase) {
    TestProbe<Machine.View> probe = KIT.createTestProbe(Machine.View.class);
    return probe.awaitAssert(SOON, () -> {
      market.machine(machine()).tell(new Machine.Get(probe.ref()));
      var view = probe.receiveMessage(SOON);
      assertThat(view.phase()).isEqualTo(phase);
      return view;
    });
  }

  @Test void a_machine_that_restarted_asks_its_session_to_introduce_itself() {
    // given
    attach(4, List.of());
    market.crash(Machine.KEY, machine().toString());
    // when
    market.machine(machine()).tell(new Machine.Beat(new AgentSession.Handle(4, agent.ref())));
    // then
    expectAgent(AgentSession.Introduce.class);
  }

  @Test void a_machine_is_listed_only_after_the_agent_killed_what_it_has_no_lease_for() {
    // given an agent that runs a deal the machine knows nothing of
    var stranger = new JobId(ROOT).deal(1);
    attach(5, List.of(new Machine.Running(stranger, 9)));
    assertThat(explain().machines()).isZero();
    // when
    market.machine(machine()).tell(new Machine.Killed(5, stranger));
    // then
    gateway.awaitAssert(SOON, () -> assertThat(explain().machines()).isEqualTo(1));
  }

  @Test void a_session_that_introduces_itself_twice_stays_open() {
    // given an entity that was restarted, and asked at each of two beats who is there
    attach(3, List.of());
    // when
    market.machine(machine()).tell(new Machine.Attach(new AgentSession.Handle(3, agent.ref()),
        hello(capacity(), List.of())));
    post(offer(97));
    // then
    expectAgent(AgentSession.SignLease.class);
  }

  @Test void a_matchmaker_that_crashed_reads_what_is_open_from_the_read_side() {
    // given
    attach(1, List.of());
    var offer = offer(6);
    market.readSide.set(new OpenOffers.Open(List.of(), List.of(
        new OpenOffers.Offer(resourceOffer(), digest(), attributes(), capacity(), 1))));
    // when
    market.crash(Matchmaker.KEY, MARKET.toString());
    post(offer);
    // then
    expectAgent(AgentSession.SignLease.class);
  }

  @Test void an_offer_that_ran_out_is_explained_by_what_it_lacked_and_not_by_its_age() {
    // given a machine that would take the job, had it not run out
    attach(7, List.of());
    gateway.awaitAssert(SOON, () -> assertThat(explain(offer(99)).machines()).isEqualTo(1));
    var old = creator.sign(DOMAIN, offer(98).word().renewed(market.now() - 10, market.now() - 5));
    // when, then
    assertThat(explain(old).matching()).isEqualTo(1);
  }

  private void attach(long session, List<Machine.Running> running) {
    market.machine(machine()).tell(new Machine.Attach(new AgentSession.Handle(session, agent.ref()),
        hello(capacity(), running)));
    var reconcile = expectAgent(AgentSession.Reconcile.class);
    assertThat(reconcile.kill()).hasSize(running.size());
  }

  private Machine.Hello hello(Resources found, List<Machine.Running> running) {
    return new Machine.Hello(resourceOffer(), digest(), attributes(), found, running);
  }

  private JobId post(Signed<JobOffer> offer) {
    var job = new JobId(Eip712.digest(DOMAIN, offer.word()));
    market.job(job).tell(new Job.Post(offer, gateway.ref()));
    assertThat(gateway.receiveMessage(SOON)).isInstanceOf(Job.Done.class);
    return job;
  }

  private Lease sign() {
    var lease = expectAgent(AgentSession.SignLease.class).lease();
    market.machine(machine()).tell(new Machine.LeaseSigned(provider.sign(DOMAIN, lease)));
    return lease;
  }

  private void opened(Lease lease) {
    var open = expectBridge(Bridge.Open.class);
    assertThat(open.deal()).isEqualTo(lease.deal());
    open.replyTo().tell(receipt(lease.deal().toString(), DealPhase.AGREED));
  }

  private void crash(Lease lease) {
    market.crash(Deal.KEY, lease.deal().toString());
  }

  private void wake(Lease lease) {
    market.deal(lease.deal()).tell(new Deal.Tick());
  }

  private Job.View view(JobId job) {
    var probe = KIT.createTestProbe(Job.View.class);
    market.job(job).tell(new Job.Get(probe.ref()));
    return probe.receiveMessage(SOON);
  }

  private Matchmaker.Explained explain() {
    return explain(offer(99));
  }

  private Matchmaker.Explained explain(Signed<JobOffer> offer) {
    var probe = KIT.createTestProbe(Matchmaker.Explained.class);
    market.matchmaker(MARKET).tell(new Matchmaker.Explain(
        new JobId(Eip712.digest(DOMAIN, offer.word())), offer, probe.ref()));
    return probe.receiveMessage(SOON);
  }

  private <T extends AgentSession.Command> T expectAgent(Class<T> kind) {
    return agent.expectMessageClass(kind, SOON);
  }

  private <T extends Bridge.Command> T expectBridge(Class<T> kind) {
    return market.bridge.expectMessageClass(kind, SOON);
  }

  private Bridge.Receipt receipt(String key, DealPhase phase) {
    return new Bridge.Receipt(key, phase, market.now(), "1", Lp.ZERO, Lp.ZERO);
  }

  private MachineId machine() {
    return new MachineId(provider.address(), MACHINE);
  }

  private Bytes32 digest() {
    return Eip712.digest(DOMAIN, resourceOffer().word());
  }

  private static Machine.Attributes attributes() {
    return new Machine.Attributes(List.of(Engine.WASM), List.of(), List.of(), MachineLimits.UNLIMITED, List.of());
  }

  private static Resources capacity() {
    return Resources.cpu(4000, 8192, 8192);
  }

  private Signed<ResourceOffer> resourceOffer() {
    return provider.sign(DOMAIN, new ResourceOffer(provider.address(), provider.address(), solver.address(), MARKET,
        MACHINE, 1, List.of(), capacity(), Lp.ZERO, Lp.ZERO, Lp.of(10), 3600, 4_000_000_000L, Bytes32.ZERO));
  }

  private Signed<JobOffer> offer(long nonce) {
    var work = new Work(Engine.WASM, ROOT, Bytes32.ZERO, Bytes32.ZERO, Resources.cpu(1000, 256, 256), 60,
        NetworkPolicy.NONE, Bytes32.ZERO, Bytes32.ZERO);
    return creator.sign(DOMAIN, new JobOffer(creator.address(), Address.ZERO, solver.address(), MARKET, Address.ZERO,
        Bytes32.ZERO, work, Lp.of(1), Lp.ZERO, Lp.of(1), Verification.EXACT, 3, 60, market.now() + 600,
        market.now() + 3600, nonce, Bytes32.ZERO));
  }
}
