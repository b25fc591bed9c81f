package network.lilypad.protocol.content;

import java.io.IOException;
import network.lilypad.protocol.content.ContentException.Reason;

/// The source behind the check that its bytes are what their name says.
record VerifiedBlocks(BlockSource source) {
  byte[] get(Cid cid, Place at) throws IOException {
    byte[] block = source.get(cid).orElseThrow(
        () -> new ContentException(Reason.MISSING_BLOCK, at.toString(), cid, "the source has every block"));
    if (block.length > BlockSink.MAX_BLOCK_BYTES) {
      throw new ContentException(Reason.BLOCK_TOO_LARGE, at.toString(), block.length + " bytes in block " + cid,
          "at most " + BlockSink.MAX_BLOCK_BYTES);
    }
    var actual = Cid.ofBlock(cid.codec(), block);
    if (!actual.equals(cid)) {
      throw new ContentException(Reason.HASH_MISMATCH, at.toString(), actual, cid.toString());
    }
    return block;
  }
}
