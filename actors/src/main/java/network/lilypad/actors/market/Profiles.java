package network.lilypad.actors.market;

/// What machines and jobs look like in an index, and what each looks for on the other side. Nothing that the [Rules]
/// would take is ever left out; what is let through too much, they sift.
///
/// Not thread-safe: every call fills the same row.
final class Profiles {
  /// The first words, those that a job wants and a machine has: read from the other side, each is the less the better.
  private static final int WANTS = 9;

  private final Rules rules;
  private final long[] row = new long[Profile.WIDTH];

  Profiles(Rules rules) {
    this.rules = rules;
  }

  /// Writes down what a machine has: what its entry says.
  void describe(RestingMachine machine) {
    var row = machine.profile();
    var offer = machine.offer();
    var attributes = machine.attributes();
    row[5] = offer.maxCollateral().gwei();
    row[6] = offer.maxReviewSeconds();
    row[7] = attributes.limits().maxRunSeconds();
    row[8] = -attributes.limits().minPrice().gwei();
    row[9] = attributes.reputation();
    row[10] = offer.validUntil();
    row[11] = Traits.engines(attributes.engines()) | Traits.networks(attributes.limits().network()) | venue(machine)
        | Traits.gpuModel(offer.capacity().gpuModel());
    row[12] = Traits.all(offer.panels());
    row[13] = attributes.allowedModules().isEmpty() ? -1 : Traits.all(attributes.allowedModules());
  }

  /// Writes down what a machine has free, and returns all that it has. One that takes no work has nothing, and one
  /// whose GPUs are all taken has no model, so that a search for a scarce one does not stop at it.
  long[] machine(RestingMachine machine) {
    System.arraycopy(machine.profile(), 0, row, 0, row.length);
    if (!machine.open()) {
      Profile.clear(row, 0);
      return row;
    }
    var free = machine.free();
    row[0] = free.gpus();
    row[1] = free.milliCpu();
    row[2] = free.ramMib();
    row[3] = free.diskMib();
    row[4] = free.gpus() > 0 ? free.vramMibPerGpu() : 0;
    row[11] = free.gpus() > 0 ? row[11] : Traits.withoutGpu(row[11]);
    return row;
  }

  /// What a job looks for among machines.
  long[] wantedBy(JobEntry entry, long now) {
    var job = entry.offer();
    var wanted = job.work().resources();
    boolean gpus = wanted.gpus() > 0;
    row[0] = wanted.gpus();
    row[1] = wanted.milliCpu();
    row[2] = wanted.ramMib();
    row[3] = wanted.diskMib();
    row[4] = gpus ? wanted.vramMibPerGpu() : 0;
    row[5] = job.minCollateral().gwei();
    row[6] = job.reviewSeconds();
    row[7] = job.work().runSeconds();
    row[8] = -job.maxPrice().gwei();
    row[9] = rules.minimumReputation();
    row[10] = now + 1;
    row[11] = Traits.engine(job.work().engine()) | Traits.networks(job.work().network()) | venue(entry)
        | (gpus && !wanted.gpuModel().isZero() ? Traits.gpuModel(wanted.gpuModel()) : 0);
    row[12] = job.panel().isZero() ? 0 : Traits.any(job.panel());
    row[13] = Traits.any(job.work().module());
    return row;
  }

  /// What a waiting job has for a machine: the less it wants, the better.
  long[] job(JobEntry entry) {
    wantedBy(entry, 0);
    for (int i = 0; i < WANTS; i++) {
      row[i] = -row[i];
    }
    row[9] = rules.tariff().highestAsk(entry.offer());
    row[10] = entry.lastStart();
    for (int i = Profile.NUMBERS; i < Profile.WIDTH; i++) {
      row[i] = ~row[i];
    }
    return row;
  }

  /// What a machine looks for among waiting jobs.
  ///
  /// @param ask what it asks of them per slot-second
  long[] servedBy(RestingMachine machine, long ask, long now) {
    machine(machine);
    for (int i = 0; i < WANTS; i++) {
      row[i] = -row[i];
    }
    row[9] = ask;
    row[10] = now;
    for (int i = Profile.NUMBERS; i < Profile.WIDTH; i++) {
      row[i] = ~row[i];
    }
    return row;
  }

  private static long venue(RestingMachine machine) {
    return Traits.venue(machine.ledger(), machine.offer().solver(), machine.offer().market());
  }

  private static long venue(JobEntry job) {
    return Traits.venue(job.ledger(), job.offer().solver(), job.offer().market());
  }
}
