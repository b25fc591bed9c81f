package network.lilypad.node.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import network.lilypad.node.agent.AgentPolicy.Machine;
import network.lilypad.node.agent.AgentPolicy.Room;
import network.lilypad.node.agent.ProviderPolicy.Modules;
import network.lilypad.protocol.sign.Eip712;
import network.lilypad.protocol.value.Address;
import network.lilypad.protocol.value.Bytes32;
import network.lilypad.protocol.value.Engine;
import network.lilypad.protocol.value.JobOffer;
import network.lilypad.protocol.value.JobSpec;
import network.lilypad.protocol.value.Keccak256;
import network.lilypad.protocol.value.Lease;
import network.lilypad.protocol.value.Lp;
import network.lilypad.protocol.value.NetworkPolicy;
import network.lilypad.protocol.value.Resources;
import network.lilypad.protocol.value.Signed;
import network.lilypad.protocol.value.Work;
import org.junit.jupiter.api.Test;

class AgentPolicyTest {
  private static final Room NOBODY = new Room(Offers.machine().capacity(), 0, false, 1L << 40);

  private final JobOffer job = Offers.job(Offers.work(), 1);
  private final Lease lease = Offers.lease(job, 1);

  @Test void a_lease_within_the_owner_s_terms_is_signed() {
    assertThat(refusal(Offers.signed(job), lease)).isEmpty();
  }

  @Test void an_offer_that_its_creator_did_not_sign_is_declined() {
    assertThat(refusal(Offers.PROVIDER.sign(Offers.DOMAIN, job), lease)).hasValueSatisfying(contains("its creator"));
  }

  @Test void a_lease_for_another_job_or_provider_is_declined() {
    assertThat(refusal(Offers.signed(job), Offers.lease(Offers.job(Offers.work(), 2), 1)))
        .hasValueSatisfying(contains("another job"));
    var other = new Lease(lease.job(), 1, Offers.SOLVER, lease.offer(), 1, lease.price(), Lp.ZERO, 15, lease.openBy(),
        lease.submitBy(), Bytes32.ZERO);
    assertThat(refusal(Offers.signed(job), other)).hasValueSatisfying(contains("another provider"));
  }

  @Test void a_price_below_the_ask_or_above_the_job_s_limit_is_declined() {
    assertThat(refusal(Offers.signed(job), priced(Lp.gwei(599_999)))).hasValueSatisfying(contains("below the ask"));
    assertThat(refusal(Offers.signed(job), priced(Lp.gwei(2_400_001)))).hasValueSatisfying(contains("own limit"));
  }

  @Test void a_lease_that_cannot_be_kept_in_time_is_declined() {
    assertThat(refusal(Offers.signed(job), timed(Offers.NOW - 1, Offers.NOW + 120)))
        .hasValueSatisfying(contains("no longer be opened"));
    assertThat(refusal(Offers.signed(job), timed(Offers.NOW + 30, Offers.NOW + 89)))
        .hasValueSatisfying(contains("too little time"));
  }

  @Test void work_beyond_engine_network_time_or_capacity_is_declined() {
    var work = Offers.work();
    assertThat(refusal(work(Engine.DOCKER, NetworkPolicy.NONE, 60, work.resources())))
        .hasValueSatisfying(contains("DOCKER"));
    assertThat(refusal(work(Engine.WASM, NetworkPolicy.FULL, 60, work.resources())))
        .hasValueSatisfying(contains("network FULL"));
    assertThat(refusal(work(Engine.WASM, NetworkPolicy.NONE, ProviderPolicy.RUN_SECONDS_MAX + 1, work.resources())))
        .hasValueSatisfying(contains("a run of"));
    assertThat(refusal(work(Engine.WASM, NetworkPolicy.NONE, 60, Resources.cpu(1000, 2048, 256))))
        .hasValueSatisfying(contains("not enough free"));
  }

  @Test void a_job_for_another_provider_is_declined() {
    var targeted = new JobOffer(job.creator(), Address.ZERO, job.solver(), job.market(), Offers.SOLVER, Bytes32.ZERO,
        job.work(), job.maxPrice(), Lp.ZERO, Lp.ZERO, job.verification(), 3, 60, job.validUntil(), job.deliverBy(), 1,
        Bytes32.ZERO);
    assertThat(refusal(targeted)).hasValueSatisfying(contains("is for provider"));
  }

  private Lease priced(Lp price) {
    return new Lease(lease.job(), 1, lease.provider(), lease.offer(), 1, price, Lp.ZERO, 15, lease.openBy(),
        lease.submitBy(), Bytes32.ZERO);
  }

  private Lease timed(long openBy, long submitBy) {
    return new Lease(lease.job(), 1, lease.provider(), lease.offer(), 1, lease.price(), Lp.ZERO, 15, openBy, submitBy,
        Bytes32.ZERO);
  }

  private static JobOffer work(Engine engine, NetworkPolicy network, int seconds, Resources resources) {
    return Offers.job(new Work(engine, Offers.work().module(), Bytes32.ZERO, Bytes32.ZERO, resources, seconds, network,
        Bytes32.ZERO, Bytes32.ZERO), 1);
  }

  private static Optional<String> refusal(JobOffer job) {
    return refusal(Offers.signed(job), Offers.lease(job, 1));
  }

  @Test void what_the_owner_denies_is_declined_by_name_and_wins_over_what_is_allowed() {
    assertThat(refusal(owner("cowsay:*"), NOBODY, job)).isEmpty();
    assertThat(refusal(owner("other:*"), NOBODY, job))
        .hasValue("module-not-allowed: cowsay:v0.0.4 is not on the owner's list");
    assertThat(refusal(owner("bundl*"), NOBODY, job)).isEmpty();
    assertThat(refusal(owner("cowsay:*", "*v0.0.4"), NOBODY, job))
        .hasValue("module-denied: the owner does not run cowsay:v0.0.4");
  }

  @Test void a_price_below_the_owner_s_least_is_declined() {
    var policy = new ProviderPolicy(Modules.ALL, Lp.gwei(600_000), 60, NetworkPolicy.NONE, Globs.NONE, 0, 1,
        ProviderPolicy.OPEN.upkeep());
    assertThat(refusal(policy, NOBODY, job)).isEmpty();
    var dearer = new ProviderPolicy(Modules.ALL, Lp.gwei(600_001), 60, NetworkPolicy.NONE, Globs.NONE, 0, 1,
        ProviderPolicy.OPEN.upkeep());
    assertThat(refusal(dearer, NOBODY, job)).hasValueSatisfying(contains("min-price: "));
  }

  @Test void with_http_only_hosts_on_the_owner_s_list_are_reached() {
    var http = Offers.job(new Work(Engine.WASM, Offers.work().module(), Bytes32.ZERO, Bytes32.ZERO,
        Offers.work().resources(), 60, NetworkPolicy.HTTP, Bytes32.ZERO, Bytes32.ZERO), 1);
    assertThat(refusal(network(Globs.NONE), NOBODY, http)).isEmpty();
    assertThat(refusal(network(new Globs(List.of("huggingface.co", "*.huggingface.co"))), NOBODY, http)).isEmpty();
    assertThat(refusal(network(new Globs(List.of("huggingface.co"))), NOBODY, http))
        .hasValue("host: cdn.huggingface.co is not on the owner's list");
  }

  @Test void a_container_is_let_out_to_single_hosts_where_the_machine_can_do_that() {
    var http = Offers.job(new Work(Engine.DOCKER, Offers.work().module(), Bytes32.ZERO, Bytes32.ZERO,
        Offers.work().resources(), 60, NetworkPolicy.HTTP, Bytes32.ZERO, Bytes32.ZERO), 1);
    var able = new Machine(List.of(Engine.DOCKER), "");
    var unable = new Machine(List.of(Engine.DOCKER), "not permitted. Next: run the provider as root");
    assertThat(refusal(able, network(Globs.NONE), NOBODY, Offers.signed(http), Offers.lease(http, 1))).isEmpty();
    assertThat(refusal(unable, network(Globs.NONE), NOBODY, Offers.signed(http), Offers.lease(http, 1)))
        .hasValue("network: network HTTP: not permitted. Next: run the provider as root");
    assertThat(refusal(able, ProviderPolicy.OPEN, NOBODY, Offers.signed(http), Offers.lease(http, 1)))
        .hasValueSatisfying(contains("network HTTP (allowed: NONE)"));
  }

  @Test void a_machine_that_is_drained_or_has_enough_deals_declines() {
    var full = new Room(Offers.machine().capacity(), 2, false, 1L << 40);
    var policy = new ProviderPolicy(Modules.ALL, Lp.ZERO, 60, NetworkPolicy.NONE, Globs.NONE, 0, 2,
        ProviderPolicy.OPEN.upkeep());
    assertThat(refusal(policy, full, job)).hasValue("deals: 2 deals at work (expected: at most 2)");
    assertThat(refusal(policy, new Room(full.free(), 1, false, 1L << 40), job)).isEmpty();
    assertThat(refusal(policy, new Room(full.free(), 0, true, 1L << 40), job))
        .hasValue("draining: the owner drains this machine");
  }

  @Test void a_job_that_could_fill_the_disk_is_declined_though_the_offer_has_room() {
    // 256 MiB of outputs and two streams of 16 MiB
    long most = 288L << 20;
    var offered = Offers.machine().capacity();
    assertThat(refusal(ProviderPolicy.OPEN, new Room(offered, 0, false, most), job)).isEmpty();
    assertThat(refusal(ProviderPolicy.OPEN, new Room(offered, 0, false, most - 1), job))
        .hasValue("disk: a job may write "
            + "288 MiB (expected: at most 287, what is free beyond the reserve and the deals at work)");
  }

  @Test void the_bounds_of_an_owner_s_policy_hold() {
    assertThatThrownBy(() -> new ProviderPolicy(Modules.ALL, Lp.ZERO, 0, NetworkPolicy.NONE, Globs.NONE, 0, 1,
        ProviderPolicy.OPEN.upkeep())).hasMessageContaining("maxRunSeconds: 0");
    assertThatThrownBy(() -> new ProviderPolicy(Modules.ALL, Lp.ZERO, 1, NetworkPolicy.NONE, Globs.NONE, 0,
        ProviderPolicy.DEALS_MAX + 1, ProviderPolicy.OPEN.upkeep())).hasMessageContaining("deals: 257");
    assertThatThrownBy(() -> new ProviderPolicy.Upkeep(Duration.ofSeconds(26), List.of(), List.of()))
        .hasMessageContaining("stopGrace");
    assertThatThrownBy(() -> new ProviderPolicy.Upkeep(Duration.ZERO, List.of(), List.of(), -1))
        .hasMessageContaining("diskReserveMib: -1");
  }

  private static ProviderPolicy owner(String allow, String... deny) {
    return new ProviderPolicy(new Modules(new Globs(List.of(allow)), new Globs(List.of(deny))), Lp.ZERO, 60,
        NetworkPolicy.NONE, Globs.NONE, 0, 1, ProviderPolicy.OPEN.upkeep());
  }

  private static ProviderPolicy network(Globs hosts) {
    return new ProviderPolicy(Modules.ALL, Lp.ZERO, 60, NetworkPolicy.HTTP, hosts, 0, 1, ProviderPolicy.OPEN.upkeep());
  }

  private static Optional<String> refusal(Signed<JobOffer> offer, Lease lease) {
    return refusal(ProviderPolicy.OPEN, NOBODY, offer, lease);
  }

  private static Optional<String> refusal(ProviderPolicy owner, Room room, JobOffer job) {
    return refusal(owner, room, Offers.signed(job), Offers.lease(job, 1));
  }

  private static Optional<String> refusal(ProviderPolicy owner, Room room, Signed<JobOffer> offer, Lease lease) {
    return refusal(new Machine(List.of(Engine.WASM), ""), owner, room, offer, lease);
  }

  private static Optional<String> refusal(Machine engines, ProviderPolicy owner, Room room, Signed<JobOffer> offer,
      Lease lease) {
    var machine = Offers.machine();
    var policy = new AgentPolicy(owner, machine, Eip712.digest(Offers.DOMAIN, machine), engines);
    var spec = new JobSpec("cowsay:v0.0.4", "bundled", Engine.WASM, Keccak256.hash("program"), "", List.of(),
        new TreeMap<>(), new TreeMap<>(), List.of(), "", List.of("huggingface.co", "cdn.huggingface.co"), 0);
    return policy.refusal(new AgentPolicy.Proposal(offer, Eip712.digest(Offers.DOMAIN, offer.word()), lease, spec),
        room,
        Offers.NOW);
  }

  private static java.util.function.Consumer<String> contains(String part) {
    return reason -> assertThat(reason).contains(part);
  }
}
