package network.lilypad.protocol;

import java.math.BigDecimal;
import network.lilypad.protocol.Rejection.AgentRefused;
import network.lilypad.protocol.Rejection.AlreadyProposed;
import network.lilypad.protocol.Rejection.BadContent;
import network.lilypad.protocol.Rejection.BadSignature;
import network.lilypad.protocol.Rejection.InsufficientFunds;
import network.lilypad.protocol.Rejection.JobEnded;
import network.lilypad.protocol.Rejection.LedgerConflict;
import network.lilypad.protocol.Rejection.MachineUnavailable;
import network.lilypad.protocol.Rejection.Malformed;
import network.lilypad.protocol.Rejection.Mismatch;
import network.lilypad.protocol.Rejection.NoCapacity;
import network.lilypad.protocol.Rejection.NoLease;
import network.lilypad.protocol.Rejection.NotAParty;
import network.lilypad.protocol.Rejection.NotFound;
import network.lilypad.protocol.Rejection.Overloaded;
import network.lilypad.protocol.Rejection.StaleEpoch;
import network.lilypad.protocol.Rejection.TooEarly;
import network.lilypad.protocol.Rejection.TooExpensive;
import network.lilypad.protocol.Rejection.TooLarge;
import network.lilypad.protocol.Rejection.TooLate;
import network.lilypad.protocol.Rejection.Unauthenticated;
import network.lilypad.protocol.Rejection.Unavailable;
import network.lilypad.protocol.Rejection.UnknownModule;
import network.lilypad.protocol.Rejection.Unrecognised;
import network.lilypad.protocol.Rejection.WrongState;

/// The sentences that people read for each rejection.
final class RejectionText {
  /// How a size ends that is an amount of money.
  private static final String IN_GWEI = " in gwei of LP";

  private RejectionText() {}

  static String of(Rejection why) {
    return switch (why) {
      case WrongState(var entity, var state, var command) ->
        entity + " does not take " + command + " in state " + state;
      case NotAParty(var caller, var expected) -> "signed by " + caller + " (expected: " + expected + ")";
      case TooLate(var what, var deadline, var at) -> what + ": ended at " + deadline + ", it is " + at;
      case TooEarly(var what, var notBefore, var at) -> what + ": not before " + notBefore + ", it is " + at;
      case BadSignature(var what, var expected) -> "the signature of the " + what + " is not valid (expected: by "
          + expected + ", low s, in this ledger's domain)";
      case JobEnded(var job, var end) -> "job " + job + " has ended: " + end
          + "; sign the offer with another nonce to run it again";
      case InsufficientFunds(var account, var needed, var available) -> account + " has " + lp(available) + " free, "
          + lp(needed) + " are needed; deposit more or lower the price";
      case UnknownModule(var module, var known) -> "no module " + module + "; there are: " + known;
      case TooLarge(var what, var size, var limit) when what.endsWith(IN_GWEI) ->
        what.substring(0, what.length() - IN_GWEI.length()) + ": " + lp(size) + " (expected: at most " + lp(limit)
            + ")";
      case TooLarge(var what, var size, var limit) -> what + ": " + size + " (expected: at most " + limit + ")";
      case TooExpensive(var price, var max) -> "the price would be " + lp(price) + ", the limit is " + lp(max);
      case StaleEpoch(var epoch, var current) -> "epoch " + epoch + " is over, the machine's is " + current;
      case NoLease(var machine, var deal) -> "machine " + machine + " has no lease for deal " + deal;
      case BadContent(var what, var reason) -> what + ": " + reason;
      case Malformed(var field, var value, var expectation) ->
        field + ": " + value + " (expected: " + expectation + ")";
      case NotFound(var entity, var id) -> "no " + entity + " " + id + " of yours";
      case NoCapacity(var machine, var wanted, var free) -> "machine " + machine + " has " + free + " free, " + wanted
          + " are wanted";
      case MachineUnavailable(var machine, var reason) -> "machine " + machine + " takes no work: " + reason;
      case Mismatch(var rule, var detail) -> "the offers do not match: " + rule + ": " + detail;
      case AgentRefused(var reason) -> "the provider refused: " + reason;
      case LedgerConflict(var what, var state) -> what + " is " + state + " on the ledger";
      case Unauthenticated(var reason) -> "not allowed: " + reason;
      case AlreadyProposed(var deal) -> "deal " + deal + " has been proposed to another machine";
      case Overloaded(var what, var limit, var millis) -> "too many " + what + " (at most " + limit
          + "); try again in " + millis + " ms";
      case Unavailable(var what, var millis) -> what + " does not answer; try again in " + millis + " ms";
      case Unrecognised(var code, var name, var text) -> text + " (" + name + ", code " + code
          + ", unknown to this version; a newer one knows it)";
    };
  }

  /// Any number: a rejection of somebody else's making may carry more than there is.
  private static String lp(long gwei) {
    return BigDecimal.valueOf(gwei, 9).stripTrailingZeros().toPlainString() + " LP";
  }
}
