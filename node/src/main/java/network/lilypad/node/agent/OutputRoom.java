package network.lilypad.node.agent;

import network.lilypad.executor.Task.OutputLimits;

/// What a job may write so that its gateway takes the result: the disk that it has been sold, unless the gateway takes
/// less. A job that writes more ends as a full disk with what it has written, instead of ending well with a result that
/// nobody takes.
///
/// @param contentBytesMax the most bytes that the gateway takes of a result, the blocks that name its files included
public record OutputRoom(long contentBytesMax) {
  /// Of each of the two streams, at most this part of it all.
  private static final int STREAM_SHARE = 4;
  /// For the names of files, at most this part of it all.
  private static final int NAMES_SHARE = 8;
  /// An entry with the longest name.
  private static final long ENTRY_BYTES = OutputLimits.entryBytes("x".repeat(255));
  /// What names [OutputLimits#FILES] files.
  private static final long NAMES_BYTES = OutputLimits.FILES * ENTRY_BYTES;
  /// A file's chunks of 1 MiB are linked by less than 128 bytes each.
  private static final int LINKS_SHIFT = 13;

  /// The bounds of a job with so much disk.
  OutputLimits limits(long diskMib) {
    var usual = OutputLimits.of(diskMib);
    long stream = Math.min(usual.streamBytes(), contentBytesMax / STREAM_SHARE);
    long names = Math.min(NAMES_BYTES, contentBytesMax / NAMES_SHARE);
    return new OutputLimits(stream, Math.min(usual.bytes(), outputs(stream, names)),
        Math.toIntExact(Math.min(usual.files(), names / ENTRY_BYTES)));
  }

  private long outputs(long stream, long names) {
    return Math.max(0, contentBytesMax - 2 * stream - names - (contentBytesMax >> LINKS_SHIFT));
  }

  /// The most bytes of outputs that the gateway takes, of a job with all the disk there is.
  public long outputBytesMax() {
    return limits(Long.MAX_VALUE >> 20).bytes();
  }
}
