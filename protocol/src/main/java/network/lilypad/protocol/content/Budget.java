package network.lilypad.protocol.content;

import network.lilypad.protocol.content.ContentException.Reason;

/// What one walk over a tree has left of its limits. Confined to the walking thread.
final class Budget {
  private final TreeLimits limits;
  private long bytes;
  private long entries;

  Budget(TreeLimits limits) {
    this.limits = limits;
  }

  void spendBytes(int count, Place at) {
    bytes += count;
    if (bytes > limits.bytes()) {
      throw new ContentException(Reason.TOO_MANY_BYTES, at.toString(), bytes + " bytes up to here",
          "at most " + limits.bytes() + " in the tree");
    }
  }

  void spendEntries(int count, Place at) {
    entries += count;
    if (entries > limits.entries()) {
      throw new ContentException(Reason.TOO_MANY_ENTRIES, at.toString(), entries + " entries up to here",
          "at most " + limits.entries() + " in the tree");
    }
  }
}
