package network.lilypad.actors.market;

import java.util.Set;
import network.lilypad.protocol.value.Resources;

/// A machine's own word on what it can take now. The machine is the single authority on that; of two words the one
/// with the higher revision holds, in whatever order they arrive.
///
/// @param revision grows with every change of what the word says, never reset: the length of the machine's journal
/// @param open whether it takes new work
/// @param free what it has not reserved
/// @param reserved the attempts whose slices are already taken off `free`
public record Standing(long revision, boolean open, Resources free, Set<Attempt> reserved) {
  /// @throws IllegalArgumentException if the revision is negative
  public Standing {
    Bounds.check("revision", revision, 0, Long.MAX_VALUE);
    reserved = Set.copyOf(reserved);
  }
}
