package network.lilypad.node.files;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A directory that one of a kind may work in at a time, such as an agent, or a node: two would write the same files.
/// The system lets go of it with the process, however that ends.
public final class HeldDirectory implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(HeldDirectory.class);
  /// Closing any channel of a file ends all locks that its process has on it, so whoever is second here must not open
  /// it.
  private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

  private final Path file;
  private final FileChannel lock;

  private HeldDirectory(Path file, FileChannel lock) {
    this.file = file;
    this.lock = lock;
  }

  /// Somebody else holds it. The message names the directory and, where it is known, the process.
  public static final class TakenException extends IOException {
    private static final long serialVersionUID = 1L;

    TakenException(String message) {
      super(message);
    }
  }

  /// Takes a directory, which is made if it is not there.
  ///
  /// @param kind who works in it, such as `agent`; its lock is the file `agent.lock`
  /// @throws TakenException if another one of the kind holds it, of this process or another
  /// @throws IOException if the disk refuses
  public static HeldDirectory take(Path directory, String kind) throws IOException {
    Files.createDirectories(directory);
    var file = directory.toRealPath().resolve(kind + ".lock");
    if (!HELD.add(file)) {
      throw new TakenException("another " + kind + " of this process works in " + directory);
    }
    try {
      return new HeldDirectory(file, lock(file, who -> "another " + kind + ", " + who + ", works in " + directory));
    } catch (IOException | RuntimeException e) {
      HELD.remove(file);
      throw e;
    }
  }

  private static FileChannel lock(Path file, UnaryOperator<String> taken) throws IOException {
    var channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      if (channel.tryLock() == null) {
        throw new TakenException(taken.apply(Files.readString(file).strip()));
      }
      channel.truncate(0);
      channel.write(ByteBuffer.wrap(
          ("process " + ProcessHandle.current().pid() + "\n").getBytes(StandardCharsets.US_ASCII)));
      return channel;
    } catch (OverlappingFileLockException e) {
      channel.close();
      throw new TakenException(taken.apply("of this process"));
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  @Override public void close() {
    if (!lock.isOpen()) {
      return;
    }
    try {
      lock.close();
    } catch (IOException e) {
      LOG.warn("{} may stay locked until this process ends: {}", file, e.toString());
    }
    HELD.remove(file);
  }
}
