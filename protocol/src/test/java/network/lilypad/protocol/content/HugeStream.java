package network.lilypad.protocol.content;

import java.io.InputStream;

/// A program that prints the CID of 300 MiB of zeros, to be run in a heap far smaller than that.
final class HugeStream extends InputStream {
  private static final long BYTES = 300L << 20;

  private long left = BYTES;

  private HugeStream() {}

  public static void main(String[] arguments) {
    System.out.println(new UnixFsWriter(BlockSink.NONE, new TreeLimits(BYTES, 0)).writeFile(new HugeStream()));
  }

  @Override public int read() {
    return left-- > 0 ? 0 : -1;
  }

  @Override public int read(byte[] into, int offset, int length) {
    if (left == 0) {
      return -1;
    }
    int taken = (int) Math.min(left, length);
    left -= taken;
    return taken;
  }
}
