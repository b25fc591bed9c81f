package network.lilypad.chain;

/// The ledger gave no answer: what was asked may or may not have happened. Repeating it is the way to learn.
public final class SettlementUnavailableException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /// @param ledger which ledger
  /// @param cause what went wrong on the way to it
  public SettlementUnavailableException(String ledger, Throwable cause) {
    super(ledger + ": no answer, outcome unknown; repeat to learn it", cause);
  }
}
