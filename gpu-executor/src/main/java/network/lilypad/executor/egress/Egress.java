package network.lilypad.executor.egress;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Opens ways out of network namespaces. Thread-safe; methods block for moments.
public final class Egress implements AutoCloseable {
  /// Copying bytes is all they do; two keep a fast line full.
  private static final int THREADS = 2;
  private static final long STOP_MILLIS_MAX = 2000;

  private static final Logger LOG = LoggerFactory.getLogger(Egress.class);

  private final EgressRule rule;
  private final Patience patience;
  private final EventLoopGroup loops;
  private final Set<Way> open = ConcurrentHashMap.newKeySet();

  private Egress(EgressRule rule, Patience patience) {
    this.rule = rule;
    this.patience = patience;
    this.loops = new MultiThreadIoEventLoopGroup(THREADS, Thread.ofPlatform().daemon().name("egress-", 0).factory(),
        NioIoHandler.newFactory());
  }

  /// No thread is started before the first way is open.
  public static Egress of(EgressRule rule) {
    return of(rule, Patience.STANDARD);
  }

  static Egress of(EgressRule rule, Patience patience) {
    return new Egress(rule, patience);
  }

  /// Why this process cannot open any, and what its owner may do; empty if it can.
  public static Optional<String> obstacle() {
    return NetworkNamespace.obstacle().map(why -> "single hosts cannot be let through: " + why
        + ". Next: run the provider as root on Linux");
  }

  /// Opens a way out of a namespace that has nothing but loopback.
  ///
  /// @param pid a process in it
  /// @param hosts the only ones that may be reached, in lower case
  /// @throws EgressUnavailableException if that cannot be
  public EgressProxy open(long pid, Set<String> hosts) {
    try {
      var socket = NetworkNamespace.listen(pid,
          new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), EgressProxy.PORT));
      return open(socket, hosts);
    } catch (IOException e) {
      throw new EgressUnavailableException("network: " + e.getMessage(), e);
    }
  }

  /// Serves a socket that is bound and listens.
  EgressProxy open(ServerSocketChannel socket, Set<String> hosts) {
    var passage = new Passage(rule, hosts, patience);
    var server = new ServerBootstrap().group(loops).channelFactory(() -> new NioServerSocketChannel(socket))
        .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true).childHandler(Front.of(passage)).register()
        .syncUninterruptibly().channel();
    var way = new Way(server, passage);
    open.add(way);
    return way;
  }

  /// One way out.
  private final class Way implements EgressProxy {
    private final Channel server;
    private final Passage passage;

    Way(Channel server, Passage passage) {
      this.server = server;
      this.passage = passage;
    }

    @Override public String notes() {
      return passage.journal().notes();
    }

    @Override public void close() {
      if (open.remove(this)) {
        server.close().awaitUninterruptibly(STOP_MILLIS_MAX);
        passage.close();
        LOG.info("a way out is closed: {}", passage.journal());
      }
    }
  }

  /// Ends all of them.
  @Override public void close() {
    open.forEach(Way::close);
    var _ = loops.shutdownGracefully(0, STOP_MILLIS_MAX, TimeUnit.MILLISECONDS);
  }
}
