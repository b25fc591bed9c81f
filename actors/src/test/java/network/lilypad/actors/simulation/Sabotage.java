package network.lilypad.actors.simulation;

/// A deliberate bug in what surrounds the state machines. Each must be caught by the auditor in some run.
enum Sabotage {
  /// Everything is as it should be.
  NONE("nothing"),
  /// A machine gives slices away when its agent is lost, without its deals' word.
  MACHINE_FREES_ON_ITS_OWN("I3"),
  /// A deal that unwinds does not ask the ledger whether it has opened.
  DEAL_DROPS_WITHOUT_ANNUL("I2"),
  /// The ledger pays each time it is told to.
  LEDGER_PAYS_EVERY_REPEAT("I5"),
  /// The ledger opens what it has annulled.
  LEDGER_OPENS_THE_ANNULLED("I2"),
  /// The market proposes the next attempt too, the job grants it, and the ledger holds a slot for each deal.
  ATTEMPT_OPENED_TWICE("I14"),
  /// An entity that comes back tells nobody what is still owed.
  RESTART_TELLS_NOBODY("I4"),
  /// A machine hands any order to run to its agent, also one whose slice is long free.
  RUN_IS_NOT_FENCED("I3"),
  /// A machine sells itself while its agent still runs what it was to kill.
  SELLS_BEFORE_KILLS("I3"),
  /// A deal's money is moved without the provider's own signature.
  LEASE_IS_FORGED("I13");

  private final String invariant;

  Sabotage(String invariant) {
    this.invariant = invariant;
  }

  /// The invariant that it breaks first.
  String invariant() {
    return invariant;
  }
}
