package network.lilypad.node.agent;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/// A line that breaks: each connection is cut after so many bytes, of both ways together.
final class CuttingProxy implements AutoCloseable {
  final AtomicLong bytes = new AtomicLong();
  final AtomicInteger cuts = new AtomicInteger();
  volatile long cutsAfter;
  private final ServerSocket server;
  private final InetSocketAddress target;

  CuttingProxy(InetSocketAddress target, long cutsAfter) throws IOException {
    this.target = target;
    this.cutsAfter = cutsAfter;
    this.server = new ServerSocket(0, 16, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::accept);
  }

  int port() {
    return server.getLocalPort();
  }

  private void accept() {
    try {
      while (true) {
        var near = server.accept();
        var far = new Socket(target.getAddress(), target.getPort());
        var left = new AtomicLong(cutsAfter);
        Thread.ofVirtual().start(() -> pump(near, far, left));
        Thread.ofVirtual().start(() -> pump(far, near, left));
      }
    } catch (IOException _) {
      // closed
    }
  }

  private void pump(Socket from, Socket to, AtomicLong left) {
    try (from; to) {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      var buffer = new byte[16_384];
      for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
        long rest = left.addAndGet(-length);
        if (rest >= 0) {
          bytes.addAndGet(length);
          out.write(buffer, 0, length);
        } else if (rest + length >= 0) {
          cut(from, to);
        }
      }
    } catch (IOException _) {
      // the other side is gone
    }
  }

  /// What has passed still arrives: a socket that is closed with bytes unread takes back what the other side has not
  /// read.
  private void cut(Socket one, Socket other) throws IOException {
    cuts.incrementAndGet();
    one.shutdownOutput();
    other.shutdownOutput();
  }

  @Override public void close() throws IOException {
    server.close();
  }
}
