package network.lilypad.actors.market;

/// Why a proposal came to nothing, as far as the book must know to do better next time.
public enum Refusal {
  /// The attempt is not open any more: the job waits for its next one to be listed.
  JOB,
  /// The machine cannot take it or cannot be reached: it is left alone until it speaks again.
  MACHINE,
  /// These two do not suit each other: the provider is left out for the rest of this attempt.
  PAIR
}
