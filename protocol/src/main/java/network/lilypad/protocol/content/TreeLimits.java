package network.lilypad.protocol.content;

/// How much of a tree is taken before it is refused; both directions obey it.
///
/// @param bytes most file bytes in all, at least 0
/// @param entries most files and directories in all, at least 0; also bounds memory, some 200 bytes each
public record TreeLimits(long bytes, int entries) {
  /// @throws IllegalArgumentException if a limit is negative
  public TreeLimits {
    if (bytes < 0) {
      throw new IllegalArgumentException("bytes: " + bytes + " (expected: >= 0)");
    }
    if (entries < 0) {
      throw new IllegalArgumentException("entries: " + entries + " (expected: >= 0)");
    }
  }
}
