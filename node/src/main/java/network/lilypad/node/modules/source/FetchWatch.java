package network.lilypad.node.modules.source;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Proxy;
import java.net.URL;
import java.util.concurrent.atomic.AtomicLong;
import org.eclipse.jgit.lib.ProgressMonitor;
import org.eclipse.jgit.transport.http.HttpConnection;
import org.eclipse.jgit.transport.http.HttpConnectionFactory;
import org.eclipse.jgit.transport.http.JDKHttpConnection;

/// Ends a fetch that takes too long or brings too much, whatever the server says of it.
final class FetchWatch implements ProgressMonitor, HttpConnectionFactory {
  private final FetchLimits limits;
  private final long deadline;
  private final AtomicLong received = new AtomicLong();

  FetchWatch(FetchLimits limits) {
    this.limits = limits;
    this.deadline = System.nanoTime() + limits.time().toNanos();
  }

  boolean late() {
    return System.nanoTime() > deadline;
  }

  /// How long silence is borne: no longer than there is time, and a second at least, because zero means for ever.
  int patience(int seconds) {
    return Math.clamp((deadline - System.nanoTime()) / 1_000_000_000L, 1, seconds);
  }

  boolean tooMuch() {
    return received.get() > limits.bytes();
  }

  private void receive(long bytes) throws IOException {
    received.addAndGet(Math.max(0, bytes));
    if (isCancelled()) {
      throw new IOException(late() ? "it took longer than " + limits.time() : "more than " + limits.bytes() + " bytes");
    }
  }

  @Override public HttpConnection create(URL url) throws IOException {
    return new Counted(url);
  }

  @Override public HttpConnection create(URL url, Proxy proxy) throws IOException {
    return new Counted(url, proxy);
  }

  /// A connection whose answers are counted.
  private final class Counted extends JDKHttpConnection {
    Counted(URL url) throws IOException {
      super(url);
    }

    Counted(URL url, Proxy proxy) throws IOException {
      super(url, proxy);
    }

    @Override public InputStream getInputStream() throws IOException {
      return new FilterInputStream(super.getInputStream()) {
        @Override public int read() throws IOException {
          int read = super.read();
          receive(read < 0 ? 0 : 1);
          return read;
        }

        @Override public int read(byte[] bytes, int offset, int length) throws IOException {
          int read = super.read(bytes, offset, length);
          receive(read);
          return read;
        }
      };
    }
  }

  @Override public boolean isCancelled() { return late() || tooMuch(); }

  @Override public void start(int totalTasks) {}

  @Override public void beginTask(String title, int totalWork) {}

  @Override public void update(int completed) {}

  @Override public void endTask() {}

  @Override public void showDuration(boolean enabled) {}
}
