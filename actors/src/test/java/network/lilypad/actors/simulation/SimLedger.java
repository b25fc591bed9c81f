package network.lilypad.actors.simulation;

import java.math.BigInteger;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.LongSupplier;
import network.lilypad.protocol.Rejection;
import network.lilypad.protocol.message.Bridge;
import network.lilypad.protocol.value.Address;
import network.lilypad.protocol.value.DealId;
import network.lilypad.protocol.value.DealPhase;
import network.lilypad.protocol.value.JobId;
import network.lilypad.protocol.value.JobOffer;
import network.lilypad.protocol.value.Lease;
import network.lilypad.protocol.value.Lp;
import network.lilypad.protocol.value.Result;
import network.lilypad.protocol.value.Signed;
import org.jspecify.annotations.Nullable;

/// The ledger as its words describe it ([Bridge]): an independent model of the embedded ledger and the contract. Each
/// transfer goes from one bucket to another, so all buckets always add up to nothing.
final class SimLedger {
  /// Money that belongs together.
  ///
  /// @param owner whose; [#POOL] and [#ISSUED] are nobody's
  record Bucket(Address owner, boolean locked) {}

  /// Slashes that are not the victim's.
  static final Bucket POOL = new Bucket(new Address(0, 0, 1), false);
  /// Where all money comes from: the only bucket below zero.
  static final Bucket ISSUED = new Bucket(new Address(0, 0, 2), false);
  private static final int SLASH_PART = 5;
  private static final int LEAST_PART_OF_A_CANCEL = 10;

  /// A deal that has been opened.
  static final class Slot {
    final Signed<JobOffer> offer;
    final Lease lease;
    final long openedAt;
    DealPhase phase = DealPhase.AGREED;
    long at;
    @Nullable
    Signed<Result> result;
    Lp paid = Lp.ZERO;
    Lp refunded = Lp.ZERO;

    Slot(Signed<JobOffer> offer, Lease lease, long now) {
      this.offer = offer;
      this.lease = lease;
      this.openedAt = now;
      this.at = now;
    }
  }

  private record Hold(Address creator, long budget, long until) {}

  private final Map<Bucket, Long> buckets = new LinkedHashMap<>();
  private final Map<DealId, Slot> slots = new LinkedHashMap<>();
  private final Map<JobId, DealId> latest = new HashMap<>();
  private final Map<JobId, Hold> holds = new LinkedHashMap<>();
  private final Map<DealId, Bridge.Reply> refusals = new HashMap<>();
  private final Set<DealId> annulled = new HashSet<>();
  private final LongSupplier clock;
  private final Auditor auditor;
  private final Sabotage sabotage;

  SimLedger(LongSupplier clock, Auditor auditor, Sabotage sabotage) {
    this.clock = clock;
    this.auditor = auditor;
    this.sabotage = sabotage;
  }

  Map<Bucket, Long> buckets() {
    return buckets;
  }

  Map<DealId, Slot> slots() {
    return slots;
  }

  boolean holdsNothing() {
    return holds.values().stream().noneMatch(hold -> hold.until >= clock.getAsLong());
  }

  void faucet(Address account, Lp amount) {
    move(ISSUED, new Bucket(account, false), amount.gwei());
  }

  Bridge.Reply reserve(Signed<JobOffer> offer, JobId job) {
    long now = clock.getAsLong();
    var word = offer.word();
    if (now > word.validUntil()) {
      return refused(job, new Rejection.TooLate("job offer", word.validUntil(), now));
    }
    if (endsJob(job)) {
      return refused(job, new Rejection.JobEnded(job.toString(), "on the ledger"));
    }
    long spendable = spendable(word.creator(), job);
    if (spendable < word.budget().gwei()) {
      return refused(job, new Rejection.InsufficientFunds(word.creator().toString(), word.budget().gwei(), spendable));
    }
    holds.put(job, new Hold(word.creator(), word.budget().gwei(), word.validUntil()));
    return receipt(job, DealPhase.NEGOTIATING, now);
  }

  Bridge.Reply unreserve(JobId job) {
    holds.remove(job);
    return receipt(job, DealPhase.NEGOTIATING, clock.getAsLong());
  }

  Bridge.Reply open(Signed<JobOffer> offer, Signed<Lease> lease) {
    var deal = lease.word().deal();
    var slot = slots.get(deal);
    if (slot != null) {
      return receipt(deal, slot);
    }
    boolean deaf = sabotage == Sabotage.LEDGER_OPENS_THE_ANNULLED;
    if (annulled.contains(deal) && !deaf) {
      return refused(deal, new Rejection.LedgerConflict("deal " + deal, "annulled"));
    }
    var before = refusals.get(deal);
    if (before != null) {
      return before;
    }
    var refusal = mayOpen(offer, lease);
    if (refusal != null) {
      refusals.put(deal, refused(deal, refusal));
      return refused(deal, refusal);
    }
    return lock(offer, lease.word());
  }

  private @Nullable Rejection mayOpen(Signed<JobOffer> offer, Signed<Lease> lease) {
    long now = clock.getAsLong();
    var job = offer.word();
    var word = lease.word();
    var current = latest.get(word.job());
    long free = spendable(job.creator(), word.job());
    long stake = buckets.getOrDefault(new Bucket(word.provider(), false), 0L);
    if (!offer.signer().equals(job.creator()) || !lease.signer().equals(word.provider())) {
      return new Rejection.NotAParty(lease.signer().toString(), "creator and provider");
    } else if (word.price().compareTo(job.maxPrice()) > 0) {
      return new Rejection.TooExpensive(word.price().gwei(), job.maxPrice().gwei());
    } else if (now > job.validUntil() || now > word.openBy()) {
      return new Rejection.TooLate("opening", Math.min(job.validUntil(), word.openBy()), now);
    } else if (current != null && sabotage != Sabotage.ATTEMPT_OPENED_TWICE && !slot(current).phase.terminal()) {
      return new Rejection.LedgerConflict("deal of the same job", slot(current).phase.name());
    } else if (endsJob(word.job()) && sabotage != Sabotage.ATTEMPT_OPENED_TWICE) {
      return new Rejection.JobEnded(word.job().toString(), "on the ledger");
    } else if (free < word.price().gwei()) {
      return new Rejection.InsufficientFunds(job.creator().toString(), word.price().gwei(), free);
    } else if (stake < word.collateral().gwei()) {
      return new Rejection.InsufficientFunds(word.provider().toString(), word.collateral().gwei(), stake);
    }
    return null;
  }

  private Bridge.Reply lock(Signed<JobOffer> offer, Lease lease) {
    var slot = new Slot(offer, lease, clock.getAsLong());
    slots.put(lease.deal(), slot);
    latest.put(lease.job(), lease.deal());
    var creator = offer.word().creator();
    move(new Bucket(creator, false), new Bucket(creator, true), lease.price().gwei());
    move(new Bucket(lease.provider(), false), new Bucket(lease.provider(), true), lease.collateral().gwei());
    auditor.opened(slot);
    return receipt(lease.deal(), slot);
  }

  Bridge.Reply annul(JobId job, int attempt) {
    var deal = job.deal(attempt);
    var slot = slots.get(deal);
    if (slot != null) {
      return receipt(deal, slot);
    }
    annulled.add(deal);
    return receipt(deal, DealPhase.TIMEOUT_AGREE, clock.getAsLong());
  }

  Bridge.Reply submit(DealId deal, Signed<Result> result) {
    long now = clock.getAsLong();
    var slot = slots.get(deal);
    if (slot == null) {
      return refused(deal, new Rejection.NotFound("deal", deal.toString()));
    }
    if (slot.phase.terminal() || (slot.result != null && slot.result.equals(result))) {
      return receipt(deal, slot);
    }
    if (slot.result != null) {
      return refused(deal, new Rejection.LedgerConflict("result", slot.phase.name()));
    }
    if (!fits(slot, result)) {
      return refused(deal, new Rejection.Malformed("result", result.toString(), "the provider's, within its price"));
    }
    if (now > slot.lease.submitBy()) {
      return refused(deal, new Rejection.TooLate("submission", slot.lease.submitBy(), now));
    }
    slot.result = result;
    slot.phase = DealPhase.RESULTS_SUBMITTED;
    slot.at = now;
    return receipt(deal, slot);
  }

  Bridge.Reply end(DealId deal, Bridge.Ending ending) {
    var slot = slots.get(deal);
    if (slot == null) {
      return refused(deal, new Rejection.NotFound("deal", deal.toString()));
    }
    boolean twice = sabotage == Sabotage.LEDGER_PAYS_EVERY_REPEAT && slot.phase == ending.phase();
    if (slot.phase.terminal() && !twice) {
      return receipt(deal, slot);
    }
    return switch (ending) {
      case Bridge.Accepted(var result, var acceptance) -> {
        var word = acceptance.word();
        boolean good = fits(slot, result) && (slot.result == null || slot.result.equals(result))
            && acceptance.signer().equals(slot.offer.word().creator()) && word.deal().equals(deal)
            && word.commitment().equals(result.word().commitment()) && word.cost().equals(result.word().cost());
        yield good
            ? close(deal, slot, ending.phase(), result.word().cost(), Lp.ZERO)
            : refused(deal, new Rejection.LedgerConflict("acceptance", slot.phase.name()));
      }
      case Bridge.Silence(var result) -> silence(deal, slot, result);
      case Bridge.NoResult _ -> noResult(deal, slot);
      case Bridge.Cancelled(var cancel) -> slot.phase != DealPhase.AGREED && !twice
          ? receipt(deal, slot)
          : cancel.signer().equals(slot.offer.word().creator())
              ? close(deal, slot, ending.phase(), cancelled(slot), Lp.ZERO)
              : refused(deal, new Rejection.NotAParty(cancel.signer().toString(), "the creator"));
      case Bridge.Released(var release) -> slot.phase != DealPhase.AGREED && !twice
          ? receipt(deal, slot)
          : release(deal, slot, release.signer());
      case Bridge.Lapsed _ -> slot.phase != DealPhase.AGREED && !twice
          ? receipt(deal, slot)
          : close(deal, slot, ending.phase(), Lp.ZERO, Lp.ZERO);
    };
  }

  private Bridge.Reply release(DealId deal, Slot slot, Address signer) {
    if (!signer.equals(slot.lease.provider())) {
      return refused(deal, new Rejection.NotAParty(signer.toString(), "the provider"));
    }
    return clock.getAsLong() > slot.lease.submitBy()
        ? refused(deal, new Rejection.TooLate("release", slot.lease.submitBy(), clock.getAsLong()))
        : close(deal, slot, DealPhase.RELEASED, Lp.ZERO, Lp.ZERO);
  }

  private Bridge.Reply silence(DealId deal, Slot slot, Signed<Result> result) {
    long ends = slot.at + slot.offer.word().reviewSeconds();
    if (slot.result == null || !slot.result.equals(result)) {
      return refused(deal, new Rejection.LedgerConflict("result", slot.phase.name()));
    }
    return clock.getAsLong() < ends
        ? refused(deal, new Rejection.TooEarly("end of review", ends, clock.getAsLong()))
        : close(deal, slot, DealPhase.TIMEOUT_JUDGE_RESULTS, result.word().cost(), Lp.ZERO);
  }

  private Bridge.Reply noResult(DealId deal, Slot slot) {
    if (slot.result != null) {
      return receipt(deal, slot);
    }
    if (clock.getAsLong() <= slot.lease.submitBy()) {
      return refused(deal, new Rejection.TooEarly("no result", slot.lease.submitBy() + 1, clock.getAsLong()));
    }
    var slash = slot.lease.collateral().min(slot.lease.price().times(1, SLASH_PART));
    return close(deal, slot, DealPhase.TIMEOUT_SUBMIT_RESULTS, Lp.ZERO, slash);
  }

  private Lp cancelled(Slot slot) {
    var price = slot.lease.price();
    return part(price, clock.getAsLong() - slot.openedAt, slot.offer.word().work().runSeconds())
        .max(part(price, 1, LEAST_PART_OF_A_CANCEL));
  }

  private Bridge.Reply close(DealId deal, Slot slot, DealPhase phase, Lp paid, Lp slash) {
    var creator = slot.offer.word().creator();
    var provider = slot.lease.provider();
    long victims = slash.gwei() / 2;
    move(new Bucket(creator, true), new Bucket(provider, false), paid.gwei());
    move(new Bucket(creator, true), new Bucket(creator, false), slot.lease.price().minus(paid).gwei());
    move(new Bucket(provider, true), new Bucket(creator, false), victims);
    move(new Bucket(provider, true), POOL, slash.gwei() - victims);
    move(new Bucket(provider, true), new Bucket(provider, false), slot.lease.collateral().minus(slash).gwei());
    slot.phase = phase;
    slot.at = clock.getAsLong();
    slot.paid = paid;
    slot.refunded = Lp.gwei(slot.lease.price().gwei() - paid.gwei() + victims);
    auditor.closed(deal, slot, slash);
    return receipt(deal, slot);
  }

  private boolean fits(Slot slot, Signed<Result> result) {
    var word = result.word();
    var most = part(slot.lease.price(), word.runSeconds() + 1, slot.offer.word().work().runSeconds());
    return result.signer().equals(slot.lease.provider()) && word.deal().equals(slot.lease.deal())
        && most.covers(word.cost());
  }

  /// A part of an amount, rounded up, at most all of it.
  static Lp part(Lp whole, long numerator, long denominator) {
    var share = BigInteger.valueOf(whole.gwei()).multiply(BigInteger.valueOf(Math.min(numerator, denominator)))
        .add(BigInteger.valueOf(denominator - 1)).divide(BigInteger.valueOf(denominator));
    return Lp.gwei(share.longValueExact());
  }

  private boolean endsJob(JobId job) {
    var deal = latest.get(job);
    return deal != null && (slot(deal).phase.paid() || slot(deal).phase == DealPhase.CANCELLED);
  }

  /// What an account can spend on a job: its free money less what is held for its other jobs that have no live deal.
  private long spendable(Address account, JobId job) {
    long now = clock.getAsLong();
    long held = holds.entrySet().stream()
        .filter(e -> !e.getKey().equals(job) && e.getValue().creator.equals(account) && e.getValue().until >= now)
        .filter(e -> !hasLiveDeal(e.getKey()))
        .mapToLong(e -> e.getValue().budget).sum();
    return Math.max(0, buckets.getOrDefault(new Bucket(account, false), 0L) - held);
  }

  private boolean hasLiveDeal(JobId job) {
    var deal = latest.get(job);
    return deal != null && !slot(deal).phase.terminal();
  }

  private Slot slot(DealId deal) {
    return Objects.requireNonNull(slots.get(deal));
  }

  private void move(Bucket from, Bucket to, long amount) {
    buckets.merge(from, -amount, Long::sum);
    buckets.merge(to, amount, Long::sum);
    auditor.moved();
  }

  private static Bridge.Reply receipt(DealId deal, Slot slot) {
    return new Bridge.Receipt(deal.toString(), slot.phase, slot.at, "", slot.paid, slot.refunded);
  }

  static Bridge.Reply receipt(Object key, DealPhase phase, long at) {
    return new Bridge.Receipt(key.toString(), phase, at, "", Lp.ZERO, Lp.ZERO);
  }

  private static Bridge.Reply refused(Object key, Rejection why) {
    return new Bridge.Refused(key.toString(), why);
  }
}
