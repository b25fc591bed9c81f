package network.lilypad.actors.market;

/// A machine on its way through the waiting jobs that it might serve, best first: no job before `job` suits it.
///
/// @param job the next to look at; it may have left meanwhile, then it marks the place
/// @param machine who looks
record Look(RestingJob job, RestingMachine machine) implements Comparable<Look> {
  @Override public int compareTo(Look other) {
    int order = job.compareTo(other.job);
    return order != 0 ? order : machine.id().compareTo(other.machine.id());
  }
}
