package network.lilypad.node.gateway;

import com.google.protobuf.UnsafeByteOperations;
import java.util.ArrayList;
import java.util.List;
import network.lilypad.actors.deal.Deal;
import network.lilypad.node.store.AccountContent;
import network.lilypad.node.store.ContentStore;
import network.lilypad.protocol.content.Cid;
import network.lilypad.protocol.content.TreeFile;

/// Output of an ended run, read from its result tree. Blocks.
///
/// @param store has the tree
/// @param readable the job creator's view, which says whether the tree may be read
record LogFill(ContentStore store, AccountContent readable) {
  /// Bytes of one piece, as the API says.
  static final int MAX_PIECE_BYTES = 64 << 10;
  /// Bytes read at once: a few pieces, so that a reader's buffer bounds what is in memory.
  static final int MAX_FILL_BYTES = 8 * MAX_PIECE_BYTES;

  /// The next pieces; none if everything was told.
  List<Deal.Log> read(JobStory.Missing missing) {
    var pieces = new ArrayList<Deal.Log>();
    if (readable.tree(missing.root()).isPresent()) {
      read(missing, false, pieces);
      read(missing, true, pieces);
    }
    return pieces;
  }

  private void read(JobStory.Missing missing, boolean stderr, List<Deal.Log> pieces) {
    var file = TreeFile.find(store, Cid.ofDirectory(missing.root()), stderr ? "stderr" : "stdout");
    if (file.isEmpty()) {
      return;
    }
    long begin = stderr ? missing.stderr() : missing.stdout();
    for (long offset = begin; offset < begin + MAX_FILL_BYTES / 2;) {
      byte[] piece = file.get().read(offset, MAX_PIECE_BYTES);
      if (piece.length == 0) {
        return;
      }
      pieces.add(new Deal.Log(missing.deal(), stderr, offset, UnsafeByteOperations.unsafeWrap(piece)));
      offset += piece.length;
    }
  }
}
