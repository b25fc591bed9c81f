package network.lilypad.protocol.content;

import java.io.IOException;

/// Where blocks go: a store, a wire, or [#NONE] when only the root is wanted.
@FunctionalInterface
public interface BlockSink {
  /// Forgets every block.
  BlockSink NONE = (_, _) -> {};

  /// Takes a block. Children come before the nodes that link to them, the root last; equal blocks come as often as they
  /// occur.
  ///
  /// @param cid the block's name
  /// @param block its bytes, at most [Layout#MAX_BLOCK_BYTES]; the array belongs to the sink from now on
  /// @throws IOException if it cannot be stored; the writer then stops with [ContentException.Reason#IO]
  void put(Cid cid, byte[] block) throws IOException;
}
