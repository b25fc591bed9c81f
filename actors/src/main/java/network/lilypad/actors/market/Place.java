package network.lilypad.actors.market;

import org.jspecify.annotations.Nullable;

/// A place in a [RankedIndex]: what an item is sorted by, and where it lies. Stays comparable after the item has left,
/// so that a walk can go on behind it.
abstract class Place implements Comparable<Place> {
  private final long rank;
  private final long age;
  /// The leaf it lies in; null while it is in no index.
  @Nullable
  Node leaf;

  /// @param rank lower is earlier
  /// @param age among equal ranks lower is earlier
  Place(long rank, long age) {
    this.rank = rank;
    this.age = age;
  }

  /// The order among places of equal rank and age; only places of one kind meet.
  abstract int compareIds(Place other);

  @Override public final int compareTo(Place other) {
    int order = Long.compare(rank, other.rank);
    order = order != 0 ? order : Long.compare(age, other.age);
    return order != 0 ? order : compareIds(other);
  }

  @Override public final boolean equals(@Nullable Object other) {
    return this == other;
  }

  @Override public final int hashCode() {
    return System.identityHashCode(this);
  }
}
