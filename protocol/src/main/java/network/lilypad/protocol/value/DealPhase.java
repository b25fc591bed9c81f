package network.lilypad.protocol.value;

/// The states a deal can be in. Numbers are for ever, 0 to 10 are the predecessor's; the contract, the proto files and
/// this enum are compared by a test.
public enum DealPhase {
  /// Proposed; claim, reservation, lease and opening are under way.
  NEGOTIATING(0, false),
  /// Both sides' money is locked; the provider works.
  AGREED(1, false),
  /// A result is committed; the creator may accept, check or stay silent.
  RESULTS_SUBMITTED(2, false),
  /// The creator accepted: paid.
  RESULTS_ACCEPTED(3, true),
  /// The creator asked for mediation.
  RESULTS_CHECKED(4, false),
  /// The mediators upheld the result: paid.
  MEDIATION_ACCEPTED(5, true),
  /// The mediators rejected the result: refunded and slashed.
  MEDIATION_REJECTED(6, true),
  /// Not opened in time: nothing moved.
  TIMEOUT_AGREE(7, true),
  /// No result in time: refunded and slashed.
  TIMEOUT_SUBMIT_RESULTS(8, true),
  /// The creator stayed silent through the review: paid.
  TIMEOUT_JUDGE_RESULTS(9, true),
  /// The mediators stayed silent.
  TIMEOUT_MEDIATE_RESULTS(10, true),
  /// The creator cancelled: metered, at least a tenth of the price.
  CANCELLED(11, true),
  /// The provider's machine fell silent and the solver said so: both refunded.
  LAPSED(12, true),
  /// The provider gave the deal back: both refunded.
  RELEASED(13, true),
  /// Stopping while an intent is out: waits for the ledger's final answer.
  UNWINDING(14, false),
  /// The panels reached no verdict: both refunded.
  NO_VERDICT(15, true);

  private final int number;
  private final boolean terminal;

  DealPhase(int number, boolean terminal) {
    this.number = number;
    this.terminal = terminal;
  }

  /// The number in the contract and the proto files.
  public int number() {
    return number;
  }

  /// Whether nothing can follow.
  public boolean terminal() {
    return terminal;
  }

  /// Whether the provider is paid for a result in this end.
  public boolean paid() {
    return this == RESULTS_ACCEPTED || this == TIMEOUT_JUDGE_RESULTS || this == MEDIATION_ACCEPTED;
  }

  /// @throws IllegalArgumentException if no state has the number
  public static DealPhase of(int number) {
    for (DealPhase phase : values()) {
      if (phase.number == number) {
        return phase;
      }
    }
    throw new InvalidValueException("deal state", Integer.toString(number), "0 to 15");
  }
}
