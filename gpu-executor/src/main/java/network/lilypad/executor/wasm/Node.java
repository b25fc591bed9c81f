package network.lilypad.executor.wasm;

import java.io.IOException;
import java.nio.ByteBuffer;

/// A file or folder of the guest's file system. Used by the run's one thread only.
sealed interface Node permits Folder, Node.File {
  /// Identity within the run, numbered in order of creation, so equal runs see equal numbers.
  long inode();

  /// Something with bytes in it.
  sealed interface File extends Node permits InputFile, OutputFile {
    long size();

    /// Reads at a position; -1 at the end.
    int read(ByteBuffer target, long position) throws IOException;

    /// One more descriptor uses this file; paired with [#release()].
    void retain() throws IOException;

    void release() throws IOException;
  }
}
