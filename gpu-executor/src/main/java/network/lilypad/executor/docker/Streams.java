package network.lilypad.executor.docker;

import com.github.dockerjava.api.async.ResultCallback;
import com.github.dockerjava.api.model.Frame;
import com.github.dockerjava.api.model.StreamType;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import network.lilypad.executor.ExecutorUnavailableException;
import network.lilypad.executor.Outcome;
import network.lilypad.executor.Sink;
import network.lilypad.executor.Task;
import org.apache.pekko.util.ByteString;

/// A container's output on its way to disk and sink, up to its bounds. The engine calls on one thread.
final class Streams extends ResultCallback.Adapter<Frame> implements AutoCloseable {
  /// What is left in the pipes when a container has died is there at once.
  private static final long DRAIN_SECONDS_MAX = 20;

  private final Sink sink;
  private final Brake brake;
  private final long limit;
  private final Channel stdout;
  private final Channel stderr;
  private volatile Optional<IOException> fault = Optional.empty();

  /// One stream.
  private static final class Channel implements AutoCloseable {
    private final Sink.Stream stream;
    private final OutputStream file;
    private long skip;
    private final AtomicLong written;

    Channel(Task task, Sink.Stream stream) throws IOException {
      var path = task.directory().stream(stream);
      this.stream = stream;
      this.file = Files.newOutputStream(path, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
      this.written = new AtomicLong(Files.size(path));
      this.skip = written.get();
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
  }

  @Override public void onNext(Frame frame) {
    var channel = frame.getStreamType() == StreamType.STDERR ? stderr : stdout;
    var bytes = frame.getPayload();
    int begin = (int) Math.min(bytes.length, channel.skip);
    channel.skip -= begin;
    int end = begin + (int) Math.min(bytes.length - begin, limit - channel.written.get());
    try {
      take(channel, bytes, begin, end);
    } catch (IOException e) {
      fault = Optional.of(e);
      brake.pull(new Outcome.Cancelled());
    }
    if (end < bytes.length) {
      brake.pull(new Outcome.OutputTooLarge(channel.stream.fileName() + " bytes: above " + limit));
    }
  }

  private void take(Channel channel, byte[] bytes, int begin, int end) throws IOException {
    if (fault.isPresent()) {
      return;
    }
    channel.file.write(bytes, begin, end - begin);
    for (int at = begin; at < end; at += Sink.CHUNK_BYTES_MAX) {
      int length = Math.min(Sink.CHUNK_BYTES_MAX, end - at);
      sink.log(new Sink.Chunk(channel.stream, channel.written.get() + at - begin,
          ByteString.fromArray(bytes, at, length)));
    }
    channel.written.addAndGet(end - begin);
  }

  /// Bytes of both streams so far.
  long bytes() {
    return stdout.written.get() + stderr.written.get();
  }

  /// Waits until all of a dead container's output is here.
  ///
  /// @throws ExecutorUnavailableException if it cannot be had or kept
  void drain() {
    boolean complete;
    try {
      complete = awaitCompletion(DRAIN_SECONDS_MAX, TimeUnit.SECONDS);
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
  }

  @Override public void close() throws IOException {
    try (stdout; stderr) {
      super.close();
    }
  }
}
