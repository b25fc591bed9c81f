package network.lilypad.node.read;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import java.nio.file.Path;
import java.util.List;
import network.lilypad.actors.deal.Cause;
import network.lilypad.actors.job.Job;
import network.lilypad.actors.machine.Machine;
import network.lilypad.node.store.Database;
import network.lilypad.node.store.Sql;
import network.lilypad.protocol.proto.v1.Hello;
import network.lilypad.protocol.sign.Signatures;
import network.lilypad.protocol.sign.Wallet;
import network.lilypad.protocol.proto.v1.RunReport;
import network.lilypad.protocol.value.Address;
import network.lilypad.protocol.value.Bytes32;
import network.lilypad.protocol.value.DealPhase;
import network.lilypad.protocol.value.Domain;
import network.lilypad.protocol.value.Engine;
import network.lilypad.protocol.value.JobId;
import network.lilypad.protocol.value.JobOffer;
import network.lilypad.protocol.value.Keccak256;
import network.lilypad.protocol.value.Lp;
import network.lilypad.protocol.value.MachineId;
import network.lilypad.protocol.value.MachineLimits;
import network.lilypad.protocol.value.MachineSpeed;
import network.lilypad.protocol.value.NetworkPolicy;
import network.lilypad.protocol.value.ResourceOffer;
import network.lilypad.protocol.value.Resources;
import network.lilypad.protocol.value.Verification;
import network.lilypad.protocol.value.Work;
import network.lilypad.protocol.wire.SignedWire;
import network.lilypad.protocol.wire.ValuesWire;
import org.apache.pekko.persistence.query.EventEnvelope;
import org.apache.pekko.persistence.query.Offset;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReadSideTest {
  private static final Signatures SIGNATURES = new Signatures(new Domain(0, Address.ZERO));
  private static final Wallet WALLET = Wallet.of(Keccak256.hash("wallet"));
  private static final Bytes32 MARKET = Keccak256.hash("market");
  private static final Job.Ending LAPSED = new Job.Ending(WALLET.address(), DealPhase.LAPSED, Cause.LAPSED, Lp.ZERO);

  @TempDir
  Path directory;
  private Database database;
  private OpenOfferTable open;
  private JobList jobs;

  @BeforeEach void open() {
    database = Database.open(directory);
    open = new OpenOfferTable(database.connections(), Runnable::run, SIGNATURES);
    jobs = new JobList(database.connections());
  }

  @AfterEach void close() {
    database.close();
  }

  private static JobOffer offer(long nonce) {
    return new JobOffer(WALLET.address(), Address.ZERO, Address.ZERO, MARKET, Address.ZERO, Bytes32.ZERO,
        new Work(Engine.WASM, Bytes32.ZERO, Bytes32.ZERO, Bytes32.ZERO, Resources.NONE, 10, NetworkPolicy.NONE,
            Bytes32.ZERO, Bytes32.ZERO),
        Lp.of(1), Lp.ZERO, Lp.ZERO, Verification.NONE, 2, 0, 1000, 1000, nonce, Bytes32.ZERO);
  }

  private static JobId id(long nonce) {
    return SIGNATURES.jobId(offer(nonce));
  }

  private static Job.Posted posted(long nonce, long at) {
    return new Job.Posted(WALLET.sign(SIGNATURES.domain(), offer(nonce)), id(nonce), at);
  }

  private static Job.Ended ended(long at) {
    return new Job.Ended(Job.Outcome.FAILED, 1, LAPSED, at);
  }

  private void apply(String id, long sequence, Object event) {
    Sql.transaction(database.connections(), sql -> {
      ReadSide.apply(sql, new EventEnvelope(Offset.sequence(sequence), "Kind|" + id, sequence, event, 0L));
      return true;
    });
  }

  private OpenOffersNow load() {
    var loaded = open.load(MARKET).toCompletableFuture().join();
    return new OpenOffersNow(loaded.jobs().stream().map(job -> job.job()).toList(), loaded.machines().size());
  }

  private record OpenOffersNow(List<JobId> jobs, int machines) {}

  @Test void a_posted_job_is_open_and_an_ended_one_is_not_in_whatever_order_they_come() {
    // when
    apply(id(1).toString(), 1, posted(1, 10));
    apply(id(1).toString(), 1, posted(1, 10));
    apply(id(2).toString(), 2, ended(30));
    apply(id(2).toString(), 1, posted(2, 20));
    // then
    assertThat(load().jobs()).containsExactly(id(1));
    assertThat(jobs.page(WALLET.address(), JobList.Which.ALL, "", 10)).extracting(JobList.Entry::job)
        .containsExactly(id(2), id(1));
    assertThat(jobs.page(WALLET.address(), JobList.Which.FAILED, "", 10)).extracting(JobList.Entry::job)
        .containsExactly(id(2));
    assertThat(jobs.unsettled(WALLET.address())).isEqualTo(1);
  }

  @Test void a_lost_attempt_counts_up_and_leaves_its_provider_out_once() {
    // given
    apply(id(1).toString(), 1, posted(1, 10));
    // when
    apply(id(1).toString(), 2, new Job.AttemptLost(1, LAPSED, 20));
    apply(id(1).toString(), 2, new Job.AttemptLost(1, LAPSED, 20));
    // then
    var job = open.load(MARKET).toCompletableFuture().join().jobs().getFirst();
    assertThat(job.attempt()).isEqualTo(2);
    assertThat(job.excluded()).containsExactly(WALLET.address());
    assertThat(job.offer()).isEqualTo(posted(1, 10).offer());
  }

  @Test void a_provider_s_earnings_are_its_counted_attempts_once_each_in_whatever_order_they_come() {
    // given
    var earnings = new EarningList(database.connections());
    var nobody = new Job.Ending(Address.ZERO, DealPhase.NEGOTIATING, Cause.EXPIRED, Lp.ZERO);
    var refused = new Job.Ending(WALLET.address(), DealPhase.TIMEOUT_AGREE, Cause.REFUSED, Lp.ZERO);
    var slashed = new Job.Ending(WALLET.address(), DealPhase.TIMEOUT_SUBMIT_RESULTS, Cause.NO_RESULT, Lp.ZERO);
    var paid = new Job.Ending(WALLET.address(), DealPhase.RESULTS_ACCEPTED, Cause.COMPLETED, Lp.gwei(7));
    // when
    for (int i = 0; i < 2; i++) {
      apply(id(1).toString(), 3, new Job.Ended(Job.Outcome.DONE, 2, paid, 40));
      apply(id(1).toString(), 2, new Job.AttemptLost(1, slashed, 30));
      apply(id(1).toString(), 1, posted(1, 10));
      apply(id(2).toString(), 2, new Job.AttemptLost(1, refused, 35));
      apply(id(2).toString(), 3, new Job.Ended(Job.Outcome.EXPIRED, 2, nobody, 36));
      apply(id(3).toString(), 2, new Job.Ended(Job.Outcome.DONE, 1, paid, 20));
    }
    // then
    assertThat(earnings.of(WALLET.address(), 20)).extracting(EarningList.Entry::at).containsExactly(40L, 30L, 20L);
    assertThat(earnings.of(WALLET.address(), 21)).extracting(EarningList.Entry::slashed).containsExactly(false, true);
    assertThat(earnings.of(Address.ZERO, 0)).isEmpty();
  }

  @Test void of_a_run_s_reports_the_newest_is_kept() {
    // given
    var reports = new RunReports(database.connections());
    var deal = id(1).deal(1);
    assertThat(reports.find(deal)).isEmpty();
    // when
    for (int sequence : new int[]{1, 3, 2, 3}) {
      reports.put(deal, RunReport.newBuilder().setSequence(sequence).setExitCode(sequence).build());
    }
    // then
    assertThat(reports.find(deal)).hasValueSatisfying(report -> assertThat(report.getExitCode()).isEqualTo(3));
  }

  @Test void of_a_machine_s_measurements_the_newest_is_kept() {
    // given
    var speeds = new MachineSpeeds(database.connections());
    var machine = new MachineId(WALLET.address(), Keccak256.hash("m"));
    assertThat(speeds.find(machine)).isEmpty();
    // when
    for (long at : new long[]{10, 30, 20}) {
      apply(machine.toString(), at, listed(List.of(new MachineSpeed(at, 400, 5000, 300, at))));
    }
    apply(machine.toString(), 40, listed(List.of()));
    apply(machine.toString(), 41, new Machine.Delisted(Machine.Why.AGENT_LOST, 6));
    // then
    assertThat(speeds.find(machine)).hasValueSatisfying(speed -> assertThat(speed.getSyncMicros()).isEqualTo(30));
  }

  @Test void what_a_cancelled_run_left_is_kept_once_and_no_machine_can_say_what_it_is() {
    // given
    var reports = new RunReports(database.connections());
    var deal = id(2).deal(1);
    var forged = ByteString.copyFrom(Keccak256.hash("forged").bytes());
    reports.put(deal, RunReport.newBuilder().setSequence(1).setPartial(forged).build());
    assertThat(reports.partial(deal)).isEmpty();
    // when
    assertThat(reports.keep(deal, Keccak256.hash("left"))).isEqualTo(Keccak256.hash("left"));
    assertThat(reports.keep(deal, Keccak256.hash("other"))).isEqualTo(Keccak256.hash("left"));
    reports.put(deal, RunReport.newBuilder().setSequence(2).setPartial(forged).setExitCode(7).build());
    // then
    assertThat(reports.partial(deal)).contains(Keccak256.hash("left"));
    assertThat(reports.find(deal).orElseThrow().getExitCode()).isEqualTo(7);
    assertThat(reports.keep(id(3).deal(1), Keccak256.hash("alone"))).isEqualTo(Keccak256.hash("alone"));
    assertThat(reports.partial(id(3).deal(1))).contains(Keccak256.hash("alone"));
  }

  private static Machine.Listed listed(List<MachineSpeed> speed) {
    var offer = new ResourceOffer(WALLET.address(), WALLET.address(), Address.ZERO, MARKET, Keccak256.hash("m"), 1,
        List.of(), Resources.cpu(4000, 100, 100), Lp.ZERO, Lp.ZERO, Lp.ZERO, 0, 1000, Bytes32.ZERO);
    var attributes = new Machine.Attributes(List.of(Engine.WASM), List.of(), List.of(Keccak256.hash("denied")),
        new MachineLimits(NetworkPolicy.NONE, 60, Lp.of(1)), speed);
    return new Machine.Listed(WALLET.sign(SIGNATURES.domain(), offer), SIGNATURES.digest(offer), attributes,
        Resources.cpu(2000, 200, 200), 5);
  }

  @Test void a_machine_that_was_written_without_limits_has_none() {
    // given: a row as it was written before there were limits and speeds
    var listed = listed(List.of());
    apply(listed.offer().word().machineId().toString(), 7, listed);
    var old = Hello.newBuilder().setOffer(SignedWire.toProto(listed.offer())).addEngines(Engine.WASM.number())
        .setInventory(ValuesWire.toProto(listed.inventory())).build().toByteArray();
    Sql.transaction(database.connections(), sql -> sql.update("update open_offer set payload = ?", old));
    // when
    var machine = open.load(MARKET).toCompletableFuture().join().machines().getFirst();
    // then
    assertThat(machine.attributes()).isEqualTo(new Machine.Attributes(List.of(Engine.WASM), List.of(), List.of(),
        MachineLimits.UNLIMITED, List.of()));
  }

  @Test void a_machine_is_open_as_its_last_listing_says_until_it_is_delisted() {
    // given
    var listed = listed(List.of(new MachineSpeed(10, 400, 5000, 300, 90)));
    var signed = listed.offer();
    var offer = signed.word();
    // when
    apply(offer.machineId().toString(), 7, listed);
    // then
    var machine = open.load(MARKET).toCompletableFuture().join().machines().getFirst();
    assertThat(machine.offer()).isEqualTo(signed);
    assertThat(machine.digest()).isEqualTo(SIGNATURES.digest(offer));
    assertThat(machine.attributes()).isEqualTo(listed.attributes());
    assertThat(machine.capacity()).isEqualTo(Resources.cpu(2000, 100, 100));
    assertThat(machine.revision()).isEqualTo(7);
    apply(offer.machineId().toString(), 9, new Machine.Delisted(Machine.Why.AGENT_LOST, 6));
    apply(offer.machineId().toString(), 8, listed);
    assertThat(load().machines()).isZero();
  }
}
