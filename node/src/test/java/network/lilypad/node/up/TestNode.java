package network.lilypad.node.up;

import com.google.protobuf.ByteString;
import com.typesafe.config.ConfigFactory;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import network.lilypad.node.auth.RequestSigner;
import network.lilypad.node.config.ConfigReader;
import network.lilypad.node.config.NodeConfig;
import network.lilypad.node.gateway.ApiWire;
import network.lilypad.protocol.content.TreeLimits;
import network.lilypad.protocol.content.UnixFsWriter;
import network.lilypad.protocol.proto.v1.AgentsGrpc;
import network.lilypad.protocol.proto.v1.BlobChunk;
import network.lilypad.protocol.proto.v1.FaucetRequest;
import network.lilypad.protocol.proto.v1.MarketGrpc;
import network.lilypad.protocol.proto.v1.PutBlobReply;
import network.lilypad.protocol.sign.Signatures;
import network.lilypad.protocol.sign.Wallet;
import network.lilypad.protocol.value.Address;
import network.lilypad.protocol.value.Bytes32;
import network.lilypad.protocol.value.Engine;
import network.lilypad.protocol.value.JobOffer;
import network.lilypad.protocol.value.JobSpec;
import network.lilypad.protocol.value.Keccak256;
import network.lilypad.protocol.value.Lp;
import network.lilypad.protocol.value.NetworkPolicy;
import network.lilypad.protocol.value.ResourceOffer;
import network.lilypad.protocol.value.Resources;
import network.lilypad.protocol.value.Signed;
import network.lilypad.protocol.value.Verification;
import network.lilypad.protocol.value.Work;
import network.lilypad.protocol.wire.JobSpecWire;
import org.jspecify.annotations.Nullable;

/// A real node in a temporary directory, spoken to over real gRPC, and what creators and providers need to speak.
public final class TestNode implements AutoCloseable {
  /// What every program of the tests consists of.
  public static final byte[] PROGRAM = "not really a module".getBytes(StandardCharsets.UTF_8);

  private final Path directory;
  private final Map<String, Object> settings;
  private @Nullable Node node;
  private @Nullable NodeFacts facts;
  private final List<ManagedChannel> channels = new ArrayList<>();
  private long nonce = System.nanoTime();

  private TestNode(Path directory, Map<String, Object> settings) {
    this.directory = directory;
    this.settings = settings;
  }

  /// Starts a node.
  ///
  /// @param settings keys below `lilypad` that differ from the defaults
  public static TestNode start(Path directory, Map<String, Object> settings) {
    var test = new TestNode(directory, new HashMap<>(settings));
    test.begin();
    return test;
  }

  private void begin() {
    var given = new HashMap<String, Object>(Map.of("lilypad.data-dir", directory.toString(), "lilypad.gateway.port", 0,
        "lilypad.management.enabled", false, "lilypad.gateway.ask-timeout", "60s"));
    settings.forEach((key, value) -> given.put("lilypad." + key, value));
    node = Node.start(config(given), started -> facts = started);
  }

  private static NodeConfig config(Map<String, Object> given) {
    return ConfigReader.of(ConfigFactory.parseMap(given)).read();
  }

  /// Stops the node and starts it again on the same directory.
  public void restart() {
    close();
    begin();
  }

  public NodeFacts facts() {
    return present(facts);
  }

  public Signatures signatures() {
    return new Signatures(facts().domain());
  }

  public static long now() {
    return System.currentTimeMillis() / 1000;
  }

  /// A channel without signatures.
  public ManagedChannel channel() {
    var channel = NettyChannelBuilder.forAddress(facts().gateway()).usePlaintext()
        .maxInboundMessageSize(4 << 20).build();
    channels.add(channel);
    return channel;
  }

  public MarketGrpc.MarketBlockingStub market(Wallet wallet) {
    return MarketGrpc.newBlockingStub(channel()).withInterceptors(signer(wallet));
  }

  public MarketGrpc.MarketStub marketAsync(Wallet wallet) {
    return MarketGrpc.newStub(channel()).withInterceptors(signer(wallet));
  }

  public AgentsGrpc.AgentsStub agents(Wallet wallet) {
    return AgentsGrpc.newStub(channel()).withInterceptors(signer(wallet));
  }

  public static RequestSigner signer(Wallet wallet) {
    return new RequestSigner(wallet, TestNode::now, new SecureRandom());
  }

  public static Wallet wallet(String name) {
    return Wallet.of(Keccak256.hash("test wallet " + name));
  }

  /// A wallet with money.
  public Wallet funded(String name) {
    var wallet = wallet(name);
    market(wallet).faucet(FaucetRequest.newBuilder().setAmount(Lp.of(100).gwei()).setNonce(1).build());
    return wallet;
  }

  /// Stores a program; answers its digest.
  public Bytes32 put(Wallet wallet, byte[] bytes) {
    var digest = JobSpecWire.digest(ByteString.copyFrom(bytes));
    var answer = new Answer<PutBlobReply>();
    var chunks = marketAsync(wallet).putBlob(answer);
    chunks.onNext(BlobChunk.newBuilder().setDigest(ApiWire.bytes(digest)).setData(ByteString.copyFrom(bytes)).build());
    chunks.onCompleted();
    answer.get();
    return digest;
  }

  /// A spec of the test's program.
  public ByteString spec(Bytes32 image) {
    return JobSpecWire.encode(new JobSpec("test:v1", "", Engine.WASM, image, "", List.of(), new TreeMap<>(),
        new TreeMap<>()));
  }

  /// An offer for one second on one core, valid for ten minutes.
  public JobOffer offer(Address creator, ByteString spec) {
    nonce++;
    var work = new Work(Engine.WASM, JobSpecWire.digest(spec), Bytes32.ZERO, Bytes32.ZERO,
        Resources.cpu(1000, 64, 64), 60, NetworkPolicy.NONE, Bytes32.ZERO, Bytes32.ZERO);
    return new JobOffer(creator, Address.ZERO, facts().solver(), facts().market(), Address.ZERO, Bytes32.ZERO, work,
        Lp.of(1), Lp.ZERO, Lp.ZERO, Verification.NONE, 2, 3600, now() + 600, now() + 7200, nonce & Long.MAX_VALUE,
        Bytes32.ZERO);
  }

  public <T extends network.lilypad.protocol.value.Signable> Signed<T> sign(Wallet wallet, T word) {
    return wallet.sign(facts().domain(), word);
  }

  /// A machine of two cores.
  public ResourceOffer machine(Wallet provider, String name) {
    return new ResourceOffer(provider.address(), provider.address(), facts().solver(), facts().market(),
        Keccak256.hash(name), 1, List.of(), Resources.cpu(2000, 1024, 1024), Lp.of(1), Lp.parse("0.001"), Lp.of(10),
        86_400, now() + 86_400, Bytes32.ZERO);
  }

  /// A folder as blocks for a stream.
  public static Bytes32 blocks(Path folder, network.lilypad.protocol.content.BlockSink sink) throws IOException {
    return new UnixFsWriter(sink, new TreeLimits(1 << 24, 1000)).writeDirectory(folder).digest();
  }

  /// A result folder.
  public static Path result(Path folder, String stdout) throws IOException {
    Files.createDirectories(folder.resolve("outputs"));
    Files.writeString(folder.resolve("stdout"), stdout);
    Files.writeString(folder.resolve("stderr"), "");
    Files.writeString(folder.resolve("exitCode"), "0");
    return folder;
  }

  /// Stops the node while people are connected.
  public void stop() {
    present(node).close();
  }

  @Override public void close() {
    channels.forEach(ManagedChannel::shutdownNow);
    channels.clear();
    present(node).close();
  }

  private static <T> T present(@Nullable T value) {
    if (value == null) {
      throw new IllegalStateException("the node has not started");
    }
    return value;
  }

  /// The one answer of a call.
  public static final class Answer<T> implements StreamObserver<T> {
    private final CompletableFuture<T> answer = new CompletableFuture<>();

    @Override public void onNext(T value) {
      answer.complete(value);
    }

    @Override public void onError(Throwable failure) {
      answer.completeExceptionally(failure);
    }

    @Override public void onCompleted() {
      answer.completeExceptionally(new IllegalStateException("no answer"));
    }

    /// Waits for it.
    public T get() {
      return answer.orTimeout(60, TimeUnit.SECONDS).join();
    }
  }
}
