package network.lilypad.actors.market;

/// What must hold between a job and a machine, in the order in which pairs are sifted: first what no change of the
/// job's terms could cure, last the prices, so that they are compared among machines that could do the work.
public enum Rule {
  /// The job's offer has not run out.
  VALID_UNTIL("job still valid"),
  /// The result can be there in time.
  DELIVER_BY("deliverable in time"),
  /// Both are signed for the same ledger: chain and contract.
  LEDGER("same chain"),
  /// Both name the same solver.
  SOLVER("same solver"),
  /// Both name the same market.
  MARKET("same market"),
  /// The machine takes new work.
  OPEN("machine takes work"),
  /// The machine's offer has not run out.
  OFFER_VALID("machine's offer still valid"),
  /// It is the provider that the job asks for, if it asks for one.
  TARGET("target provider"),
  /// The provider has not failed an earlier attempt.
  NOT_EXCLUDED("provider not excluded"),
  /// The machine has the engine.
  ENGINE("engine"),
  /// It has enough GPUs.
  GPUS("number of GPUs"),
  /// They are of the model asked for, if one is.
  GPU_MODEL("GPU model"),
  /// Each has enough memory.
  VRAM("memory per GPU"),
  /// It has enough cores.
  CPU("cpu"),
  /// It has enough memory.
  RAM("ram"),
  /// It has enough disk.
  DISK("disk"),
  /// Enough of all that is free.
  FREE("free capacity"),
  /// The provider's policy takes the module.
  MODULE("module policy"),
  /// The provider lets jobs reach as much of the network as this one wants.
  NETWORK("network policy"),
  /// The provider lets jobs run for as long.
  MAX_RUN("run time"),
  /// The provider trusts the job's mediator panel, if it names one.
  PANEL("mediator panel"),
  /// The provider puts up the collateral.
  COLLATERAL("collateral"),
  /// The provider waits out the review.
  REVIEW("review window"),
  /// The provider's reputation is high enough for this market.
  REPUTATION("reputation"),
  /// The price is worth the provider's while.
  MIN_PRICE("provider's lowest price"),
  /// The price is within the job's limit.
  PRICE("price");

  private final String title;

  Rule(String title) {
    this.title = title;
  }

  /// A few words for people.
  public String title() {
    return title;
  }
}
