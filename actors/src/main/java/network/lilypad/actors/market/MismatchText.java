package network.lilypad.actors.market;

import network.lilypad.actors.market.Mismatch.Busy;
import network.lilypad.actors.market.Mismatch.CollateralTooHigh;
import network.lilypad.actors.market.Mismatch.JobExpired;
import network.lilypad.actors.market.Mismatch.ModuleRefused;
import network.lilypad.actors.market.Mismatch.NetworkTooWide;
import network.lilypad.actors.market.Mismatch.NoCommonPanel;
import network.lilypad.actors.market.Mismatch.NoEngine;
import network.lilypad.actors.market.Mismatch.NotOpen;
import network.lilypad.actors.market.Mismatch.OfferExpired;
import network.lilypad.actors.market.Mismatch.OtherGpuModel;
import network.lilypad.actors.market.Mismatch.OtherLedger;
import network.lilypad.actors.market.Mismatch.OtherMarket;
import network.lilypad.actors.market.Mismatch.OtherProvider;
import network.lilypad.actors.market.Mismatch.OtherSolver;
import network.lilypad.actors.market.Mismatch.ProviderExcluded;
import network.lilypad.actors.market.Mismatch.ReputationTooLow;
import network.lilypad.actors.market.Mismatch.ReviewTooLong;
import network.lilypad.actors.market.Mismatch.RunTooLong;
import network.lilypad.actors.market.Mismatch.TooCheap;
import network.lilypad.actors.market.Mismatch.TooExpensive;
import network.lilypad.actors.market.Mismatch.TooFewGpus;
import network.lilypad.actors.market.Mismatch.TooLateToDeliver;
import network.lilypad.actors.market.Mismatch.TooLittleCpu;
import network.lilypad.actors.market.Mismatch.TooLittleDisk;
import network.lilypad.actors.market.Mismatch.TooLittleRam;
import network.lilypad.actors.market.Mismatch.TooLittleVram;
import network.lilypad.protocol.value.Resources;

/// The sentences that people read for each mismatch.
final class MismatchText {
  private MismatchText() {}

  static String of(Mismatch why) {
    return switch (why) {
      case JobExpired(var until, var now) -> "the offer ran out at " + until + ", it is " + now;
      case TooLateToDeliver(var by, var earliest) -> "wanted by " + by + ", done at " + earliest + " at the earliest";
      case OtherLedger(var wanted, var found) -> wanted(wanted, found);
      case OtherSolver(var wanted, var found) -> wanted(wanted, found);
      case OtherMarket(var wanted, var found) -> wanted(wanted, found);
      case NotOpen() -> "the machine takes no new work at the moment";
      case OfferExpired(var until, var now) -> "the machine's offer ran out at " + until + ", it is " + now;
      case OtherProvider(var wanted, var found) -> wanted(wanted, found);
      case ProviderExcluded(var provider) -> provider + " failed or refused an earlier attempt";
      case NoEngine(var wanted, var found) -> wanted(wanted, found);
      case TooFewGpus(var wanted, var found) -> wanted(wanted, found);
      case OtherGpuModel(var wanted, var found) -> wanted(wanted, found.isZero() ? "mixed models" : found);
      case TooLittleVram(var wanted, var found) -> wanted(wanted + " MiB", found + " MiB");
      case TooLittleCpu(var wanted, var found) -> wanted(wanted + " milli-CPU", found + " milli-CPU");
      case TooLittleRam(var wanted, var found) -> wanted(wanted + " MiB", found + " MiB");
      case TooLittleDisk(var wanted, var found) -> wanted(wanted + " MiB", found + " MiB");
      case Busy(var wanted, var free) -> wanted(amounts(wanted), amounts(free) + " free");
      case ModuleRefused(var module) -> "the provider's policy does not take module " + module;
      case NetworkTooWide(var wanted, var found) -> wanted("network " + wanted, "at most " + found);
      case RunTooLong(var wanted, var found) -> wanted(wanted + " s", "at most " + found + " s");
      case NoCommonPanel(var wanted, var found) -> wanted(wanted, found);
      case CollateralTooHigh(var wanted, var found) -> wanted(wanted, "at most " + found);
      case ReviewTooLong(var wanted, var found) -> wanted(wanted + " s", "at most " + found + " s");
      case ReputationTooLow(var wanted, var found) -> wanted(wanted + " permille", found + " permille");
      case TooCheap(var price, var lowest) -> "costs " + price + ", the provider signs for " + lowest + " or more";
      case TooExpensive(var limit, var price) -> "costs " + price + ", the limit is " + limit;
    };
  }

  static String remedy(Mismatch why) {
    return switch (why) {
      case JobExpired _ -> "sign the offer again with a later --valid-until";
      case TooLateToDeliver(_, var earliest) -> "move --deliver-by to " + earliest + " or later";
      case OtherLedger _ -> "offer the job on the chain the machines are on";
      case OtherSolver(_, var found) -> "name solver " + found;
      case OtherMarket(_, var found) -> "offer the job in market " + found;
      case NotOpen _ -> "wait until a machine that takes no work now is back";
      case OfferExpired _ -> "wait until the provider renews its offer";
      case OtherProvider(_, var found) -> "drop --target or choose " + found;
      case ProviderExcluded(var provider) -> "submit the job anew to give " + provider + " another chance";
      case NoEngine(_, var found) -> "use a module for " + found;
      case TooFewGpus(_, var found) -> "ask for at most " + found + " GPUs";
      case OtherGpuModel _ -> "ask for any GPU model";
      case TooLittleVram(_, var found) -> "ask for at most " + found + " MiB per GPU";
      case TooLittleCpu(_, var found) -> "ask for at most " + found + " milli-CPU";
      case TooLittleRam(_, var found) -> "ask for at most " + found + " MiB of memory";
      case TooLittleDisk(_, var found) -> "ask for at most " + found + " MiB of disk";
      case Busy _ -> "wait until a machine that is large enough is free";
      case ModuleRefused _ -> "use a module that the providers take";
      case NetworkTooWide(_, var found) -> "use a module that asks for no more than network " + found;
      case RunTooLong(_, var found) -> "use a module that runs for at most " + found + " s";
      case NoCommonPanel(_, var found) -> "choose one of the panels " + found;
      case CollateralTooHigh(_, var found) -> "lower --min-collateral to " + found;
      case ReviewTooLong(_, var found) -> "shorten --review to " + found + " s";
      case ReputationTooLow _ -> "wait until a provider of better reputation is free";
      case TooCheap(_, var lowest) -> "use a module that needs more or runs longer, for a price of " + lowest;
      case TooExpensive(_, var price) -> "raise --max-price to " + price;
    };
  }

  private static String wanted(Object wanted, Object found) {
    return "wanted " + wanted + ", found " + found;
  }

  private static String amounts(Resources r) {
    return r.milliCpu() + " milli-CPU, " + r.gpus() + " GPUs, " + r.ramMib() + " MiB memory, " + r.diskMib()
        + " MiB disk";
  }
}
