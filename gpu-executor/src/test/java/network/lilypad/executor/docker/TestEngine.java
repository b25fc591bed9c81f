package network.lilypad.executor.docker;

import static network.lilypad.executor.Eventually.eventually;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.async.ResultCallback;
import com.github.dockerjava.api.model.Event;
import com.github.dockerjava.core.DefaultDockerClientConfig;
import com.github.dockerjava.core.DockerClientImpl;
import com.github.dockerjava.zerodep.ZerodepDockerHttpClient;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import network.lilypad.executor.ExecutorUnavailableException;
import network.lilypad.executor.Guests;
import network.lilypad.protocol.value.Bytes32;
import network.lilypad.protocol.value.DealId;
import network.lilypad.protocol.value.Engine;
import network.lilypad.protocol.value.JobSpec;

/// An engine with an image of the shell guests, made of the host's static busybox: no registry, no network.
public final class TestEngine {
  private static final Map<URI, TestEngine> ENGINES = new HashMap<>();

  private final DockerClient client;
  private final Bytes32 image;

  private TestEngine(URI engine) {
    var config = DefaultDockerClientConfig.createDefaultConfigBuilder().withDockerHost(engine.toString())
        .withDockerTlsVerify(false).build();
    this.client = DockerClientImpl.getInstance(config,
        new ZerodepDockerHttpClient.Builder().dockerHost(engine).build());
    try (var probe = new EngineClient(engine)) {
      var answer = eventually(() -> answer(probe), fault -> fault.isEmpty());
      answer.ifPresent(e -> {
        throw new IllegalStateException("these tests need a container engine at " + engine
            + ", and none answers. Next: run deploy/verify.sh as root, which installs and starts one, or start yours."
            + " Cause: " + e.getMessage(), e);
      });
    }
    this.image = load(ShellImage.of(""));
  }

  private static Optional<ExecutorUnavailableException> answer(EngineClient engine) {
    try {
      engine.version();
      return Optional.empty();
    } catch (ExecutorUnavailableException e) {
      return Optional.of(e);
    }
  }

  /// The engine of this machine.
  public static TestEngine shared() {
    return at(socketOf());
  }

  /// Where the engine of this machine listens.
  public static URI socketOf() {
    return DockerSetting.of("test").engine();
  }

  /// An engine that listens at a socket.
  public static synchronized TestEngine at(URI engine) {
    return ENGINES.computeIfAbsent(engine, TestEngine::new);
  }

  DockerClient client() {
    return client;
  }

  /// The id of the image of the guests.
  public Bytes32 image() {
    return image;
  }

  /// Loads an image, which stays: it is the same one in every build.
  public Bytes32 load(ShellImage made) {
    client.loadImageCmd(new ByteArrayInputStream(made.archive())).exec();
    return made.id();
  }

  /// Loads an image under a name, which it takes from whatever had it: for an engine of the test's own.
  public Bytes32 load(ShellImage made, String name) {
    client.loadImageCmd(new ByteArrayInputStream(made.archive(name))).exec();
    return made.id();
  }

  /// Takes a name away, and with its last name the image.
  public void remove(String name) {
    client.removeImageCmd(name).withForce(true).exec();
  }

  /// Removes all that an executor has left, for the test that comes next.
  void clear(String owner) {
    try (var engine = new EngineClient(socketOf())) {
      engine.containers(Map.of(ContainerPlan.OWNER, owner)).forEach(left -> engine.remove(left.getId()));
    }
    client.listNetworksCmd().withNameFilter("lilypad-" + owner).exec()
        .forEach(left -> client.removeNetworkCmd(left.getId()).exec());
  }

  /// Whether a container was made for a deal, as far as the engine remembers: some hundred events.
  public boolean made(DealId deal) throws InterruptedException {
    var seen = new AtomicBoolean();
    remembered(Map.of(ContainerPlan.DEAL, deal.toString()), "create", _ -> seen.set(true));
    return seen.get();
  }

  private void remembered(Map<String, String> labels, String action, Consumer<Event> told)
      throws InterruptedException {
    var millis = System.currentTimeMillis();
    client.eventsCmd().withLabelFilter(labels).withEventFilter(action).withSince("1")
        .withUntil("%d.%03d000000".formatted(millis / 1000, millis % 1000)).exec(new ResultCallback.Adapter<Event>() {
          @Override public void onNext(Event event) {
            told.accept(event);
          }
        }).awaitCompletion();
  }

  /// The numbers of the signals that an owner's containers got, as far as the engine remembers.
  Set<String> signals(String owner) throws InterruptedException {
    var signals = ConcurrentHashMap.<String>newKeySet();
    remembered(Map.of(ContainerPlan.OWNER, owner), "kill",
        event -> signals.add(event.getActor().getAttributes().getOrDefault("signal", "unknown")));
    return signals;
  }

  /// The shell guests.
  Guests guests(Path home, int attempt) {
    return new Guests(home, attempt, (guest, directory, arguments, environment, outputs) -> {
      var command = new ArrayList<>(List.of("/guests/" + guest));
      command.addAll(arguments);
      return new JobSpec("guest", "", Engine.DOCKER, image, "", command, environment, outputs);
    });
  }
}
