package network.lilypad.protocol.content;

import java.lang.ref.SoftReference;
import java.util.concurrent.BlockingDeque;
import java.util.concurrent.LinkedBlockingDeque;

/// Arrays for the chunks of large files, used again. A transfer needs one for each chunk and a few at a time; to make
/// and clear each anew costs a third of what it costs to hash it, and as much again to collect it.
///
/// Keeps a bounded number of them until memory is wanted for something else. What is in an array is what was in it.
/// Thread-safe.
public final class SpareArrays {
  private final int length;
  private final int slack;
  private final BlockingDeque<SoftReference<byte[]>> spares;

  /// @param slack bytes by which an array may be longer than asked for, 0 or more
  /// @param most arrays of a mebibyte and the slack that are kept
  public SpareArrays(int slack, int most) {
    this.length = Layout.STANDARD.chunkBytes() + slack;
    this.slack = slack;
    this.spares = new LinkedBlockingDeque<>(most);
  }

  /// An array for some bytes: a used one for a full chunk, a new one of just that length for anything else.
  ///
  /// @return as long as asked for or, within the slack, longer
  public byte[] take(int bytes) {
    if (bytes > length || bytes < length - slack) {
      return new byte[bytes];
    }
    var spare = spares.pollFirst();
    byte[] array = spare == null ? null : spare.get();
    return array == null ? new byte[length] : array;
  }

  /// Takes an array back, from wherever it came.
  ///
  /// @param array nobody uses it afterwards
  public void give(byte[] array) {
    if (array.length == length) {
      var _ = spares.offerFirst(new SoftReference<>(array));
    }
  }
}
