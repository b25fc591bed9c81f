package network.lilypad.actors.market;

import java.util.List;
import java.util.Set;
import network.lilypad.protocol.value.Address;
import network.lilypad.protocol.value.Bytes32;
import network.lilypad.protocol.value.Domain;
import network.lilypad.protocol.value.Engine;
import network.lilypad.protocol.value.JobId;
import network.lilypad.protocol.value.JobOffer;
import network.lilypad.protocol.value.Lp;
import network.lilypad.protocol.value.MachineId;
import network.lilypad.protocol.value.MachineLimits;
import network.lilypad.protocol.value.NetworkPolicy;
import network.lilypad.protocol.value.ResourceOffer;
import network.lilypad.protocol.value.Resources;
import network.lilypad.protocol.value.Verification;
import network.lilypad.protocol.value.Work;

/// What tests offer each other: a plain job and a plain machine that match, and small changes of both.
final class Market {
  static final Domain LEDGER = new Domain(0, address(900));
  static final Address SOLVER = address(901);
  static final Bytes32 MARKET = digest(902);
  static final Bytes32 PANEL = digest(903);
  static final Bytes32 MODULE = digest(904);
  static final Bytes32 H100 = digest(905);
  static final long NOON = 1_000_000;
  static final long LATER = NOON + 100_000;
  static final Attributes PLAIN = new Attributes(Set.of(Engine.DOCKER, Engine.WASM), Set.of(), Set.of(),
      MachineLimits.UNLIMITED, 500);
  static final Resources LARGE = new Resources(8000, 4, H100, 80_000, 64_000, 1_000_000);

  private Market() {}

  static Address address(long number) {
    return new Address(0, number, 0);
  }

  static Bytes32 digest(long number) {
    return new Bytes32(0, 0, 0, number);
  }

  static JobId job(long number) {
    return new JobId(digest(number));
  }

  static MachineId machine(long number) {
    return new MachineId(address(number), digest(number));
  }

  static Resources cores(int milliCpu) {
    return Resources.cpu(milliCpu, 1000, 1000);
  }

  static Resources gpus(int gpus, Bytes32 model) {
    return new Resources(1000, gpus, model, 40_000, 1000, 1000);
  }

  static JobOffer offer(Resources wanted, long maxPriceGwei) {
    return new JobOffer(address(1), Address.ZERO, SOLVER, MARKET, Address.ZERO, Bytes32.ZERO, work(wanted, 10),
        Lp.gwei(maxPriceGwei), Lp.ZERO, Lp.gwei(5), Verification.NONE, 3, 60, LATER, LATER, 0, Bytes32.ZERO);
  }

  static Work work(Resources wanted, int runSeconds) {
    return new Work(Engine.DOCKER, MODULE, Bytes32.ZERO, Bytes32.ZERO, wanted, runSeconds, NetworkPolicy.NONE,
        Bytes32.ZERO, Bytes32.ZERO);
  }

  static JobEntry entry(long number, JobOffer offer) {
    return new JobEntry(job(number), offer, LEDGER, 1, Set.of(), number);
  }

  static ResourceOffer machineOffer(MachineId id, Resources capacity, long gpuAsk, long coreAsk) {
    return new ResourceOffer(id.provider(), id.provider(), SOLVER, MARKET, id.machine(), 1, List.of(PANEL), capacity,
        Lp.gwei(gpuAsk), Lp.gwei(coreAsk), Lp.gwei(100), 3600, LATER, Bytes32.ZERO);
  }

  /// A large machine that asks the same per GPU-second and per core-second.
  static ResourceEntry entry(long number, long ask) {
    return entry(machineOffer(machine(number), LARGE, ask, ask), number, open(1, LARGE));
  }

  static ResourceEntry entry(ResourceOffer offer, long age, Standing standing) {
    return new ResourceEntry(offer, digest(1000 + age), LEDGER, PLAIN, age, standing);
  }

  static Standing open(long revision, Resources free, Attempt... reserved) {
    return new Standing(revision, true, free, Set.of(reserved));
  }
}
