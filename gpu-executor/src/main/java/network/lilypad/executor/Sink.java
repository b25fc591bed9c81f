package network.lilypad.executor;

import org.apache.pekko.util.ByteString;

/// Where a running task's output and progress go while it runs. Best effort: the complete output is on disk.
///
/// Called on the task's own threads, one call at a time for each stream. A call must return at once; who cannot keep up
/// drops chunks, and the next chunk's offset shows the gap.
public interface Sink {
  /// The most bytes of a chunk: small enough to travel in one message.
  int CHUNK_BYTES_MAX = 16 * 1024;

  /// A sink for those who do not listen.
  Sink NONE = new Sink() {
    @Override
    public void log(Chunk chunk) {
      // nobody listens
    }

    @Override
    public void progress(Progress progress) {
      // nobody listens
    }
  };

  /// The task has written something.
  void log(Chunk chunk);

  /// Getting ready or running has moved on.
  void progress(Progress progress);

  /// The machine failed an attempt, and there will be another. Told by [GpuExecutor], not by executors.
  ///
  /// @param failedAttempts so far
  /// @param reason of the last one
  default void retrying(int failedAttempts, String reason) {}

  /// Which stream.
  enum Stream {
    /// Standard output.
    STDOUT("stdout"),
    /// Standard error.
    STDERR("stderr");

    private final String fileName;

    Stream(String fileName) {
      this.fileName = fileName;
    }

    /// The name of its file in the result directory.
    public String fileName() {
      return fileName;
    }
  }

  /// A piece of a stream.
  ///
  /// @param stream which
  /// @param offset where in the stream it starts, in bytes
  /// @param bytes 1 to [#CHUNK_BYTES_MAX] bytes
  record Chunk(Stream stream, long offset, ByteString bytes) {}

  /// How far a task has come.
  ///
  /// @param phase what it is doing
  /// @param done bytes so far, 0 when unknown
  /// @param total bytes in all, 0 when unknown
  record Progress(Phase phase, long done, long total) {}

  /// What a task does on its way.
  enum Phase {
    /// The engine fetches the program.
    PULLING,
    /// The engine makes it runnable.
    PREPARING,
    /// The program runs.
    RUNNING
  }
}
