package network.lilypad.actors.market;

import network.lilypad.protocol.value.JobId;

/// A job in the book, placed by what it offers per slot-second.
final class RestingJob extends Place {
  private final JobEntry entry;

  RestingJob(JobEntry entry) {
    super(-Tariff.rank(entry.offer()), entry.age());
    this.entry = entry;
  }

  JobEntry entry() {
    return entry;
  }

  JobId id() {
    return entry.id();
  }

  /// Whether it waits on a shelf; else it is on its way through the machines.
  boolean isShelved() { return leaf != null; }

  @Override int compareIds(Place other) {
    return id().compareTo(((RestingJob) other).id());
  }
}
