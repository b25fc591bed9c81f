package network.lilypad.node.gateway;

import com.linecorp.armeria.common.SessionProtocol;
import com.linecorp.armeria.common.TlsKeyPair;
import com.linecorp.armeria.server.Server;
import com.linecorp.armeria.server.ServerBuilder;
import com.linecorp.armeria.server.grpc.GrpcService;
import com.linecorp.armeria.server.healthcheck.HealthCheckService;
import io.grpc.BindableService;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.protobuf.services.HealthStatusManager;
import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.ChannelOption;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import network.lilypad.node.auth.RequestVerifier;
import network.lilypad.node.auth.SignedService;
import network.lilypad.node.config.NodeConfig;
import network.lilypad.protocol.proto.v1.AgentsGrpc;
import network.lilypad.protocol.proto.v1.MarketGrpc;

/// The public port: the API for job creators and the side for agents, with reflection and health, all over gRPC.
/// Started when it is made; closing it refuses new calls, sends watchers away and gives the other calls a moment.
public final class Gateway implements AutoCloseable {
  /// The largest message: a block of 2 MiB and what is around it.
  private static final int MAX_MESSAGE_BYTES = (2 << 20) + (64 << 10);
  private static final Duration CLOSE_QUIET = Duration.ofMillis(100);
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);
  private static final long PING_MILLIS = 30_000;
  /// What a client may have on its way to us, not yet taken: a few blocks, so that neither side waits for the other's
  /// pauses.
  private static final int WINDOW_BYTES = 4 << 20;
  private static final Set<String> OPEN = Set.of(MarketGrpc.getGetInfoMethod().getFullMethodName(),
      AgentsGrpc.getSessionMethod().getFullMethodName());

  private final Ends ends;
  private final String listeners;
  private final ScheduledExecutorService calls;
  private final HealthStatusManager health;

  /// What people and machines reach.
  private record Ends(MarketService market, Server server, List<Server> management) {}

  private Gateway(String listeners, Ends ends, ScheduledExecutorService calls, HealthStatusManager health) {
    this.ends = ends;
    this.listeners = listeners;
    this.calls = calls;
    this.health = health;
  }

  /// Opens the port, and the management port where one is configured. Blocks until they listen.
  ///
  /// @param threads where long answers are written; they block
  /// @param agents the side for agents
  /// @throws GatewayUnavailableException if a port is taken or a certificate cannot be used
  public static Gateway open(GatewayPorts ports, Executor threads, BindableService agents) {
    var limits = ports.config().limits();
    var health = new HealthStatusManager();
    var calls = Executors.newScheduledThreadPool(limits.calls(), Thread.ofVirtual().name("call-", 0).factory());
    var verifier = new RequestVerifier(ports.ledgerTime(), limits.nonces());
    var market = new MarketService(ports, threads);
    var grpc = GrpcService.builder().addService(SignedService.of(market, verifier, OPEN))
        .addService(SignedService.of(agents, verifier, OPEN)).addService(ProtoReflectionServiceV1.newInstance())
        .addService(health.getHealthService()).maxRequestMessageLength(MAX_MESSAGE_BYTES)
        .useBlockingTaskExecutor(true).build();
    // Streams live as long as they like: every call is bounded by what it waits for, not by the server.
    var server = listen(ports.config().gateway()).service(grpc).requestTimeoutMillis(0).maxRequestLength(0)
        .blockingTaskExecutor(calls, false).maxNumConnections(limits.connections())
        // Netty's default takes what is above a mebibyte, so every block, from the system anew, cleared
        .childChannelOption(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT)
        .http2InitialConnectionWindowSize(WINDOW_BYTES).http2InitialStreamWindowSize(WINDOW_BYTES)
        .pingIntervalMillis(PING_MILLIS)
        .gracefulShutdownTimeout(CLOSE_QUIET, CLOSE_TIMEOUT).build();
    var management = ports.config().management().stream()
        .map(listener -> listen(listener).service("/alive", HealthCheckService.of()).build()).toList();
    var gateway = new Gateway(named(ports.config()), new Ends(market, server, management), calls, health);
    gateway.start();
    return gateway;
  }

  private void start() {
    try {
      ends.server.start().join();
      ends.management.forEach(listener -> listener.start().join());
      health.setStatus("", ServingStatus.SERVING);
    } catch (CompletionException e) {
      close();
      throw new GatewayUnavailableException(listeners, e.getCause() == null ? e : e.getCause());
    }
  }

  /// Every listener by name and address: a port in use is one of these.
  private static String named(NodeConfig config) {
    return Stream.concat(Stream.of("gateway.port " + config.gateway().port()),
        config.management().stream().map(listener -> "management.port " + listener.port()))
        .collect(Collectors.joining(" or "));
  }

  private static ServerBuilder listen(NodeConfig.Listener listener) {
    var address = new InetSocketAddress(listener.host(), listener.port());
    var builder = Server.builder().meterRegistry(new CompositeMeterRegistry());
    if (listener.tls().isEmpty()) {
      return builder.port(address, SessionProtocol.HTTP);
    }
    var tls = listener.tls().getFirst();
    return builder.port(address, SessionProtocol.HTTPS).tls(TlsKeyPair.of(tls.key().toFile(), tls.cert().toFile()));
  }

  /// Where it listens, as bound.
  public InetSocketAddress address() {
    return ends.server.activePorts().values().stream().findFirst().orElseThrow().localAddress();
  }

  @Override public void close() {
    health.enterTerminalState();
    ends.market.close();
    ends.management.forEach(listener -> listener.stop().join());
    ends.server.stop().join();
    calls.shutdownNow();
  }
}
