package network.lilypad.protocol.content;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import network.lilypad.protocol.content.ContentException.Reason;

/// Reads a stranger's CAR file, version 1, with one root, and hashes each block. It takes blocks, not trees: whether
/// they make the root's tree says [UnixFsReader]. Nothing in the file is a path, so nothing can lead anywhere.
///
/// Streams: it holds one block. Bounded by the bytes of all sections, each of which has at least 37. Thread-safe.
///
/// @param bytesMax the most bytes of the file
public record CarReader(long bytesMax) {
  private static final int CID_BYTES = 36;
  private static final int MAX_SECTION_BYTES = CID_BYTES + BlockSink.MAX_BLOCK_BYTES;

  /// Reads a file to its end.
  ///
  /// @param car the file, not closed; buffered, for it is read byte by byte here and there
  /// @param sink takes every block, as often as it occurs
  /// @return the root, whose block has been among them
  /// @throws ContentException `MALFORMED_CAR`, `UNSUPPORTED_CODEC`, `MISSING_ROOT`, `HASH_MISMATCH`, `TOO_MANY_BYTES`
  ///     or `IO`; the sink then has some blocks
  public Cid read(InputStream car, BlockSink sink) {
    try {
      var sections = new Sections(car, bytesMax);
      var root = CarHeader.decode(sections.next(CarHeader.MAX_BYTES));
      boolean found = false;
      for (byte[] section = sections.next(MAX_SECTION_BYTES); section.length > 0; section = sections
          .next(MAX_SECTION_BYTES)) {
        found |= block(section, sink).equals(root);
      }
      if (!found) {
        throw new ContentException(Reason.MISSING_ROOT, "car root", root, "a file that brings its root's block");
      }
      return root;
    } catch (IOException e) {
      throw new ContentException(e);
    }
  }

  private static Cid block(byte[] section, BlockSink sink) throws IOException {
    if (section.length < CID_BYTES) {
      throw new ContentException(Reason.MALFORMED_CAR, "car section", section.length + " bytes",
          "a CID of " + CID_BYTES + " and a block");
    }
    var cid = cid(Arrays.copyOf(section, CID_BYTES), "car block");
    var block = Arrays.copyOfRange(section, CID_BYTES, section.length);
    var actual = Cid.ofBlock(cid.codec(), block);
    if (!actual.equals(cid)) {
      throw new ContentException(Reason.HASH_MISMATCH, "car block", actual, cid.toString());
    }
    sink.put(cid, block);
    return cid;
  }

  static Cid cid(byte[] bytes, String subject) {
    try {
      return Cid.ofBytes(bytes);
    } catch (IllegalArgumentException e) {
      throw new ContentException(Reason.UNSUPPORTED_CODEC, subject, String.valueOf(e.getMessage()),
          "raw or dag-pb blocks by CIDv1 with sha2-256");
    }
  }

  /// The file as sections, each behind its length in unsigned LEB128.
  private static final class Sections {
    private final InputStream in;
    private final long bytesMax;
    private long bytes;

    Sections(InputStream in, long bytesMax) {
      this.in = in;
      this.bytesMax = bytesMax;
    }

    /// The next section, or no bytes at the file's end.
    byte[] next(int most) throws IOException {
      int first = in.read();
      if (first < 0) {
        return new byte[0];
      }
      long length = length(first);
      if (length < 1 || length > most) {
        throw new ContentException(Reason.MALFORMED_CAR, "car section", length + " bytes", "1 to " + most);
      }
      bytes += length;
      if (bytes > bytesMax) {
        throw new ContentException(Reason.TOO_MANY_BYTES, "car", bytes + " bytes up to here",
            "at most " + bytesMax + " in the file");
      }
      var section = in.readNBytes((int) length);
      if (section.length < length) {
        throw truncated();
      }
      return section;
    }

    private long length(int first) throws IOException {
      long length = first & 0x7f;
      int octet = first;
      for (int shift = 7; (octet & 0x80) != 0; shift += 7) {
        if (shift > 28) {
          throw new ContentException(Reason.MALFORMED_CAR, "car section", "a length of more than five bytes",
              "1 to " + MAX_SECTION_BYTES);
        }
        octet = in.read();
        if (octet < 0) {
          throw truncated();
        }
        length |= (long) (octet & 0x7f) << shift;
      }
      return length;
    }

    private static ContentException truncated() {
      return new ContentException(Reason.MALFORMED_CAR, "car", "an end in the middle of a section", "a whole file");
    }
  }
}
