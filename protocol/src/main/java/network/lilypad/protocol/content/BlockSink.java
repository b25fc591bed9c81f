package network.lilypad.protocol.content;

import java.io.IOException;

/// Where blocks go: a store, a wire, or [#NONE] when only the root is wanted.
@FunctionalInterface
public interface BlockSink {
  /// Bytes of the largest block, read or written: a chunk fits twice, a directory of 20,000 entries with names of 50
  /// bytes fits, and IPFS peers exchange no larger one.
  int MAX_BLOCK_BYTES = 2 << 20;

  /// Forgets every block.
  BlockSink NONE = (_, _) -> {};

  /// Takes a block. Children come before the nodes that link to them, the root last; equal blocks come as often as they
  /// occur.
  ///
  /// @param cid the block's name
  /// @param block its bytes, at most [#MAX_BLOCK_BYTES]; the array belongs to the sink from now on
  /// @throws IOException if it cannot be stored; the writer then stops with [ContentException.Reason#IO]
  void put(Cid cid, byte[] block) throws IOException;
}
