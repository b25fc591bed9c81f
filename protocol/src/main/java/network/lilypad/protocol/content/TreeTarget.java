package network.lilypad.protocol.content;

import java.io.IOException;
import java.io.OutputStream;

/// Where a verified tree goes: a folder, or nowhere. Directories come before what is in them.
interface TreeTarget {
  /// Forgets the tree: for checking only.
  TreeTarget NONE = new TreeTarget() {
    @Override public void directory(Place at) {}

    @Override public OutputStream file(Place at) {
      return OutputStream.nullOutputStream();
    }
  };

  void directory(Place at) throws IOException;

  OutputStream file(Place at) throws IOException;
}
