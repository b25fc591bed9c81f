package network.lilypad.executor.wasm;

import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import network.lilypad.executor.Sink;
import org.apache.pekko.util.ByteString;

/// The guest's stdout or stderr: a bounded file that is told to the sink as it grows. A stream that cannot be
/// interrupted, so the file is whole however the run ends.
final class StreamFile implements AutoCloseable {
  private final Sink.Stream stream;
  private final FileOutputStream file;
  private final long limit;
  private final Sink sink;
  private long size;

  StreamFile(Sink.Stream stream, Path path, long limit, Sink sink) throws IOException {
    this.stream = stream;
    this.file = new FileOutputStream(path.toFile());
    this.limit = limit;
    this.sink = sink;
  }

  /// Writes up to the limit; whatever is above it ends the run.
  void write(byte[] bytes) throws IOException {
    int fitting = (int) Math.min(bytes.length, limit - size);
    file.write(bytes, 0, fitting);
    tell(bytes, fitting);
    if (fitting < bytes.length) {
      throw new Ending.OverBound(stream.fileName() + " bytes: above " + limit);
    }
  }

  private void tell(byte[] bytes, int length) {
    for (int from = 0; from < length;) {
      int step = Math.min(Sink.CHUNK_BYTES_MAX, length - from);
      sink.log(new Sink.Chunk(stream, size, ByteString.fromArray(bytes, from, step)));
      from += step;
      size += step;
    }
  }

  long size() {
    return size;
  }

  @Override public void close() throws IOException {
    file.close();
  }
}
