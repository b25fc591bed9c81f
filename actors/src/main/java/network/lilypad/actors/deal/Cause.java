package network.lilypad.actors.deal;

/// Why an attempt ended, and what follows from it for the job: the cause table. Numbers are for ever: they are
/// journaled.
public enum Cause {
  /// A result was accepted, by word or by silence. Also a job's own failure: that is a result.
  COMPLETED(1, Next.END_DONE, true, false),
  /// The creator cancelled.
  CANCELLED(2, Next.END_CANCELLED, true, false),
  /// The creator's money was missing at the opening.
  INSUFFICIENT_FUNDS(3, Next.END_CANCELLED, false, false),
  /// The machine or its agent will not, or cannot pay its collateral.
  REFUSED(4, Next.RETRY, false, true),
  /// The machine could not now, or chain, core node, gateway or agent were lost before the opening.
  INFRASTRUCTURE(5, Next.RETRY, false, false),
  /// The machine fell silent and the solver declared it.
  LAPSED(6, Next.RETRY, true, true),
  /// The provider gave the deal back.
  RELEASED(7, Next.RETRY, true, true),
  /// No result in time: slashed.
  NO_RESULT(8, Next.RETRY, true, true),
  /// The mediators rejected the result: slashed.
  VERDICT_BAD(9, Next.RETRY, true, true),
  /// The job's offer ran out before a deal was opened.
  EXPIRED(10, Next.RETRY, false, false);

  /// What a job does when an attempt has ended.
  public enum Next {
    /// Opens for the next attempt while it has some left and has not expired, else fails.
    RETRY,
    /// The job is done.
    END_DONE,
    /// The job is cancelled.
    END_CANCELLED
  }

  private final int number;
  private final Next next;
  private final boolean counted;
  private final boolean excludes;

  Cause(int number, Next next, boolean counted, boolean excludes) {
    this.number = number;
    this.next = next;
    this.counted = counted;
    this.excludes = excludes;
  }

  /// The number in journals and messages.
  public int number() {
    return number;
  }

  /// What the job does next.
  public Next next() {
    return next;
  }

  /// Whether it uses up one of the offer's maxAttempts.
  public boolean counted() {
    return counted;
  }

  /// Whether the provider is left out of the job's later attempts.
  public boolean excludes() {
    return excludes;
  }

  /// @throws IllegalArgumentException if no cause has the number
  public static Cause of(int number) {
    for (Cause cause : values()) {
      if (cause.number == number) {
        return cause;
      }
    }
    throw new IllegalArgumentException("cause: " + number + " (expected: 1 to 10)");
  }
}
