package network.lilypad.node.modules.source;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import network.lilypad.node.modules.ModuleUnavailableException;

/// The right to change one cached repository, among the threads of this process and all processes of this machine. The
/// operating system takes it from a process that dies, so a lock can never be left behind.
final class CacheLock implements AutoCloseable {
  private static final Map<Path, ReentrantLock> IN_PROCESS = new ConcurrentHashMap<>();
  private static final long POLL_MILLIS = 50;

  private final ReentrantLock inProcess;
  private final FileChannel channel;
  private final FileLock lock;

  private CacheLock(ReentrantLock inProcess, FileChannel channel, FileLock lock) {
    this.inProcess = inProcess;
    this.channel = channel;
    this.lock = lock;
  }

  /// Waits for the lock.
  ///
  /// @param file the lock's file, which stays
  /// @param patience how long at most
  /// @throws ModuleUnavailableException if another holds it longer, naming that process
  static CacheLock acquire(Path file, Duration patience) throws IOException {
    var inProcess = IN_PROCESS.computeIfAbsent(file.toAbsolutePath(), _ -> new ReentrantLock());
    long deadline = System.nanoTime() + patience.toNanos();
    try {
      if (!inProcess.tryLock(patience.toNanos(), TimeUnit.NANOSECONDS)) {
        throw busy(file, "this process");
      }
    } catch (InterruptedException _) {
      throw interrupted(file);
    }
    try {
      return acquire(file, inProcess, deadline);
    } catch (IOException | RuntimeException e) {
      inProcess.unlock();
      throw e;
    }
  }

  private static CacheLock acquire(Path file, ReentrantLock inProcess, long deadline) throws IOException {
    Files.createDirectories(file.toAbsolutePath().getParent());
    var channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    try {
      for (var lock = channel.tryLock();; lock = channel.tryLock()) {
        if (lock != null) {
          channel.truncate(0);
          channel.write(ByteBuffer.wrap(Long.toString(ProcessHandle.current().pid()).getBytes(StandardCharsets.UTF_8)));
          return new CacheLock(inProcess, channel, lock);
        }
        if (System.nanoTime() > deadline) {
          throw busy(file, "process " + Files.readString(file));
        }
        Thread.sleep(POLL_MILLIS);
      }
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    } catch (InterruptedException _) {
      channel.close();
      throw interrupted(file);
    }
  }

  private static ModuleUnavailableException busy(Path file, String holder) {
    return new ModuleUnavailableException(
        "module cache: " + holder + " is fetching the same module (lock " + file + ")",
        "wait for it, or end it");
  }

  private static ModuleUnavailableException interrupted(Path file) {
    Thread.currentThread().interrupt();
    return new ModuleUnavailableException("module cache: interrupted while waiting for " + file, "");
  }

  @Override public void close() throws IOException {
    try {
      lock.release();
      channel.close();
    } finally {
      inProcess.unlock();
    }
  }
}
