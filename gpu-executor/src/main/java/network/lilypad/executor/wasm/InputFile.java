package network.lilypad.executor.wasm;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.Set;

/// An input: a host file that the guest can only read.
final class InputFile implements Node.File {
  private final long inode;
  private final Path host;
  private final long size;
  private Optional<FileChannel> channel = Optional.empty();
  private int users;

  InputFile(long inode, Path host, long size) {
    this.inode = inode;
    this.host = host;
    this.size = size;
  }

  @Override public void retain() throws IOException {
    if (users++ == 0) {
      channel = Optional.of(FileChannel.open(host, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)));
    }
  }

  @Override public void release() throws IOException {
    if (--users == 0) {
      channel.orElseThrow().close();
    }
  }

  @Override public int read(ByteBuffer target, long position) throws IOException {
    return channel.orElseThrow().read(target, position);
  }

  @Override public long size() {
    return size;
  }

  @Override public long inode() {
    return inode;
  }
}
