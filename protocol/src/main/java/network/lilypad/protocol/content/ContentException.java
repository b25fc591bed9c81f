package network.lilypad.protocol.content;

import java.io.IOException;

/// A tree or a block that is refused, or a disk or store that failed: [#reason] says which. Messages name the place in
/// the tree, the offending value and the expectation, in bounded length and without control characters.
public final class ContentException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /// Why. All but the last three are faults of the content or more of it than the limits take, hence its author's
  /// matter.
  public enum Reason {
    /// The source does not have a block.
    MISSING_BLOCK,
    /// The bytes do not hash to their CID.
    HASH_MISMATCH,
    /// A block above [BlockSink#MAX_BLOCK_BYTES]; for a writer: a directory of too many names.
    BLOCK_TOO_LARGE,
    /// Not dag-pb, or not UnixFS.
    MALFORMED_BLOCK,
    /// A readable tree, but not the one that the writer makes of these files.
    NOT_CANONICAL,
    /// A UnixFS node that a result has none of: symbolic link, HAMT shard, metadata, mode, mtime.
    UNSUPPORTED_NODE,
    /// A file on disk that is neither regular nor a directory: link, fifo, socket, device.
    UNSUPPORTED_FILE,
    /// A name that is empty, `.`, `..`, too long, not Unicode, or has a separator or NUL in it.
    BAD_NAME,
    /// A name twice in one directory.
    DUPLICATE_NAME,
    /// Names not in the order of their bytes.
    UNSORTED_NAMES,
    /// Directories or file nodes nested too deep.
    TOO_DEEP,
    /// More file bytes than the limit.
    TOO_MANY_BYTES,
    /// More files and directories than the limit.
    TOO_MANY_ENTRIES,
    /// A file where a directory has to be.
    NOT_A_DIRECTORY,
    /// Not the four parts of a result, or an exit code that is none.
    MALFORMED_RESULT,
    /// Not a CAR file of version 1 with one root.
    MALFORMED_CAR,
    /// A block in a CAR file whose name is not a CIDv1 with sha2-256, raw or dag-pb.
    UNSUPPORTED_CODEC,
    /// A CAR file that names no root, or does not bring the root's block.
    MISSING_ROOT,
    /// The directory to write into is not empty. The caller's fault.
    TARGET_OCCUPIED,
    /// A name that this machine's file system cannot hold. This machine's fault.
    UNSUPPORTED_NAME,
    /// Disk, block source or block sink failed: see the cause. Repeating may help.
    IO
  }

  private final Reason reason;

  ContentException(Reason reason, String subject, Object value, String expected) {
    super(Excerpt.of(subject) + ": " + Excerpt.of(value.toString()) + " (expected: " + expected + ")");
    this.reason = reason;
  }

  ContentException(IOException cause) {
    super("input/output: " + Excerpt.of(cause.toString()) + " (expected: disk and block store work)", cause);
    this.reason = Reason.IO;
  }

  /// Why; for a program to act on.
  public Reason reason() {
    return reason;
  }
}
