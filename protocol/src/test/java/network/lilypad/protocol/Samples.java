package network.lilypad.protocol;

import java.util.List;
import java.util.TreeMap;
import network.lilypad.protocol.sign.Eip712;
import network.lilypad.protocol.sign.Wallet;
import network.lilypad.protocol.value.Acceptance;
import network.lilypad.protocol.value.Address;
import network.lilypad.protocol.value.Bytes32;
import network.lilypad.protocol.value.Cancel;
import network.lilypad.protocol.value.DealId;
import network.lilypad.protocol.value.Domain;
import network.lilypad.protocol.value.Engine;
import network.lilypad.protocol.value.JobId;
import network.lilypad.protocol.value.JobOffer;
import network.lilypad.protocol.value.JobSpec;
import network.lilypad.protocol.value.Keccak256;
import network.lilypad.protocol.value.Lapse;
import network.lilypad.protocol.value.Lease;
import network.lilypad.protocol.value.Lp;
import network.lilypad.protocol.value.MachineId;
import network.lilypad.protocol.value.NetworkPolicy;
import network.lilypad.protocol.value.Release;
import network.lilypad.protocol.value.ResourceOffer;
import network.lilypad.protocol.value.Resources;
import network.lilypad.protocol.value.Result;
import network.lilypad.protocol.value.Signable;
import network.lilypad.protocol.value.Signed;
import network.lilypad.protocol.value.Verdict;
import network.lilypad.protocol.value.Verification;
import network.lilypad.protocol.value.Work;

/// One of each value, all fields different. Golden files are made of them: never change one, add another.
public final class Samples {
  /// An embedded ledger's.
  public static final Domain DOMAIN = new Domain(0, Address.parse("0x00112233445566778899aabbccddeeff00112233"));
  /// The job's creator.
  public static final Wallet CREATOR = Wallet.of(Keccak256.hash("creator"));
  /// The machine's owner.
  public static final Wallet PROVIDER = Wallet.of(Keccak256.hash("provider"));
  /// The machine's agent.
  public static final Wallet AGENT = Wallet.of(Keccak256.hash("agent"));
  /// The market's owner.
  public static final Wallet SOLVER = Wallet.of(Keccak256.hash("solver"));

  /// A slice with two GPUs.
  public static final Resources RESOURCES = new Resources(4000, 2, Keccak256.hash("a100"), 40_960, 65_536, 100_000);
  /// A WASM run.
  public static final Work WORK = new Work(Engine.WASM, Keccak256.hash("module"), Keccak256.hash("inputs"),
      Keccak256.hash("outputs"), RESOURCES, 600, NetworkPolicy.HTTP, Keccak256.hash("comparator"), Bytes32.ZERO);
  /// The creator's offer.
  public static final JobOffer JOB_OFFER = new JobOffer(CREATOR.address(), AGENT.address(), SOLVER.address(),
      Keccak256.hash("market"), PROVIDER.address(), Keccak256.hash("panel"), WORK, Lp.of(12), Lp.gwei(34),
      Lp.of(56), Verification.EXACT, 3, 300, 1_800_000_000L, 1_800_003_600L, 78, Bytes32.ZERO);
  /// The offer's job.
  public static final JobId JOB = new JobId(Eip712.digest(DOMAIN, JOB_OFFER));
  /// Its second attempt.
  public static final DealId DEAL = JOB.deal(2);
  /// The provider's offer.
  public static final ResourceOffer RESOURCE_OFFER = new ResourceOffer(PROVIDER.address(), AGENT.address(),
      SOLVER.address(), Keccak256.hash("market"), Keccak256.hash("machine"), 9,
      List.of(Keccak256.hash("panel"), Keccak256.hash("other panel")), RESOURCES, Lp.gwei(1_000_000),
      Lp.gwei(20_000), Lp.of(100), 900, 1_900_000_000L, Bytes32.ZERO);
  /// The offered machine.
  public static final MachineId MACHINE = RESOURCE_OFFER.machineId();
  /// The lease of the deal.
  public static final Lease LEASE = new Lease(JOB, 2, PROVIDER.address(), Eip712.digest(DOMAIN, RESOURCE_OFFER), 17,
      Lp.of(11), Lp.of(55), 15, 1_800_000_010L, 1_800_000_700L, Bytes32.ZERO);
  /// The run's result.
  public static final Result RESULT = new Result(DEAL, Keccak256.hash("root"), Lp.of(10), 1_800_000_020L,
      1_800_000_600L);
  /// The creator's word on it.
  public static final Acceptance ACCEPTANCE = new Acceptance(DEAL, Keccak256.hash("root"), Lp.of(10));

  private Samples() {}

  /// The creator's signature on its offer.
  public static Signed<JobOffer> signedJobOffer() {
    return CREATOR.sign(DOMAIN, JOB_OFFER);
  }

  /// The provider's signature on its offer.
  public static Signed<ResourceOffer> signedResourceOffer() {
    return PROVIDER.sign(DOMAIN, RESOURCE_OFFER);
  }

  /// The agent's signature on the lease.
  public static Signed<Lease> signedLease() {
    return AGENT.sign(DOMAIN, LEASE);
  }

  /// The agent's signature on the result.
  public static Signed<Result> signedResult() {
    return AGENT.sign(DOMAIN, RESULT);
  }

  /// The creator's signature on its acceptance.
  public static Signed<Acceptance> signedAcceptance() {
    return CREATOR.sign(DOMAIN, ACCEPTANCE);
  }

  /// The creator's signature on a cancel.
  public static Signed<Cancel> signedCancel() {
    return CREATOR.sign(DOMAIN, new Cancel(JOB));
  }

  /// The agent's signature on a release.
  public static Signed<Release> signedRelease() {
    return AGENT.sign(DOMAIN, new Release(DEAL));
  }

  /// One signed word of each type.
  public static List<Signed<? extends Signable>> signed() {
    return List.of(signedJobOffer(), signedResourceOffer(), signedLease(), signedResult(), signedAcceptance(),
        signedCancel(), signedRelease(), SOLVER.sign(DOMAIN, new Lapse(DEAL, 1_800_000_500L)),
        SOLVER.sign(DOMAIN, new Verdict(DEAL, 1, 2, Keccak256.hash("other root"))));
  }

  /// A resolved module.
  public static JobSpec spec() {
    var environment = new TreeMap<String, String>();
    environment.put("MESSAGE", "moo");
    environment.put("WIDTH", "80");
    var outputs = new TreeMap<String, String>();
    outputs.put("outputs", "/outputs");
    return new JobSpec("cowsay:v0.0.4", "https://example.org/cowsay 0123abc", Engine.WASM, Keccak256.hash("wasm"), "",
        List.of("-f", "tux", ""), environment, outputs);
  }

  /// A resolved container module.
  public static JobSpec containerSpec() {
    var environment = new TreeMap<String, String>();
    environment.put("PROMPT", "say \"moo\"");
    var outputs = new TreeMap<String, String>();
    outputs.put("outputs", "/outputs");
    return new JobSpec("llama3:v1", "https://example.org/llama3 0123abc", Engine.DOCKER, Keccak256.hash("image"),
        "example.org/llama3:v1@" + "sha256:0123", List.of("run"), environment, outputs, List.of("/bin/sh", "-c"),
        "/work", List.of("example.org", "a-b.example.org"), 256);
  }
}
