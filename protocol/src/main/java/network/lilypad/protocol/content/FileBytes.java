package network.lilypad.protocol.content;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Arrays;

/// Moves bytes between arrays and files in pieces. Java copies what is in an array by way of memory outside its heap; a
/// piece of that is still in the processor's cache when it is copied on, a whole block is not.
public final class FileBytes {
  /// Bytes of a piece.
  public static final int AT_ONCE = 64 << 10;

  private FileBytes() {}

  /// Writes what remains in a buffer where the channel stands.
  ///
  /// @throws IOException if the disk refuses
  public static void write(FileChannel channel, ByteBuffer bytes) throws IOException {
    int end = bytes.limit();
    while (bytes.position() < end) {
      bytes.limit(Math.min(end, bytes.position() + AT_ONCE));
      channel.write(bytes);
    }
  }

  /// Reads a file that is opened.
  ///
  /// @param length what it should have
  /// @return shorter if the file is
  /// @throws IOException if the disk refuses
  public static byte[] read(InputStream file, int length) throws IOException {
    var bytes = new byte[length];
    int read = 0;
    for (int more = -1; more != 0; read += more) {
      more = file.readNBytes(bytes, read, Math.min(AT_ONCE, length - read));
    }
    return read == length ? bytes : Arrays.copyOf(bytes, read);
  }

  /// Fills what remains in a buffer.
  ///
  /// @param offset in the file, of the first byte
  /// @return whether the file had enough
  /// @throws IOException if the disk refuses
  public static boolean read(FileChannel channel, ByteBuffer into, long offset) throws IOException {
    int begin = into.position();
    int end = into.limit();
    while (into.position() < end) {
      into.limit(Math.min(end, into.position() + AT_ONCE));
      if (channel.read(into, offset + into.position() - begin) < 0) {
        return false;
      }
    }
    return true;
  }
}
