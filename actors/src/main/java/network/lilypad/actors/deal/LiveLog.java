package network.lilypad.actors.deal;

import com.google.protobuf.ByteString;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import network.lilypad.actors.deal.Deal.Log;

/// The last part of a running job's output, for watchers who come late. What is older is in the result, when it is
/// stored.
final class LiveLog {
  /// Kept per deal and stream: a screenful many times over, and a thousand running deals fit into memory.
  static final int MAX_BYTES = 256 * 1024;

  private final Deque<Log> pieces = new ArrayDeque<>();
  private long bytes;
  private long end;

  /// Takes the next piece; what overlaps with what is known is cut off, so that a repeat adds nothing.
  ///
  /// @return the new part, or none
  List<Log> add(Log piece) {
    long skip = end - piece.offset();
    if (skip >= piece.bytes().size()) {
      return List.of();
    }
    var fresh = skip <= 0 ? piece : from(piece, end);
    pieces.addLast(fresh);
    bytes += fresh.bytes().size();
    end = fresh.offset() + fresh.bytes().size();
    while (bytes > MAX_BYTES && pieces.size() > 1) {
      bytes -= pieces.removeFirst().bytes().size();
    }
    return List.of(fresh);
  }

  /// What is kept from an offset on.
  List<Log> from(long offset) {
    return pieces.stream().filter(piece -> piece.offset() + piece.bytes().size() > offset)
        .map(piece -> from(piece, offset)).toList();
  }

  private static Log from(Log piece, long offset) {
    int skip = (int) Math.max(0, offset - piece.offset());
    ByteString rest = piece.bytes().substring(skip);
    return new Log(piece.deal(), piece.stderr(), piece.offset() + skip, rest);
  }
}
