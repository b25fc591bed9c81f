package network.lilypad.actors.market;

import java.util.List;
import java.util.Set;
import network.lilypad.protocol.value.Address;
import network.lilypad.protocol.value.Bytes32;
import network.lilypad.protocol.value.Domain;
import network.lilypad.protocol.value.Engine;
import network.lilypad.protocol.value.Lp;
import network.lilypad.protocol.value.NetworkPolicy;
import network.lilypad.protocol.value.Resources;

/// Why a job and a machine do not match: one kind for each [Rule], with what was wanted and what was found.
public sealed interface Mismatch {
  /// The job's offer has run out. Ledger seconds.
  record JobExpired(long validUntil, long now) implements Mismatch {}

  /// The result would be late. Ledger seconds.
  record TooLateToDeliver(long deliverBy, long earliest) implements Mismatch {}

  /// Signed for different ledgers.
  record OtherLedger(Domain wanted, Domain found) implements Mismatch {}

  /// Different solvers.
  record OtherSolver(Address wanted, Address found) implements Mismatch {}

  /// Different markets.
  record OtherMarket(Bytes32 wanted, Bytes32 found) implements Mismatch {}

  /// The machine takes no new work.
  record NotOpen() implements Mismatch {}

  /// The machine's offer has run out. Ledger seconds.
  record OfferExpired(long validUntil, long now) implements Mismatch {}

  /// Not the provider that was asked for.
  record OtherProvider(Address wanted, Address found) implements Mismatch {}

  /// The provider was left out because of an earlier attempt.
  record ProviderExcluded(Address provider) implements Mismatch {}

  /// The machine has not that engine.
  record NoEngine(Engine wanted, Set<Engine> found) implements Mismatch {}

  /// Too few GPUs.
  record TooFewGpus(int wanted, int found) implements Mismatch {}

  /// Another GPU model; digests of the names.
  record OtherGpuModel(Bytes32 wanted, Bytes32 found) implements Mismatch {}

  /// Too little memory per GPU, in MiB.
  record TooLittleVram(int wanted, int found) implements Mismatch {}

  /// Too few cores, in milli-CPU.
  record TooLittleCpu(int wanted, int found) implements Mismatch {}

  /// Too little memory, in MiB.
  record TooLittleRam(long wanted, long found) implements Mismatch {}

  /// Too little disk, in MiB.
  record TooLittleDisk(long wanted, long found) implements Mismatch {}

  /// Large enough, but too much of it is taken.
  record Busy(Resources wanted, Resources free) implements Mismatch {}

  /// The provider's policy does not take the module.
  record ModuleRefused(Bytes32 module) implements Mismatch {}

  /// The provider lets jobs reach less of the network.
  record NetworkTooWide(NetworkPolicy wanted, NetworkPolicy found) implements Mismatch {}

  /// The provider lets no job run for so long, in seconds.
  record RunTooLong(int wanted, int found) implements Mismatch {}

  /// The provider does not trust that panel.
  record NoCommonPanel(Bytes32 wanted, List<Bytes32> found) implements Mismatch {}

  /// More collateral than the provider puts up.
  record CollateralTooHigh(Lp wanted, Lp found) implements Mismatch {}

  /// A longer review than the provider waits for, in seconds.
  record ReviewTooLong(int wanted, int found) implements Mismatch {}

  /// Below the market's floor, in permille.
  record ReputationTooLow(int wanted, int found) implements Mismatch {}

  /// The provider signs for no such price.
  record TooCheap(Lp price, Lp lowest) implements Mismatch {}

  /// The price is above the job's limit.
  record TooExpensive(Lp limit, Lp price) implements Mismatch {}

  /// The rule that fell.
  default Rule rule() {
    return switch (this) {
      case JobExpired _ -> Rule.VALID_UNTIL;
      case TooLateToDeliver _ -> Rule.DELIVER_BY;
      case OtherLedger _ -> Rule.LEDGER;
      case OtherSolver _ -> Rule.SOLVER;
      case OtherMarket _ -> Rule.MARKET;
      case NotOpen _ -> Rule.OPEN;
      case OfferExpired _ -> Rule.OFFER_VALID;
      case OtherProvider _ -> Rule.TARGET;
      case ProviderExcluded _ -> Rule.NOT_EXCLUDED;
      case NoEngine _ -> Rule.ENGINE;
      case TooFewGpus _ -> Rule.GPUS;
      case OtherGpuModel _ -> Rule.GPU_MODEL;
      case TooLittleVram _ -> Rule.VRAM;
      case TooLittleCpu _ -> Rule.CPU;
      case TooLittleRam _ -> Rule.RAM;
      case TooLittleDisk _ -> Rule.DISK;
      case Busy _ -> Rule.FREE;
      case ModuleRefused _ -> Rule.MODULE;
      case NetworkTooWide _ -> Rule.NETWORK;
      case RunTooLong _ -> Rule.MAX_RUN;
      case NoCommonPanel _ -> Rule.PANEL;
      case CollateralTooHigh _ -> Rule.COLLATERAL;
      case ReviewTooLong _ -> Rule.REVIEW;
      case ReputationTooLow _ -> Rule.REPUTATION;
      case TooCheap _ -> Rule.MIN_PRICE;
      case TooExpensive _ -> Rule.PRICE;
    };
  }

  /// How far it is from a match in the rule's own unit, to find the nearest; 0 where there is no nearer or farther.
  default long distance() {
    return switch (this) {
      case JobExpired(var until, var now) -> now - until;
      case TooLateToDeliver(var by, var earliest) -> earliest - by;
      case OfferExpired(var until, var now) -> now - until;
      case TooFewGpus(var wanted, var found) -> wanted - found;
      case TooLittleVram(var wanted, var found) -> wanted - found;
      case TooLittleCpu(var wanted, var found) -> wanted - found;
      case TooLittleRam(var wanted, var found) -> wanted - found;
      case TooLittleDisk(var wanted, var found) -> wanted - found;
      case NetworkTooWide(var wanted, var found) -> wanted.number() - found.number();
      case RunTooLong(var wanted, var found) -> wanted - found;
      case CollateralTooHigh(var wanted, var found) -> wanted.gwei() - found.gwei();
      case ReviewTooLong(var wanted, var found) -> wanted - found;
      case ReputationTooLow(var wanted, var found) -> wanted - found;
      case TooCheap(var price, var lowest) -> lowest.gwei() - price.gwei();
      case TooExpensive(var limit, var price) -> price.gwei() - limit.gwei();
      case OtherLedger _,OtherSolver _,OtherMarket _,NotOpen _,OtherProvider _,ProviderExcluded _,NoEngine _,OtherGpuModel _,Busy _,ModuleRefused _,NoCommonPanel _ ->
        0;
    };
  }

  /// One clause for a person: what was wanted and what was found.
  default String text() {
    return MismatchText.of(this);
  }

  /// What the job's creator could do about it, in the imperative.
  default String remedy() {
    return MismatchText.remedy(this);
  }
}
