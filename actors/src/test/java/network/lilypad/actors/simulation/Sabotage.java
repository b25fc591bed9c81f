package network.lilypad.actors.simulation;

/// A deliberate bug in what surrounds the state machines. Each must be caught by the auditor in some run.
enum Sabotage {
  /// Everything is as it should be.
  NONE,
  /// A machine gives slices away when its agent is lost, without its deals' word.
  MACHINE_FREES_ON_ITS_OWN,
  /// A deal that unwinds does not ask the ledger whether it has opened.
  DEAL_DROPS_WITHOUT_ANNUL,
  /// The ledger pays each time it is told to.
  LEDGER_PAYS_EVERY_REPEAT,
  /// The ledger opens what it has annulled.
  LEDGER_OPENS_THE_ANNULLED,
  /// A job goes on to its next attempt while the ledger has not answered, and the ledger holds a slot for each deal.
  ATTEMPT_OPENED_TWICE,
  /// An entity that comes back tells nobody what is still owed.
  RESTART_TELLS_NOBODY,
  /// A machine hands any order to run to its agent, also one whose slice is long free.
  RUN_IS_NOT_FENCED,
  /// A machine sells itself while its agent still runs what it was to kill.
  SELLS_BEFORE_KILLS,
  /// A deal's money is moved without the provider's own signature.
  LEASE_IS_FORGED
}
