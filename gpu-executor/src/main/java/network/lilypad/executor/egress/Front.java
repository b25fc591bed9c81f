package network.lilypad.executor.egress;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.HttpRequestEncoder;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.timeout.IdleStateHandler;
import io.netty.util.ReferenceCountUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// A connection of the program's: reads one request, decides about it, and joins it to the host it asks for. One
/// request for each connection, so that what was decided about the first holds for every byte. Runs on its channel's
/// event loop.
final class Front extends ChannelInboundHandlerAdapter {
  private static final int LINE_BYTES_MAX = 8 << 10;
  private static final int HEADER_BYTES_MAX = 16 << 10;
  private static final int CHUNK_BYTES_MAX = 8 << 10;
  private static final int CONNECT_MILLIS_MAX = 8000;
  /// One of each kind, IPv4 and IPv6.
  private static final int ADDRESSES_MAX = 2;
  /// What concerns the connection to a proxy and not the request (RFC 9110, 7.6.1).
  private static final List<String> HOP_BY_HOP = List.of("connection", "proxy-connection", "proxy-authorization",
      "keep-alive", "te", "upgrade");

  private final Passage passage;
  /// What has been read together with the request.
  private final Queue<Object> early = new ArrayDeque<>();
  private Phase phase = Phase.WAITING;
  private Future<?> deadline = CompletableFuture.completedFuture(phase);

  private enum Phase {
    WAITING, CONNECTING, JOINED, REFUSED
  }

  private Front(Passage passage) {
    this.passage = passage;
  }

  /// Makes a new connection wait for its request.
  static ChannelInitializer<SocketChannel> of(Passage passage) {
    return new ChannelInitializer<>() {
      @Override protected void initChannel(SocketChannel channel) {
        channel.pipeline().addLast(new HttpRequestDecoder(LINE_BYTES_MAX, HEADER_BYTES_MAX, CHUNK_BYTES_MAX),
            new Front(passage));
      }
    };
  }

  @Override public void channelActive(ChannelHandlerContext context) {
    expire(context);
    if (!passage.admits(context.channel())) {
      refuse(context, HttpResponseStatus.SERVICE_UNAVAILABLE, "a connection",
          "more than " + Passage.CONNECTIONS_MAX + " at a time");
    }
    context.fireChannelActive();
  }

  /// Ends the connection unless it has come further by then. A watch for idleness would not do: a byte now and then
  /// puts it off for ever.
  private void expire(ChannelHandlerContext context) {
    deadline.cancel(false);
    deadline = context.executor().schedule(() -> {
      var _ = context.close();
    }, passage.patience().request().toMillis(), TimeUnit.MILLISECONDS);
  }

  @Override public void channelRead(ChannelHandlerContext context, Object message) {
    switch (phase) {
      case WAITING -> {
        if (message instanceof HttpRequest request) {
          begin(context, request);
        }
      }
      case CONNECTING -> early.add(message);
      case JOINED -> pass(context, message);
      case REFUSED -> ReferenceCountUtil.release(message);
    }
  }

  private void begin(ChannelHandlerContext context, HttpRequest request) {
    var to = request.decoderResult().isSuccess() ? Destination.of(request) : Optional.<Destination>empty();
    if (to.isEmpty()) {
      refuse(context, HttpResponseStatus.BAD_REQUEST, "a request",
          "expected CONNECT host:port or a URL that begins with http://");
      return;
    }
    var objection = passage.objection(to.get());
    if (objection.isPresent()) {
      forbid(context, to.get(), objection.get());
      return;
    }
    phase = Phase.CONNECTING;
    deadline.cancel(false);
    context.channel().config().setAutoRead(false);
    var _ = passage.addresses(to.get().host()).whenCompleteAsync(
        (addresses, fault) -> found(context, new Wish(request, to.get()), addresses, fault), context.executor());
  }

  /// What is asked, and of whom.
  private record Wish(HttpRequest request, Destination to) {}

  private void found(ChannelHandlerContext context, Wish wish, @Nullable List<InetAddress> addresses,
      @Nullable Throwable fault) {
    if (addresses == null || fault != null) {
      refuse(context, HttpResponseStatus.BAD_GATEWAY, wish.to.toString(), "its name leads nowhere");
    } else if (addresses.isEmpty()) {
      forbid(context, wish.to, "its name leads to no public address");
    } else {
      connect(context, wish, addresses.stream().limit(ADDRESSES_MAX).iterator());
    }
  }

  private void connect(ChannelHandlerContext context, Wish wish, Iterator<InetAddress> addresses) {
    var connecting = new Bootstrap().group(context.channel().eventLoop()).channel(NioSocketChannel.class)
        .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_MILLIS_MAX).option(ChannelOption.AUTO_READ, false)
        .option(ChannelOption.ALLOW_HALF_CLOSURE, true)
        .handler(idle())
        .connect(new InetSocketAddress(addresses.next(), wish.to.port()));
    var _ = connecting.addListener(_ -> {
      if (connecting.isSuccess()) {
        join(context, wish, (SocketChannel) connecting.channel());
      } else if (addresses.hasNext()) {
        connect(context, wish, addresses);
      } else {
        refuse(context, HttpResponseStatus.BAD_GATEWAY, wish.to.toString(), "it does not answer");
      }
    });
  }

  private IdleStateHandler idle() {
    return new IdleStateHandler(0, 0, passage.patience().idle().toMillis(), TimeUnit.MILLISECONDS);
  }

  private void join(ChannelHandlerContext context, Wish wish, SocketChannel out) {
    passage.opened(out);
    var front = (SocketChannel) context.channel();
    if (!front.isActive()) {
      var _ = out.close();
      return;
    }
    phase = Phase.JOINED;
    front.pipeline().addFirst(idle());
    if (wish.to.path().isEmpty()) {
      tunnel(context, front, out);
    } else {
      forward(context, wish, front, out);
    }
    out.config().setAutoRead(true);
    front.config().setAutoRead(true);
  }

  /// From now on bytes are bytes. What a program has sent behind its request without waiting for the answer is no
  /// request, and is not repeated as it was: there is no tunnel then.
  private void tunnel(ChannelHandlerContext context, SocketChannel front, SocketChannel out) {
    boolean hasty = early.stream().anyMatch(message -> !message.equals(LastHttpContent.EMPTY_LAST_CONTENT));
    if (hasty) {
      var _ = out.close();
      var _ = context.close();
      return;
    }
    out.pipeline().addLast(new Relay(front, Relay.End.OF_THIS_ONE));
    front.pipeline().addLast(new Relay(out, Relay.End.OF_THIS_ONE));
    var _ = front.writeAndFlush(Answer.connected());
    front.pipeline().remove(this);
    front.pipeline().remove(HttpRequestDecoder.class);
  }

  /// The answer is passed on as it is; the server is asked to end the connection with it.
  private void forward(ChannelHandlerContext context, Wish wish, SocketChannel front, SocketChannel out) {
    out.pipeline().addLast(new HttpRequestEncoder(), new Relay(front, Relay.End.OF_BOTH));
    front.pipeline().addLast(new Relay(out, Relay.End.OF_NOTHING));
    var _ = out.write(rewritten(wish));
    for (var message = early.poll(); message != null; message = early.poll()) {
      pass(context, message);
    }
    context.fireChannelReadComplete();
  }

  private static HttpRequest rewritten(Wish wish) {
    var headers = wish.request.headers();
    headers.getAll(HttpHeaderNames.CONNECTION).stream().flatMap(value -> Arrays.stream(value.split(",")))
        .map(String::strip)
        .filter(name -> !name.isEmpty()).forEach(headers::remove);
    HOP_BY_HOP.forEach(headers::remove);
    headers.set(HttpHeaderNames.HOST, wish.to.authority()).set(HttpHeaderNames.CONNECTION, "close")
        .add(HttpHeaderNames.VIA, "1.1 lilypad");
    return wish.request.setUri(wish.to.path());
  }

  private static void pass(ChannelHandlerContext context, Object message) {
    if (message instanceof HttpRequest) {
      var _ = context.close();
    } else {
      context.fireChannelRead(message);
    }
  }

  private void forbid(ChannelHandlerContext context, Destination to, String why) {
    refuse(context, HttpResponseStatus.FORBIDDEN, to.toString(), why);
  }

  /// Reads on until the program has hung up: a connection that is closed while it sends loses the answer.
  private void refuse(ChannelHandlerContext context, HttpResponseStatus status, String what, String why) {
    phase = Phase.REFUSED;
    expire(context);
    passage.refused(what, why);
    var channel = (SocketChannel) context.channel();
    channel.config().setAutoRead(true);
    var _ = context
        .writeAndFlush(Answer.refusal(status, "refused " + what + " (" + why + "); allowed: " + passage.allowed()))
        .addListener(_ -> {
          var _ = channel.shutdownOutput();
        });
  }

  @Override public void userEventTriggered(ChannelHandlerContext context, Object event) {
    if (phase == Phase.JOINED) {
      context.fireUserEventTriggered(event);
    } else if (event instanceof ChannelInputShutdownEvent && phase != Phase.CONNECTING) {
      var _ = context.close();
    }
  }

  @Override public void handlerRemoved(ChannelHandlerContext context) {
    deadline.cancel(false);
    early.forEach(ReferenceCountUtil::release);
    early.clear();
  }

  @Override public void exceptionCaught(ChannelHandlerContext context, Throwable fault) {
    var _ = context.close();
  }
}
