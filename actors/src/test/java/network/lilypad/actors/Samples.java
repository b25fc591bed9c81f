package network.lilypad.actors;

import java.util.List;
import network.lilypad.actors.deal.Cause;
import network.lilypad.actors.deal.Deal;
import network.lilypad.actors.job.Job;
import network.lilypad.actors.machine.Machine;
import network.lilypad.protocol.message.Bridge;
import network.lilypad.protocol.value.Acceptance;
import network.lilypad.protocol.value.Address;
import network.lilypad.protocol.value.Bytes32;
import network.lilypad.protocol.value.Cancel;
import network.lilypad.protocol.value.DealPhase;
import network.lilypad.protocol.value.Engine;
import network.lilypad.protocol.value.JobId;
import network.lilypad.protocol.value.JobOffer;
import network.lilypad.protocol.value.Lease;
import network.lilypad.protocol.value.Lp;
import network.lilypad.protocol.value.MachineId;
import network.lilypad.protocol.value.MachineLimits;
import network.lilypad.protocol.value.NetworkPolicy;
import network.lilypad.protocol.value.Release;
import network.lilypad.protocol.value.ResourceOffer;
import network.lilypad.protocol.value.Resources;
import network.lilypad.protocol.value.Result;
import network.lilypad.protocol.value.Signable;
import network.lilypad.protocol.value.Signature;
import network.lilypad.protocol.value.Signed;
import network.lilypad.protocol.value.Verification;
import network.lilypad.protocol.value.Work;

/// One small market for tables and histories: a creator, a provider with two GPUs, a job that wants one for 100 s at
/// 2 gwei a second. Ledger time begins at 1000.
public final class Samples {
  /// Who pays.
  public static final Address CREATOR = new Address(1, 1, 1);
  /// Who runs.
  public static final Address PROVIDER = new Address(2, 2, 2);
  /// Who has no part in it.
  public static final Address STRANGER = new Address(3, 3, 3);
  /// The job.
  public static final JobId JOB = new JobId(new Bytes32(4, 4, 4, 4));
  /// The machine.
  public static final MachineId MACHINE = new MachineId(PROVIDER, new Bytes32(5, 5, 5, 5));
  /// The digest of its offer.
  public static final Bytes32 DIGEST = new Bytes32(6, 6, 6, 6);
  /// What a lease of the job costs: 1 GPU x 100 s x 2 gwei.
  public static final Lp PRICE = Lp.gwei(200);
  /// Until when the job's offer is open.
  public static final long VALID_UNTIL = 2_000;
  /// Until when a result may come.
  public static final long SUBMIT_BY = 1_500;

  private Samples() {}

  /// A word with somebody's name under it.
  public static <T extends Signable> Signed<T> signed(Address signer, T word) {
    return new Signed<>(word, signer, Signature.of(new byte[]{1}));
  }

  /// What the job wants.
  public static Resources demand() {
    return gpus(1);
  }

  /// So many GPUs and what goes with them.
  public static Resources gpus(int count) {
    return new Resources(1000 * count, count, Bytes32.ZERO, 8_000, 1_000L * count, 1_000L * count);
  }

  /// The job's offer.
  public static Signed<JobOffer> offer() {
    var work = new Work(Engine.DOCKER, Bytes32.ZERO, Bytes32.ZERO, Bytes32.ZERO, demand(), 100, NetworkPolicy.NONE,
        Bytes32.ZERO, Bytes32.ZERO);
    return signed(CREATOR, new JobOffer(CREATOR, Address.ZERO, Address.ZERO, Bytes32.ZERO, Address.ZERO, Bytes32.ZERO,
        work, Lp.gwei(300), Lp.ZERO, Lp.gwei(50), Verification.NONE, 2, 60, VALID_UNTIL, 5_000, 1, Bytes32.ZERO));
  }

  /// The machine's offer.
  ///
  /// @param version which
  /// @param gpus how many it sells
  /// @param ask gwei for a GPU second
  public static Signed<ResourceOffer> machineOffer(long version, int gpus, long ask) {
    return signed(PROVIDER, new ResourceOffer(PROVIDER, PROVIDER, Address.ZERO, Bytes32.ZERO, MACHINE.machine(),
        version, List.of(), gpus(gpus), Lp.gwei(ask), Lp.gwei(ask), Lp.gwei(100), 600, 3_000, Bytes32.ZERO));
  }

  /// What its agent says when it comes.
  public static Machine.Hello hello(long version, int gpus, long ask) {
    return new Machine.Hello(machineOffer(version, gpus, ask), new Bytes32(6, 6, 6, 5 + version),
        new Machine.Attributes(List.of(Engine.DOCKER), List.of(), List.of(), MachineLimits.UNLIMITED, List.of()),
        gpus(2), List.of());
  }

  /// What a proposal says.
  public static Deal.Terms terms() {
    return new Deal.Terms(offer(), JOB, 1, MACHINE, DIGEST, PRICE);
  }

  /// The lease of the first attempt.
  public static Lease leaseWord() {
    return new Lease(JOB, 1, PROVIDER, DIGEST, 1, PRICE, Lp.gwei(50), 15, 1_060, SUBMIT_BY, Bytes32.ZERO);
  }

  /// The lease, signed.
  public static Signed<Lease> lease() {
    return signed(PROVIDER, leaseWord());
  }

  /// A result of a 50 s run for half the price.
  public static Signed<Result> result() {
    return signed(PROVIDER, new Result(JOB.deal(1), new Bytes32(7, 7, 7, 7), Lp.gwei(100), 1_020, 1_070));
  }

  /// The creator's word that it is good.
  public static Signed<Acceptance> acceptance() {
    return signed(CREATOR, new Acceptance(JOB.deal(1), new Bytes32(7, 7, 7, 7), Lp.gwei(100)));
  }

  /// The creator's word to stop.
  public static Signed<Cancel> cancel() {
    return signed(CREATOR, new Cancel(JOB));
  }

  /// The provider's word that it gives up.
  public static Signed<Release> release() {
    return signed(PROVIDER, new Release(JOB.deal(1)));
  }

  /// The ledger's word.
  public static Bridge.Receipt receipt(DealPhase phase, long at) {
    return new Bridge.Receipt(JOB.deal(1).toString(), phase, at, "1", phase.paid() ? Lp.gwei(100) : Lp.ZERO, Lp.ZERO);
  }

  /// How the first attempt ended.
  public static Job.Ending ending(DealPhase phase, Cause cause) {
    return new Job.Ending(PROVIDER, phase, cause, phase.paid() ? Lp.gwei(100) : Lp.ZERO);
  }
}
