package network.lilypad.node.agent;

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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// An agent's directory, held for as long as an agent and its engines work in it: two would run the same deals in the same
/// folders. The system lets go of it with the process, however that ends.
public final class AgentDirectory implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(AgentDirectory.class);
  private static final String FILE = "agent.lock";
  /// Closing any channel of a file ends all locks that its process has on it, so whoever is second here must not open it.
  private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

  private final Path directory;
  private final FileChannel lock;

  private AgentDirectory(Path directory, FileChannel lock) {
    this.directory = directory;
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
  /// @throws TakenException if another agent holds it, of this process or another
  /// @throws IOException if the disk refuses
  public static AgentDirectory take(Path directory) throws IOException {
    Files.createDirectories(directory);
    var real = directory.toRealPath();
    if (!HELD.add(real)) {
      throw new TakenException("another agent of this process works in " + directory);
    }
    try {
      return new AgentDirectory(real, lock(directory));
    } catch (IOException | RuntimeException e) {
      HELD.remove(real);
      throw e;
    }
  }

  private static FileChannel lock(Path directory) throws IOException {
    var file = directory.resolve(FILE);
    var channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      if (channel.tryLock() == null) {
        throw new TakenException("another agent, " + Files.readString(file).strip() + ", works in " + directory);
      }
      channel.truncate(0);
      channel.write(ByteBuffer.wrap(
          ("process " + ProcessHandle.current().pid() + "\n").getBytes(StandardCharsets.US_ASCII)));
      return channel;
    } catch (OverlappingFileLockException e) {
      channel.close();
      throw new TakenException("another agent of this process works in " + directory);
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
      LOG.warn("{} may stay locked until this process ends: {}", directory, e.toString());
    }
    HELD.remove(directory);
  }
}
