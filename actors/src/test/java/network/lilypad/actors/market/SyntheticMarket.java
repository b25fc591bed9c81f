package network.lilypad.actors.market;

import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import network.lilypad.protocol.value.Address;
import network.lilypad.protocol.value.Bytes32;
import network.lilypad.protocol.value.Domain;
import network.lilypad.protocol.value.Engine;
import network.lilypad.protocol.value.JobId;
import network.lilypad.protocol.value.JobOffer;
import network.lilypad.protocol.value.Lp;
import network.lilypad.protocol.value.MachineLimits;
import network.lilypad.protocol.value.NetworkPolicy;
import network.lilypad.protocol.value.ResourceOffer;
import network.lilypad.protocol.value.Resources;
import network.lilypad.protocol.value.Verification;
import network.lilypad.protocol.value.Work;

/// A large market for measurements: every machine another provider's, 1 to 8 GPUs of six models or none, asks that
/// differ, three panels, some module policies. Nothing is shared between offers, as if each came off the wire.
final class SyntheticMarket {
  static final long NOW = 1_000_000;
  private static final long LATER = 1L << 39;
  private static final Domain LEDGER = new Domain(0, new Address(1, 2, 3));
  private static final int[] VRAM_MIB = {24_000, 24_000, 48_000, 48_000, 80_000, 80_000};
  private static final int[] GPUS = {0, 1, 1, 2, 4, 8};
  private final SplittableRandom random = new SplittableRandom(42);
  private long jobs;

  SplittableRandom random() {
    return random;
  }

  ResourceEntry machine(int number) {
    int gpus = GPUS[random.nextInt(GPUS.length)];
    int model = random.nextInt(VRAM_MIB.length);
    int size = Math.max(1, gpus);
    var capacity = new Resources(16_000 * size, gpus, model(model), VRAM_MIB[model], 64_000L * size,
        1_000_000L * size);
    var offer = new ResourceOffer(new Address(7, number, 0), new Address(8, number, 0), solver(), market(),
        new Bytes32(1, 2, 3, number), 1, List.of(panel(random.nextInt(3))), capacity,
        Lp.gwei(1_000_000 + random.nextInt(9_000_000)), Lp.gwei(100_000 + random.nextInt(900_000)), Lp.of(100), 86_400,
        LATER, none());
    return new ResourceEntry(offer, new Bytes32(4, 5, 6, number), LEDGER, attributes(), number,
        new Standing(0, true, capacity, Set.of()));
  }

  private Attributes attributes() {
    var allowed = random.nextInt(50) == 0 ? Set.of(module(random.nextInt(20))) : Set.<Bytes32>of();
    return new Attributes(Set.of(Engine.DOCKER, Engine.WASM), allowed, Set.of(), MachineLimits.UNLIMITED,
        500 + random.nextInt(500));
  }

  /// A job that one machine in two or three could take, at a price above most asks.
  JobEntry job() {
    int gpus = random.nextInt(5) == 0 ? 0 : 1 + random.nextInt(2);
    var model = random.nextInt(3) == 0 ? model(random.nextInt(VRAM_MIB.length)) : none();
    var wanted = new Resources(4_000 * Math.max(1, gpus), gpus, gpus == 0 ? none() : model, gpus == 0 ? 0 : 24_000,
        16_000, 50_000);
    var work = new Work(Engine.DOCKER, module(random.nextInt(20)), none(), none(), wanted, 600, NetworkPolicy.NONE,
        none(), none());
    var panel = random.nextInt(4) == 0 ? panel(random.nextInt(3)) : none();
    var offer = new JobOffer(new Address(9, jobs, 0), Address.ZERO, solver(), market(), Address.ZERO, panel, work,
        Lp.of(100), Lp.ZERO, Lp.of(1), Verification.NONE, 3, 3600, LATER, LATER, jobs, none());
    return new JobEntry(id(), offer, LEDGER, 1, Set.of(), jobs++);
  }

  /// Another job's id.
  JobId id() {
    return new JobId(new Bytes32(random.nextLong(), random.nextLong(), random.nextLong(), random.nextLong()));
  }

  private static Address solver() {
    return new Address(5, 5, 5);
  }

  private static Bytes32 market() {
    return new Bytes32(6, 6, 6, 6);
  }

  private static Bytes32 none() {
    return Bytes32.ZERO;
  }

  private static Bytes32 model(int number) {
    return new Bytes32(1, 1, 1, 1_000 + 37L * number);
  }

  private static Bytes32 module(int number) {
    return new Bytes32(2, 2, 2, 2_000 + 41L * number);
  }

  private static Bytes32 panel(int number) {
    return new Bytes32(3, 3, 3, 3_000 + 43L * number);
  }
}
