package network.lilypad.node.agent;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import network.lilypad.executor.gpu.Gpu;
import network.lilypad.executor.gpu.GpuReading;
import network.lilypad.node.client.GatewayAddress;
import network.lilypad.node.client.LedgerClock;
import network.lilypad.node.gateway.ApiWire;
import network.lilypad.node.up.TestNode;
import network.lilypad.protocol.proto.v1.AttemptEnding;
import network.lilypad.protocol.proto.v1.GetBalanceRequest;
import network.lilypad.protocol.proto.v1.GetJobRequest;
import network.lilypad.protocol.proto.v1.Job;
import network.lilypad.protocol.proto.v1.SubmitJobRequest;
import network.lilypad.protocol.proto.v1.WatchJobRequest;
import network.lilypad.protocol.sign.Wallet;
import network.lilypad.protocol.value.Bytes32;
import network.lilypad.protocol.value.Engine;
import network.lilypad.protocol.value.GpuModel;
import network.lilypad.protocol.value.JobId;
import network.lilypad.protocol.value.JobOffer;
import network.lilypad.protocol.value.JobSpec;
import network.lilypad.protocol.value.Lp;
import network.lilypad.protocol.value.NetworkPolicy;
import network.lilypad.protocol.value.Resources;
import network.lilypad.protocol.value.Work;
import network.lilypad.protocol.wire.JobSpecWire;
import network.lilypad.protocol.wire.SignedWire;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// GPUs on their way from the driver to a job's container: a driver that a test speaks for, the real engine of this
/// machine, which has no NVIDIA runtime, a real agent and a real market.
final class GpuOfferTest {
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  @TempDir
  private Path folder;
  private final List<String> images = new ArrayList<>();
  private TestNode node;
  private Wallet creator;
  private Wallet provider;
  private ActorSystem<Void> system;

  @BeforeEach void start() {
    node = TestNode.start(folder.resolve("data"), Map.of());
    creator = node.funded("creator");
    provider = node.funded("provider");
    system = ActorSystem.create(Behaviors.empty(), "gpu-offer", ConfigFactory.parseString("""
        pekko.actor.provider = local
        pekko.loglevel = WARNING
        """).withFallback(ConfigFactory.defaultReference()));
  }

  @AfterEach void stop() throws IOException, InterruptedException {
    for (var image : images) {
      new ProcessBuilder("docker", "rmi", "-f", image).redirectOutput(ProcessBuilder.Redirect.DISCARD).start()
          .waitFor();
    }
    system.terminate();
    node.close();
  }

  private static List<GpuReading> gpus(int count) {
    return Stream.iterate(0, i -> i + 1).limit(count).map(i -> "GPU-0000000" + i).map(uuid -> GpuReading.well(
        new Gpu(uuid, uuid, Gpu.Vendor.NVIDIA, "NVIDIA H100 80GB HBM3", 81_559, "550"), GpuReading.Load.UNKNOWN))
        .toList();
  }

  /// An image of one empty file, made without a registry: what is in it never runs.
  private Bytes32 image() throws IOException, InterruptedException {
    var contents = Files.createDirectories(folder.resolve("image"));
    Files.writeString(contents.resolve("lilypad-gpu-test"), "");
    var process = new ProcessBuilder("sh", "-c",
        "tar -C " + contents + " -c lilypad-gpu-test | docker import -")
        .redirectError(ProcessBuilder.Redirect.INHERIT).start();
    var id = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    assertThat(process.waitFor()).isZero();
    images.add(id);
    return Bytes32.of(HexFormat.of().parseHex(id.substring("sha256:".length())));
  }

  private JobId submit(Bytes32 image, int gpus) {
    var spec = JobSpecWire
        .encode(new JobSpec("gpu:v1", "", Engine.DOCKER, image, "lilypad-gpu-test", List.of("/nothing"),
            new TreeMap<>(), new TreeMap<>()));
    var offer = offer(spec, gpus);
    node.market(creator).submitJob(SubmitJobRequest.newBuilder().setSpec(spec)
        .setOffer(SignedWire.toProto(node.sign(creator, offer))).build());
    return node.signatures().jobId(offer);
  }

  private JobOffer offer(ByteString spec, int gpus) {
    var o = node.offer(creator.address(), spec);
    var work = new Work(Engine.DOCKER, JobSpecWire.digest(spec), Bytes32.ZERO, Bytes32.ZERO,
        new Resources(1000, gpus, GpuModel.of("h100").digest(), 80_000, 64, 64), 60, NetworkPolicy.NONE, Bytes32.ZERO,
        Bytes32.ZERO);
    return new JobOffer(o.creator(), o.acceptor(), o.solver(), o.market(), o.target(), o.panel(), work, o.maxPrice(),
        o.maxFee(), Lp.of(1), o.verification(), 2, o.reviewSeconds(), o.validUntil(), o.deliverBy(), o.nonce(),
        o.extra());
  }

  private AgentConfig config() {
    var gateway = new GatewayAddress("127.0.0.1", node.facts().gateway().getPort(), false);
    return AgentConfig.of(gateway, folder.resolve("agent"), Resources.NONE,
        new AgentConfig.Asks(Lp.gwei(1_000_000), Lp.gwei(10_000), Lp.of(10), 3600, 86_400));
  }

  private AttemptEnding lost(JobId job) {
    var events = node.market(creator).withDeadlineAfter(PATIENCE)
        .watchJob(WatchJobRequest.newBuilder().setJob(ApiWire.bytes(job.digest())).build());
    while (events.hasNext()) {
      var event = events.next();
      if (event.hasAttemptLost()) {
        return event.getAttemptLost();
      }
    }
    throw new AssertionError("the job ended");
  }

  private Job shown(JobId job) {
    return node.market(creator).getJob(GetJobRequest.newBuilder().setJob(ApiWire.bytes(job.digest())).build());
  }

  private void assertGivenBack(JobId job, String... gpus) {
    var ending = lost(job);
    assertThat(ending.getCause()).isEqualTo("RELEASED");
    assertThat(ending.getProvider()).isEqualTo(ApiWire.bytes(provider.address()));
    assertThat(ending.getPaid()).isZero();
    Awaitility.await().atMost(PATIENCE).untilAsserted(() -> assertThat(shown(job).getHistory(0).getFailure())
        .contains("no GPU").contains(gpus).contains("could not select device driver"));
    Awaitility.await().atMost(PATIENCE).untilAsserted(() -> assertThat(
        node.market(provider).getBalance(GetBalanceRequest.getDefaultInstance()).getFree())
        .isEqualTo(Lp.of(100).gwei()));
  }

  @Test void gpus_are_offered_matched_and_assigned_by_uuid_and_new_ones_without_a_restart() throws Exception {
    // given
    var driver = new ShownGpus(gpus(2));
    var clock = new LedgerClock(InstantSource.system());
    var image = image();
    try (var engine = GpuEngine.open(system, config(), provider.address(), clock, driver.search());
        var agent = ProviderAgent.start(config(), provider, engine, clock, _ -> {})) {
      agent.listed().toCompletableFuture().get();
      // when, then
      assertGivenBack(submit(image, 2), "GPU-00000000", "GPU-00000001");
      // when
      var three = submit(image, 3);
      driver.show(gpus(3));
      // then
      assertGivenBack(three, "GPU-00000000", "GPU-00000001", "GPU-00000002");
    }
  }

  @Test void a_driver_that_is_loaded_after_the_agent_has_started_is_offered_too() throws Exception {
    // given
    var driver = new ShownGpus(List.of());
    var clock = new LedgerClock(InstantSource.system());
    try (var engine = GpuEngine.open(system, config(), provider.address(), clock, driver.search());
        var agent = ProviderAgent.start(config(), provider, engine, clock, _ -> {})) {
      agent.listed().toCompletableFuture().get();
      assertThat(engine.gpus().gpus()).isEmpty();
      var job = submit(image(), 1);
      // when
      driver.show(gpus(1));
      // then
      assertGivenBack(job, "GPU-00000000");
    }
  }
}
