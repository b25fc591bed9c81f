package network.lilypad.executor.egress;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.timeout.IdleStateEvent;

/// One direction of a connection: what comes in here goes out there, no faster than it is taken there.
final class Relay extends ChannelInboundHandlerAdapter {
  private final SocketChannel other;
  private final End end;

  /// What the end of this direction means.
  enum End {
    /// Everything has been said.
    OF_BOTH,
    /// The other direction may go on.
    OF_THIS_ONE,
    /// Nothing: the other side says when it is over.
    OF_NOTHING
  }

  Relay(SocketChannel other, End end) {
    this.other = other;
    this.end = end;
  }

  @Override public void channelRead(ChannelHandlerContext context, Object message) {
    var _ = other.write(message);
  }

  @Override public void channelReadComplete(ChannelHandlerContext context) {
    other.flush();
  }

  @Override public void channelWritabilityChanged(ChannelHandlerContext context) {
    other.config().setAutoRead(context.channel().isWritable());
  }

  @Override public void userEventTriggered(ChannelHandlerContext context, Object event) {
    if (event instanceof IdleStateEvent) {
      var _ = context.close();
    } else if (event instanceof ChannelInputShutdownEvent) {
      ended(context.channel());
    }
  }

  private void ended(Channel here) {
    switch (end) {
      case OF_BOTH -> closeAfterFlush(here);
      case OF_THIS_ONE -> {
        var _ = other.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(_ -> finish(here));
      }

      case OF_NOTHING -> {}
    }
  }

  private void finish(Channel here) {
    if (other.isInputShutdown()) {
      closeAfterFlush(here);
    } else {
      var _ = other.shutdownOutput();
    }
  }

  /// Whatever has been read is sent before.
  @Override public void channelInactive(ChannelHandlerContext context) {
    closeAfterFlush(other);
  }

  private static void closeAfterFlush(Channel channel) {
    var _ = channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
  }

  @Override public void exceptionCaught(ChannelHandlerContext context, Throwable fault) {
    var _ = context.close();
  }
}
