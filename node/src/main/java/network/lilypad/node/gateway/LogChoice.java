package network.lilypad.node.gateway;

import java.util.List;
import java.util.OptionalLong;
import network.lilypad.actors.deal.Deal;
import network.lilypad.node.read.LogClock;
import network.lilypad.protocol.content.TreeFile;

/// From which byte on a stream's output answers a question.
///
/// @param question what is asked
/// @param clock when the output came
/// @param now ledger time
record LogChoice(LogQuestion question, LogClock clock, long now) {
  private static final int READ_BYTES = LogFill.MAX_PIECE_BYTES;

  /// In the output that a deal keeps of its run.
  ///
  /// @param pieces of one stream, by offset
  long kept(boolean stderr, List<Deal.Log> pieces) {
    if (pieces.isEmpty()) {
      return 0;
    }
    var last = pieces.getLast();
    long end = last.offset() + last.bytes().size();
    long since = question.since() == 0 ? 0 : clock.from(stderr, question.since(), now).orElse(end);
    return Math.max(since, tail(pieces, end).orElse(0));
  }

  private OptionalLong tail(List<Deal.Log> pieces, long end) {
    var lines = new Lines(question.tailLines(), end);
    for (var piece : pieces.reversed()) {
      if (lines.back(piece.bytes().toByteArray(), piece.offset())) {
        break;
      }
    }
    return lines.begin();
  }

  /// In a result.
  ///
  /// @param endedAt when the run ended: what is not marked came before
  long stored(boolean stderr, TreeFile file, long endedAt) {
    long size = file.size();
    long since = question.since() == 0 ? 0
        : clock.from(stderr, question.since(), now)
            .orElse(question.since() <= endedAt ? clock.last(stderr) : size);
    return Math.min(size, Math.max(since, tail(file, size).orElse(0)));
  }

  private OptionalLong tail(TreeFile file, long size) {
    var lines = new Lines(question.tailLines(), size);
    long from = size;
    while (question.tailLines() > 0 && from > 0) {
      long before = Math.max(0, from - READ_BYTES);
      if (lines.back(read(file, before, (int) (from - before)), before)) {
        break;
      }
      from = before;
    }
    return lines.begin();
  }

  private static byte[] read(TreeFile file, long from, int length) {
    var bytes = new byte[length];
    for (int done = 0; done < length;) {
      var piece = file.read(from + done, length - done);
      System.arraycopy(piece, 0, bytes, done, piece.length);
      done += piece.length;
    }
    return bytes;
  }

  /// Looks for the beginning of the last lines, backwards. An unfinished last line counts.
  private static final class Lines {
    private final int wanted;
    private final long end;
    private int found;
    private OptionalLong begin = OptionalLong.empty();

    private Lines(int wanted, long end) {
      this.wanted = wanted;
      this.end = end;
    }

    /// @return whether the beginning is found
    private boolean back(byte[] bytes, long offset) {
      for (int i = bytes.length - 1; i >= 0 && wanted > 0 && begin.isEmpty(); i--) {
        boolean lineEnds = bytes[i] == '\n' && offset + i + 1 < end;
        if (lineEnds && ++found == wanted) {
          begin = OptionalLong.of(offset + i + 1);
        }
      }
      return begin.isPresent();
    }

    private OptionalLong begin() {
      return begin;
    }
  }
}
