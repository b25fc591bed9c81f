package network.lilypad.node.client;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import network.lilypad.protocol.content.BlockSink;
import network.lilypad.protocol.content.BlockSource;
import network.lilypad.protocol.content.Cid;

/// Blocks on their way, one file each, in a folder that is thrown away afterwards. They are checked when they are read.
/// For one thread.
public final class BlockFolder implements BlockSink, BlockSource, AutoCloseable {
  private final Path folder;
  private final long bytesMax;
  private long bytes;

  /// @param parent where its folder is made
  /// @param bytesMax the most bytes of all blocks
  /// @throws IOException if the disk refuses
  public BlockFolder(Path parent, long bytesMax) throws IOException {
    Files.createDirectories(parent);
    this.folder = Files.createTempDirectory(parent, "blocks-");
    this.bytesMax = bytesMax;
  }

  @Override public void put(Cid cid, byte[] block) throws IOException {
    var file = folder.resolve(cid.toString());
    if (Files.exists(file)) {
      return;
    }
    bytes += block.length;
    if (bytes > bytesMax || block.length > MAX_BLOCK_BYTES) {
      throw new IOException("blocks: " + bytes + " bytes (expected: at most " + bytesMax + ")");
    }
    Files.write(file, block);
  }

  @Override public Optional<byte[]> get(Cid cid) throws IOException {
    var file = folder.resolve(cid.toString());
    return Files.exists(file) ? Optional.of(Files.readAllBytes(file)) : Optional.empty();
  }

  @Override public void close() throws IOException {
    Trees.delete(folder);
  }
}
