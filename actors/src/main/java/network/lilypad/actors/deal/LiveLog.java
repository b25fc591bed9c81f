package network.lilypad.actors.deal;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import network.lilypad.actors.deal.Deal.Log;

/// The last part of a running job's output, for watchers who come late. What is older is in the result, when it is
/// stored.
///
/// Small pieces are kept as one, so that a program that prints byte by byte costs what it prints; pieces with gaps
/// between them cannot be, and are bounded in number.
final class LiveLog {
  /// Kept per deal and stream: a screenful many times over, and a thousand running deals fit into memory.
  static final int MAX_BYTES = 256 * 1024;
  /// Pieces up to this size together become one: copying it for each byte printed is cheaper than sending the byte was.
  static final int JOINED_BYTES = 2 * 1024;
  /// Any two neighbours without a gap are more than [#JOINED_BYTES], so that only gaps come near this.
  static final int MAX_PIECES = 2 * MAX_BYTES / JOINED_BYTES + 2;

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
    keep(fresh);
    bytes += fresh.bytes().size();
    end = fresh.offset() + fresh.bytes().size();
    while (pieces.size() > 1 && (bytes > MAX_BYTES || pieces.size() > MAX_PIECES)) {
      bytes -= pieces.removeFirst().bytes().size();
    }
    return List.of(fresh);
  }

  private void keep(Log fresh) {
    var last = pieces.peekLast();
    boolean joins = last != null && fresh.offset() == end
        && last.bytes().size() + fresh.bytes().size() <= JOINED_BYTES;
    pieces.addLast(joins ? joined(pieces.removeLast(), fresh.bytes()) : fresh);
  }

  /// In one array: a chain of small ones would be what is avoided here.
  private static Log joined(Log piece, ByteString more) {
    var both = new byte[piece.bytes().size() + more.size()];
    piece.bytes().copyTo(both, 0);
    more.copyTo(both, piece.bytes().size());
    return new Log(piece.deal(), piece.stderr(), piece.offset(), UnsafeByteOperations.unsafeWrap(both));
  }

  /// How many pieces there are.
  int size() {
    return pieces.size();
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
