package network.lilypad.protocol.content;

/// How a file is cut into blocks. Part of what a root means: another layout is another root for the same bytes.
///
/// @param chunkBytes length of each leaf but the last
/// @param maxLinks links per inner node of a file
record Layout(int chunkBytes, int maxLinks) {
  /// The layout of every result root.
  static final Layout STANDARD = new Layout(1 << 20, 174);
}
