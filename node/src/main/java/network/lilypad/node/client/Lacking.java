package network.lilypad.node.client;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import network.lilypad.protocol.content.Cid;

/// What the other side lacks of a tree.
public final class Lacking {
  /// Digests in one question: the API's bound.
  private static final int PAGE = 10_000;

  /// Asks for one page.
  @FunctionalInterface
  public interface Question {
    /// Those that are missing.
    ///
    /// @param digests sha2-256 of each
    List<ByteString> missing(List<ByteString> digests);
  }

  private Lacking() {}

  /// Those of the blocks that are missing there, in their order.
  public static List<Cid> of(Collection<Cid> cids, Question question) {
    var all = List.copyOf(cids);
    var missing = new HashSet<ByteString>();
    for (int from = 0; from < all.size(); from += PAGE) {
      missing.addAll(question.missing(all.subList(from, Math.min(all.size(), from + PAGE)).stream()
          .map(Lacking::digest).toList()));
    }
    var lacking = new ArrayList<Cid>();
    for (var cid : all) {
      if (missing.contains(digest(cid))) {
        lacking.add(cid);
      }
    }
    return lacking;
  }

  private static ByteString digest(Cid cid) {
    return ByteString.copyFrom(cid.digest().bytes());
  }
}
