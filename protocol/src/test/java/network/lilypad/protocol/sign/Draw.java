package network.lilypad.protocol.sign;

import java.util.List;
import java.util.Random;
import java.util.function.LongBinaryOperator;
import java.util.function.Supplier;
import java.util.stream.Stream;
import network.lilypad.protocol.value.Acceptance;
import network.lilypad.protocol.value.Address;
import network.lilypad.protocol.value.Bytes32;
import network.lilypad.protocol.value.Cancel;
import network.lilypad.protocol.value.DealId;
import network.lilypad.protocol.value.Dispute;
import network.lilypad.protocol.value.Engine;
import network.lilypad.protocol.value.JobId;
import network.lilypad.protocol.value.JobOffer;
import network.lilypad.protocol.value.Lapse;
import network.lilypad.protocol.value.Lease;
import network.lilypad.protocol.value.Lp;
import network.lilypad.protocol.value.NetworkPolicy;
import network.lilypad.protocol.value.Release;
import network.lilypad.protocol.value.ResourceOffer;
import network.lilypad.protocol.value.Resources;
import network.lilypad.protocol.value.Result;
import network.lilypad.protocol.value.Signable;
import network.lilypad.protocol.value.Verdict;
import network.lilypad.protocol.value.Verification;
import network.lilypad.protocol.value.Work;

/// Draws one word of each signed type: all fields at their lower bounds, at their upper bounds, or at random.
///
/// @param number one of a range, both ends included
/// @param word eight bytes of a digest or address
record Draw(LongBinaryOperator number, Supplier<Long> word) {
  private static final long MAX_UINT40 = (1L << 40) - 1;

  static Draw lowest() {
    return new Draw((min, _) -> min, () -> 0L);
  }

  static Draw highest() {
    return new Draw((_, max) -> max, () -> -1L);
  }

  static Draw random(long seed) {
    var random = new Random(seed);
    return new Draw((min, max) -> max == Long.MAX_VALUE ? random.nextLong() >>> 1 : random.nextLong(min, max + 1),
        random::nextLong);
  }

  Stream<Signable> all() {
    return Stream.of(jobOffer(), resourceOffer(), lease(), result(), new Acceptance(deal(), bytes32(), lp()),
        new Cancel(job()), new Release(deal()), new Lapse(deal(), time()),
        new Verdict(deal(), upTo(1, 255), upTo(1, 5), bytes32()), new Dispute(deal(), bytes32()));
  }

  private JobOffer jobOffer() {
    return new JobOffer(address(), address(), address(), bytes32(), address(), bytes32(), work(), lp(), lp(), lp(),
        Verification.of(upTo(0, 4)), upTo(1, 255), upTo(0, Integer.MAX_VALUE), time(), time(),
        number.applyAsLong(0, Long.MAX_VALUE), bytes32());
  }

  private Work work() {
    return new Work(Engine.of(upTo(1, 2)), bytes32(), bytes32(), bytes32(), resources(), upTo(1, Integer.MAX_VALUE),
        NetworkPolicy.of(upTo(0, 2)), bytes32(), bytes32());
  }

  private Resources resources() {
    return new Resources(upTo(0, Integer.MAX_VALUE), upTo(0, Integer.MAX_VALUE), bytes32(),
        upTo(0, Integer.MAX_VALUE), number.applyAsLong(0, Resources.MAX_MIB),
        number.applyAsLong(0, Resources.MAX_MIB));
  }

  private ResourceOffer resourceOffer() {
    var panels = Stream.generate(this::bytes32).limit(upTo(0, ResourceOffer.MAX_PANELS)).toList();
    return new ResourceOffer(address(), address(), address(), bytes32(), bytes32(),
        number.applyAsLong(0, Long.MAX_VALUE), panels, resources(), lp(), lp(), lp(), upTo(0, Integer.MAX_VALUE),
        time(), bytes32());
  }

  private Lease lease() {
    return new Lease(job(), upTo(1, 255), address(), bytes32(), number.applyAsLong(0, Long.MAX_VALUE), lp(), lp(),
        upTo(1, Integer.MAX_VALUE), time(), time(), bytes32());
  }

  private Result result() {
    long started = time();
    return new Result(deal(), bytes32(), lp(), started, number.applyAsLong(started, MAX_UINT40));
  }

  private JobId job() {
    return new JobId(bytes32());
  }

  private DealId deal() {
    return new DealId(bytes32());
  }

  Bytes32 bytes32() {
    return new Bytes32(word.get(), word.get(), word.get(), word.get());
  }

  private Address address() {
    return new Address(word.get(), word.get(), word.get().intValue());
  }

  private Lp lp() {
    return Lp.gwei(number.applyAsLong(0, Lp.MAX_GWEI));
  }

  private long time() {
    return number.applyAsLong(0, MAX_UINT40);
  }

  private int upTo(int min, int max) {
    return (int) number.applyAsLong(min, max);
  }

  static List<Draw> seeds(long first, int count) {
    return Stream.iterate(first, seed -> seed + 1).limit(count).map(Draw::random).toList();
  }
}
