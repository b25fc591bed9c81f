package network.lilypad.chain.local;

import java.util.Arrays;
import java.util.stream.Collectors;

import network.lilypad.protocol.Defect;
import network.lilypad.protocol.Rejection;

/// The refusals of an opening as one column of text: the code, then the components. They are stored because they are
/// final, and a repeat must hear the same words.
final class RefusalText {
  private static final String SEPARATOR = "|";

  private RefusalText() {}

  static String write(Rejection why) {
    return switch (why) {
      case Rejection.NotAParty(var caller, var expected) -> join(why, caller, expected);
      case Rejection.TooLate(var what, var deadline, var at) -> join(why, what, deadline, at);
      case Rejection.BadSignature(var what, var expected) -> join(why, what, expected);
      case Rejection.JobEnded(var job, var end) -> join(why, job, end);
      case Rejection.InsufficientFunds(var account, var needed, var available) ->
        join(why, account, needed, available);
      case Rejection.TooExpensive(var price, var max) -> join(why, price, max);
      case Rejection.Mismatch(var rule, var detail) -> join(why, rule, detail);
      case Rejection.LedgerConflict(var what, var state) -> join(why, what, state);
      default -> throw new Defect("refusal of an opening: " + why + " (expected: one of those stored here)");
    };
  }

  static Rejection read(String text) {
    var parts = text.split("\\" + SEPARATOR, -1);
    return switch (Integer.parseInt(parts[0])) {
      case 1002 -> new Rejection.NotAParty(parts[1], parts[2]);
      case 1003 -> new Rejection.TooLate(parts[1], Long.parseLong(parts[2]), Long.parseLong(parts[3]));
      case 1005 -> new Rejection.BadSignature(parts[1], parts[2]);
      case 1006 -> new Rejection.JobEnded(parts[1], parts[2]);
      case 1007 -> new Rejection.InsufficientFunds(parts[1], Long.parseLong(parts[2]), Long.parseLong(parts[3]));
      case 1010 -> new Rejection.TooExpensive(Long.parseLong(parts[1]), Long.parseLong(parts[2]));
      case 1018 -> new Rejection.Mismatch(parts[1], parts[2]);
      case 1020 -> new Rejection.LedgerConflict(parts[1], parts[2]);
      default -> throw new Defect("stored refusal: " + text + " (expected: a code written here)");
    };
  }

  private static String join(Rejection why, Object... components) {
    return why.code() + SEPARATOR
        + Arrays.stream(components).map(Object::toString).collect(Collectors.joining(SEPARATOR));
  }
}
