package network.lilypad.protocol.content;

import network.lilypad.protocol.content.ContentException.Reason;

/// A position in a tree, made of checked names only.
///
/// @param path names from the root with `/` between them, empty for the root itself
/// @param depth number of names
record Place(String path, int depth) {
  /// Deepest entry. Deep enough for any sane output, shallow enough for a recursive walk and for the path length limits
  /// of file systems.
  static final int MAX_DEPTH = 32;

  static final Place ROOT = new Place("", 0);

  /// @throws ContentException if the name is not allowed or the place too deep
  Place child(String name) {
    EntryName.check(name, this);
    if (depth == MAX_DEPTH) {
      throw new ContentException(Reason.TOO_DEEP, toString(), "one level more", "at most " + MAX_DEPTH + " levels");
    }
    return new Place(depth == 0 ? name : path + '/' + name, depth + 1);
  }

  @Override public String toString() {
    return depth == 0 ? "/" : path;
  }
}
