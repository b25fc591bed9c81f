package network.lilypad.executor.docker;

import com.github.dockerjava.api.async.ResultCallback;
import com.github.dockerjava.api.model.Frame;
import com.github.dockerjava.api.model.StreamType;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import network.lilypad.executor.ExecutorUnavailableException;
import network.lilypad.executor.Outcome;
import network.lilypad.executor.Sink;
import network.lilypad.executor.Task;
import org.apache.pekko.util.ByteString;

/// A container's output on its way to disk and sink, up to its bounds.
///
/// The engine calls on one thread, which only reads: an engine gives the readers of a dead container's output two
/// seconds and then cuts it off without a word, and a disk may stand for longer. So another thread writes, and what
/// waits for it is in memory: at most the bounds of both streams.
final class Streams implements AutoCloseable {
  /// What is left in the pipes when a container has died is there at once.
  private static final long DRAIN_SECONDS_MAX = 20;
  /// A disk that is shared with others stands for a minute at times.
  private static final Duration WRITE_MAX = Duration.ofMinutes(5);

  private final Sink sink;
  private final Brake brake;
  private final long limit;
  private final Channel stdout;
  private final Channel stderr;
  private final Backlog backlog = new Backlog();
  private final Reader reader = new Reader();
  private volatile Optional<Exception> fault = Optional.empty();

  /// What the engine calls; its end is not ours.
  private final class Reader extends ResultCallback.Adapter<Frame> {
    @Override public void onNext(Frame frame) {
      read(frame);
    }
  }

  /// One stream.
  private static final class Channel implements AutoCloseable {
    private final Sink.Stream stream;
    private final OutputStream file;
    private long skip;
    private long read;
    private final AtomicLong written;

    Channel(Task task, Sink.Stream stream) throws IOException {
      var path = task.directory().stream(stream);
      this.stream = stream;
      this.file = Files.newOutputStream(path, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
      this.written = new AtomicLong(Files.size(path));
      this.skip = written.get();
      this.read = skip;
    }

    @Override public void close() throws IOException {
      file.close();
    }
  }

  /// Goes on where the files end: an engine that tells from the beginning tells nothing twice.
  Streams(Task task, Sink sink, Brake brake) throws IOException {
    this.sink = sink;
    this.brake = brake;
    this.limit = task.grant().output().streamBytes();
    this.stdout = new Channel(task, Sink.Stream.STDOUT);
    this.stderr = new Channel(task, Sink.Stream.STDERR);
    Thread.ofPlatform().daemon().name("docker-streams").start(this::write);
  }

  /// Where the engine tells the output.
  ResultCallback<Frame> reader() {
    return reader;
  }

  private void read(Frame frame) {
    var channel = frame.getStreamType() == StreamType.STDERR ? stderr : stdout;
    var bytes = frame.getPayload();
    int begin = (int) Math.min(bytes.length, channel.skip);
    channel.skip -= begin;
    int end = begin + (int) Math.min(bytes.length - begin, limit - channel.read);
    channel.read += end - begin;
    backlog.add(channel.stream, bytes, begin, end);
    if (end < bytes.length) {
      brake.pull(new Outcome.OutputTooLarge(channel.stream.fileName() + " bytes: above " + limit));
    }
  }

  private void write() {
    try {
      for (var batch = backlog.take(); !batch.isEmpty(); batch = backlog.take()) {
        for (var channel : List.of(stdout, stderr)) {
          var bytes = batch.get(channel.stream);
          if (bytes != null) {
            write(channel, bytes.toByteArray());
          }
        }
      }
    } catch (IOException | InterruptedException | RuntimeException e) {
      fault = Optional.of(e);
      if (backlog.close()) {
        brake.pull(new Outcome.Cancelled());
      }
    }
  }

  private void write(Channel channel, byte[] bytes) throws IOException {
    channel.file.write(bytes);
    for (int at = 0; at < bytes.length; at += Sink.CHUNK_BYTES_MAX) {
      int length = Math.min(Sink.CHUNK_BYTES_MAX, bytes.length - at);
      sink.log(new Sink.Chunk(channel.stream, channel.written.get() + at, ByteString.fromArray(bytes, at, length)));
    }
    channel.written.addAndGet(bytes.length);
  }

  /// Bytes of both streams so far.
  long bytes() {
    return stdout.written.get() + stderr.written.get();
  }

  /// Waits until all of a dead container's output is here and written.
  ///
  /// @throws ExecutorUnavailableException if it cannot be had or kept
  void drain() {
    boolean complete;
    boolean kept;
    try {
      complete = reader.awaitCompletion(DRAIN_SECONDS_MAX, TimeUnit.SECONDS);
      kept = backlog.settle(WRITE_MAX);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ExecutorUnavailableException("docker: interrupted", e);
    } catch (RuntimeException e) {
      throw new ExecutorUnavailableException("docker: the output was cut off: " + e.getMessage(), e);
    }
    fault.ifPresent(e -> {
      throw new ExecutorUnavailableException("disk: " + e, e);
    });
    if (!complete) {
      throw new ExecutorUnavailableException("docker: the output did not end within " + DRAIN_SECONDS_MAX + " s");
    }
    if (!kept) {
      throw new ExecutorUnavailableException("disk: the output was not written within " + WRITE_MAX);
    }
  }

  @Override public void close() throws IOException {
    backlog.close();
    try (stdout; stderr) {
      reader.close();
    }
  }
}
