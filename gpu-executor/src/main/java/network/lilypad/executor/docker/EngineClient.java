package network.lilypad.executor.docker;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.async.ResultCallback;
import com.github.dockerjava.api.command.CreateContainerCmd;
import com.github.dockerjava.api.command.InspectContainerResponse;
import com.github.dockerjava.api.command.InspectImageResponse;
import com.github.dockerjava.api.command.WaitContainerResultCallback;
import com.github.dockerjava.api.exception.ConflictException;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.exception.NotModifiedException;
import com.github.dockerjava.api.model.AuthConfig;
import com.github.dockerjava.api.model.Container;
import com.github.dockerjava.api.model.Event;
import com.github.dockerjava.api.model.Frame;
import com.github.dockerjava.api.model.Info;
import com.github.dockerjava.api.model.PullResponseItem;
import com.github.dockerjava.core.DefaultDockerClientConfig;
import com.github.dockerjava.core.DockerClientImpl;
import com.github.dockerjava.zerodep.ZerodepDockerHttpClient;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import network.lilypad.executor.ExecutorUnavailableException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The engine, call by call. Methods block. What the engine refuses comes as [DockerException]; an engine that does not
/// answer is an [ExecutorUnavailableException]. Thread-safe.
final class EngineClient implements AutoCloseable {
  /// Starting a container takes a second on a busy machine; an engine that needs longer than this hangs.
  private static final Duration ANSWER_MAX = Duration.ofMinutes(2);
  /// Whether an engine is there is known at once.
  private static final Duration PROBE_MAX = Duration.ofSeconds(3);
  /// Three for each of the most runs an agent has, and some.
  private static final int CONNECTIONS_MAX = 1024;
  private static final int KILLS_MAX = 20;
  /// Two minutes, as long as an engine has for an answer: a disk that others use, too, removes slowly.
  private static final int REMOVALS_MAX = 480;
  private static final long PAUSE_MILLIS = 250;

  private static final Logger LOG = LoggerFactory.getLogger(EngineClient.class);

  private final DockerClient probes;
  private final DockerClient calls;
  private final DockerClient streams;

  EngineClient(URI engine) {
    this.probes = client(engine, Optional.of(PROBE_MAX));
    this.calls = client(engine, Optional.of(ANSWER_MAX));
    this.streams = client(engine, Optional.empty());
  }

  private static DockerClient client(URI engine, Optional<Duration> answer) {
    var config = DefaultDockerClientConfig.createDefaultConfigBuilder().withDockerHost(engine.toString())
        .withDockerTlsVerify(false).build();
    var http = new ZerodepDockerHttpClient.Builder().dockerHost(engine).maxConnections(CONNECTIONS_MAX)
        .connectionTimeout(PROBE_MAX);
    answer.ifPresent(http::responseTimeout);
    return DockerClientImpl.getInstance(config, http.build());
  }

  /// Name and version of the engine.
  String version() {
    return answered("version", () -> {
      var version = probes.versionCmd().exec();
      return "docker " + version.getVersion() + ", API " + version.getApiVersion();
    });
  }

  /// What the engine says of itself.
  Info info() {
    return answered("info", () -> calls.infoCmd().exec());
  }

  /// The same, for whoever only wants to know whether it is there.
  Info infoNow() {
    return answered("info", () -> probes.infoCmd().exec());
  }

  /// Whether the engine runs without root itself.
  boolean rootless() {
    return answered("info", () -> Optional.ofNullable(calls.infoCmd().exec().getSecurityOptions()).orElse(List.of())
        .stream().anyMatch(option -> option.contains("rootless")));
  }

  Optional<InspectImageResponse> image(String reference) {
    return answered("inspect image", () -> {
      try {
        return Optional.of(calls.inspectImageCmd(reference).exec());
      } catch (NotFoundException _) {
        return Optional.empty();
      }
    });
  }

  /// Takes a name away from an image, and with its last name the image.
  ///
  /// @throws ConflictException if a container has it
  /// @throws NotFoundException if it is not there
  void removeImage(String reference) {
    answered("remove image", () -> calls.removeImageCmd(reference).exec());
  }

  /// Pulls an image until the callback has completed.
  void pull(String reference, Optional<AuthConfig> login, ResultCallback<PullResponseItem> told) {
    answered("pull", () -> {
      var pull = streams.pullImageCmd(reference);
      // The client's own look into the configuration is of no use: ours is read at each pull.
      pull.withAuthConfig(login.orElseGet(AuthConfig::new));
      return pull.exec(told);
    });
  }

  /// The kind of machine, as engines name it: `amd64`, `arm64`.
  String architecture() {
    return answered("version", () -> String.valueOf(calls.versionCmd().exec().getArch()));
  }

  /// Loads the images of an archive, under the names it gives them.
  void load(byte[] archive) {
    answered("load", () -> calls.loadImageCmd(new ByteArrayInputStream(archive)).exec());
  }

  /// The driver's options of a network; empty if there is none of this name.
  Optional<Map<String, String>> network(String name) {
    return answered("list networks", () -> calls.listNetworksCmd().withNameFilter(name).exec().stream()
        .filter(found -> name.equals(found.getName())).findFirst()
        .map(found -> Optional.ofNullable(found.getOptions()).orElse(Map.of())));
  }

  /// Makes a bridge, unless somebody just has.
  void createNetwork(String name, Map<String, String> labels, Map<String, String> options) {
    answered("create network", () -> {
      try {
        return calls.createNetworkCmd().withName(name).withDriver("bridge").withCheckDuplicate(true).withLabels(labels)
            .withOptions(options).exec();
      } catch (ConflictException _) {
        return null;
      }
    });
  }

  /// Removes a network. Nothing happens if it is not there.
  void removeNetwork(String name) {
    answered("remove network", () -> {
      try {
        return calls.removeNetworkCmd(name).exec();
      } catch (NotFoundException _) {
        return null;
      }
    });
  }

  /// Makes a container.
  ///
  /// @throws ConflictException if there is one of the same name
  String create(String image, String name, UnaryOperator<CreateContainerCmd> plan) {
    return answered("create", () -> plan.apply(calls.createContainerCmd(image).withName(name)).exec().getId());
  }

  /// Makes a container; one of the same name that an earlier try has left is removed.
  String replace(String image, String name, UnaryOperator<CreateContainerCmd> plan) {
    try {
      return create(image, name, plan);
    } catch (ConflictException _) {
      remove(name);
      return create(image, name, plan);
    }
  }

  void start(String container) {
    answered("start", () -> calls.startContainerCmd(container).exec());
  }

  /// Follows the output of a container that has not been started yet.
  ///
  /// @param told hears nothing of a refusal: that is thrown
  void attach(String container, ResultCallback<Frame> told) {
    answered("attach", () -> streams.attachContainerCmd(container).withStdOut(true).withStdErr(true)
        .withFollowStream(true).exec(new Beginning<>(told)).begun());
  }

  /// Follows the output of a container from its beginning.
  ///
  /// @param told hears nothing of a refusal: that is thrown
  void logs(String container, ResultCallback<Frame> told) {
    answered("logs", () -> streams.logContainerCmd(container).withStdOut(true).withStdErr(true)
        .withFollowStream(true).withTailAll().exec(new Beginning<>(told)).begun());
  }

  /// Makes a container that runs stand still: it takes no processor time and writes nothing.
  void pause(String container) {
    answered("pause", () -> calls.pauseContainerCmd(container).exec());
  }

  /// Lets a container that stands still go on.
  void unpause(String container) {
    answered("unpause", () -> calls.unpauseContainerCmd(container).exec());
  }

  /// Waits for the end of a container that has been started.
  int await(String container) {
    return answered("wait",
        () -> streams.waitContainerCmd(container).exec(new WaitContainerResultCallback()).awaitStatusCode());
  }

  /// A process of a container that runs, as this machine counts; 0 if none does.
  long pid(String container) {
    return Optional.ofNullable(state(container).getPidLong()).orElse(0L);
  }

  /// Whether the engine saw a container end, and nobody's wish for it.
  boolean endedByItself(String container) {
    var told = ending(container);
    return told.contains("die") && !told.contains(DockerRun.KILL);
  }

  /// What a container that has ended gave.
  long exitCode(String container) {
    return Optional.ofNullable(state(container).getExitCodeLong()).orElse(-1L);
  }

  InspectContainerResponse.ContainerState state(String container) {
    return answered("inspect", () -> calls.inspectContainerCmd(container).exec().getState());
  }

  /// Kills a container; repeats it while the engine does not answer. What does not run any more is left alone.
  void kill(String container) {
    for (int i = 0; i < KILLS_MAX; i++) {
      try {
        unthrottle(container);
        answered("kill", () -> calls.killContainerCmd(container).withSignal("SIGKILL").exec());
        return;
      } catch (NotFoundException | ConflictException | NotModifiedException _) {
        return;
      } catch (DockerException | ExecutorUnavailableException e) {
        LOG.warn("container {} is not killed yet: {}", container, Refusal.words(e));
      }
      if (!rested()) {
        return;
      }
    }
  }

  /// Processes die on their own processor time. What a crowd of them has taken in the kernel they owe to their limit,
  /// for minutes of which a killed one does not get to its end: so the limit goes first.
  private void unthrottle(String container) {
    try {
      long nanos = Runtime.getRuntime().availableProcessors() * 1_000_000_000L;
      answered("update", () -> calls.updateContainerCmd(container).withNanoCPUs(nanos).exec());
    } catch (DockerException | ExecutorUnavailableException e) {
      LOG.debug("container {} keeps its processor limit: {}", container, Refusal.words(e));
    }
  }

  private static boolean rested() {
    try {
      Thread.sleep(PAUSE_MILLIS);
      return true;
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /// What the engine remembers of a container's end: `kill` if somebody asked for it, `die` when it came, `oom` if the kernel has
  /// killed one of its processes for want of memory.
  Set<String> ending(String container) {
    return answered("events", () -> {
      var told = new Actions();
      streams.eventsCmd().withContainerFilter(container).withEventFilter("kill", "die", "oom").withSince("1")
          .withUntil(now()).exec(told);
      return told.all();
    });
  }

  /// This machine's time as the engine writes it: with an end in the past, it tells what it remembers and is done.
  private static String now() {
    long millis = System.currentTimeMillis();
    return "%d.%03d000000".formatted(millis / 1000, millis % 1000);
  }

  /// Collects what events say happened.
  private static final class Actions extends ResultCallback.Adapter<Event> {
    private final Set<String> actions = ConcurrentHashMap.newKeySet();

    @Override public void onNext(Event event) {
      actions.add(String.valueOf(event.getAction()));
    }

    Set<String> all() {
      try {
        if (!awaitCompletion(ANSWER_MAX.toSeconds(), TimeUnit.SECONDS)) {
          throw new ExecutorUnavailableException("docker: no events within " + ANSWER_MAX);
        }
        return actions;
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new ExecutorUnavailableException("docker: interrupted", e);
      }
    }
  }

  /// Removes a container with all that is its own, be it running; waits if somebody else is removing it. Nothing
  /// happens if it is not there.
  void remove(String container) {
    for (int i = 1; !removed(container, i == REMOVALS_MAX) && rested(); i++) {
      LOG.debug("container {} is being removed", container);
    }
  }

  private boolean removed(String container, boolean last) {
    return answered("remove", () -> {
      try {
        calls.removeContainerCmd(container).withForce(true).withRemoveVolumes(true).exec();
        return true;
      } catch (NotFoundException _) {
        return true;
      } catch (ConflictException going) {
        if (last) {
          throw going;
        }
        return false;
      }
    });
  }

  /// The containers with these labels, whatever their state.
  List<Container> containers(Map<String, String> labels) {
    return answered("list", () -> calls.listContainersCmd().withShowAll(true).withLabelFilter(labels).exec());
  }

  private static <T extends @Nullable Object> T answered(String what, Supplier<T> call) {
    try {
      return call.get();
    } catch (DockerException | ExecutorUnavailableException told) {
      throw told;
    } catch (RuntimeException broken) {
      throw new ExecutorUnavailableException("docker does not answer (" + what + "): " + rootMessage(broken), broken);
    }
  }

  private static String rootMessage(Throwable fault) {
    var root = fault;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return String.valueOf(root.getMessage());
  }

  @Override public void close() {
    for (var client : List.of(probes, calls, streams)) {
      try {
        client.close();
      } catch (IOException e) {
        LOG.debug("docker client: {}", e.toString());
      }
    }
  }
}
