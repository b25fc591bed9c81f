package network.lilypad.executor;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import network.lilypad.executor.Sink.Chunk;
import network.lilypad.executor.Sink.Phase;
import network.lilypad.executor.Sink.Progress;
import network.lilypad.executor.Sink.Stream;
import org.apache.pekko.util.ByteString;

/// A sink that keeps what it is told and checks that offsets have no gap.
public final class Listener implements Sink {
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final Map<Stream, ByteString> streams = new EnumMap<>(Stream.class);
  private final List<Phase> phases = new ArrayList<>();

  @Override public synchronized void log(Chunk chunk) {
    var before = streams.getOrDefault(chunk.stream(), ByteString.emptyByteString());
    if (before.size() != chunk.offset()) {
      throw new IllegalStateException("offset: " + chunk.offset() + " (expected: " + before.size() + ")");
    }
    streams.put(chunk.stream(), before.concat(chunk.bytes()));
    notifyAll();
  }

  @Override public synchronized void progress(Progress progress) {
    phases.add(progress.phase());
  }

  /// What a stream said so far.
  public synchronized String text(Stream stream) {
    return streams.getOrDefault(stream, ByteString.emptyByteString()).utf8String();
  }

  /// The phases in their order.
  public synchronized List<Phase> phases() {
    return List.copyOf(phases);
  }

  /// Waits until standard output holds the text.
  public synchronized void awaitText(String text) throws InterruptedException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!text(Stream.STDOUT).contains(text)) {
      long left = (end - System.nanoTime()) / 1_000_000;
      if (left <= 0) {
        throw new IllegalStateException("not told within " + PATIENCE + ": " + text);
      }
      wait(left);
    }
  }
}
