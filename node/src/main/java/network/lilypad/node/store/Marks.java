package network.lilypad.node.store;

import java.nio.ByteBuffer;
import network.lilypad.protocol.value.Bytes32;

/// A set of digests in a fixed amount of memory, which may think that it has one more, never one less: what is in no
/// set may be swept, so an error keeps something for one more round. A Bloom filter of four bits (Bloom 1970) whose
/// salt changes each round. Digests are uniform already; the salt only tells rounds apart. For one thread.
final class Marks {
  /// 8 MiB: of five million marked blocks' garbage it overlooks one in some hundred.
  private static final int WORDS = 1 << 20;
  private static final int BITS = 4;

  private final long[] words = new long[WORDS];
  private final long salt;

  Marks(long salt) {
    this.salt = salt | 1;
  }

  void add(Bytes32 digest) {
    var halves = ByteBuffer.wrap(digest.bytes());
    for (int i = 0; i < BITS; i++) {
      long bit = bit(halves.getLong(i * Long.BYTES));
      words[(int) (bit >>> 6)] |= 1L << (bit & 63);
    }
  }

  boolean has(Bytes32 digest) {
    var halves = ByteBuffer.wrap(digest.bytes());
    for (int i = 0; i < BITS; i++) {
      long bit = bit(halves.getLong(i * Long.BYTES));
      if ((words[(int) (bit >>> 6)] & (1L << (bit & 63))) == 0) {
        return false;
      }
    }
    return true;
  }

  private long bit(long part) {
    return (part * salt) >>> (Long.SIZE - 26);
  }
}
