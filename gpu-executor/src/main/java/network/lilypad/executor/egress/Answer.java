package network.lilypad.executor.egress;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.nio.charset.StandardCharsets;

/// What the proxy says itself.
final class Answer {
  private Answer() {}

  /// The tunnel is open.
  static ByteBuf connected() {
    return ascii("HTTP/1.1 200 Connection established\r\n\r\n");
  }

  /// There will be no connection, and this one is closed.
  ///
  /// @param why one line of printable characters
  static ByteBuf refusal(HttpResponseStatus status, String why) {
    var body = "lilypad: network: " + why + "\n";
    return ascii("HTTP/1.1 " + status + "\r\nContent-Type: text/plain; charset=us-ascii\r\nContent-Length: "
        + body.length() + "\r\nConnection: close\r\n\r\n" + body);
  }

  private static ByteBuf ascii(String text) {
    return Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII);
  }
}
