package network.lilypad.executor.docker;

import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.model.Container;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import network.lilypad.executor.Execution;
import network.lilypad.executor.Executor;
import network.lilypad.executor.ExecutorUnavailableException;
import network.lilypad.executor.RunDirectory;
import network.lilypad.executor.Sink;
import network.lilypad.executor.Task;
import network.lilypad.executor.egress.Egress;
import network.lilypad.executor.gpu.GpuFiles;
import network.lilypad.executor.gpu.GpuUnavailableException;
import network.lilypad.protocol.Defect;
import network.lilypad.protocol.value.DealId;
import network.lilypad.protocol.value.Engine;
import network.lilypad.protocol.value.NetworkPolicy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Runs containers with an engine of this machine. See `gpu-executor/README.md` for what is enforced how.
///
/// Containers carry labels of their owner and their deal: those that outlive the agent are found again, and nobody
/// else's are ever touched.
public final class DockerExecutor implements Executor, AutoCloseable {
  /// What the engine calls a container that stands still.
  private static final String PAUSED = "paused";
  private static final String EXITED = "exited";
  /// Images are kept for days.
  private static final Duration TIDY_EVERY = Duration.ofHours(1);
  private static final Logger LOG = LoggerFactory.getLogger(DockerExecutor.class);

  private final DockerSetting setting;
  private final InstantSource clock;
  private final EngineClient engine;
  private final ImageShelf shelf;
  private final Images images;
  private final Networks networks;
  /// Deals whose container may live although nothing here runs it: this agent lost sight of it.
  private final Set<DealId> lost = ConcurrentHashMap.newKeySet();
  private final Set<DockerRun> live = ConcurrentHashMap.newKeySet();
  private final Aside aside = new Aside();
  private final Ahead ahead = new Ahead(aside::of);
  private volatile boolean looked;
  /// What the engine can enforce; empty until it has been asked since it answered for the first time.
  private volatile Optional<Limits> limits = Optional.empty();
  private volatile Instant tidied = Instant.EPOCH;

  private record Limits(Optional<String> obstacle, String note) {}

  private DockerExecutor(DockerSetting setting, InstantSource clock) {
    this.setting = setting;
    this.clock = clock;
    this.engine = new EngineClient(setting.engine());
    this.shelf = ImageShelf.of(engine, setting.images(), clock);
    this.images = new Images(engine, Logins.of(setting.credentials()), shelf);
    this.networks = new Networks(engine, setting.owner(), Egress.of(setting.egress()));
  }

  /// An executor, whether or not its engine answers now.
  ///
  /// @param clock the time that usage is told in
  public static DockerExecutor of(DockerSetting setting, InstantSource clock) {
    return new DockerExecutor(setting, clock);
  }

  @Override public Engine engine() {
    return Engine.DOCKER;
  }

  @Override public Probe probe() {
    try {
      var version = engine.version();
      // another thread that gets no answer forgets them meanwhile
      var told = limits.orElseGet(() -> limits(version));
      limits = Optional.of(told);
      tidyImages();
      return told.obstacle.map(why -> new Probe(false, version + ": " + why))
          .orElseGet(() -> new Probe(true, version + told.note));
    } catch (ExecutorUnavailableException | DockerException e) {
      limits = Optional.empty();
      return new Probe(false, setting.engine() + ": " + Refusal.words(e));
    }
  }

  private Limits limits(String version) {
    var info = engine.infoNow();
    var obstacle = EngineLimits.obstacle(info);
    obstacle.ifPresent(why -> LOG.warn("containers are not offered: {}: {}", version, why));
    return new Limits(obstacle, EngineLimits.note(info));
  }

  private void tidyImages() {
    var now = clock.instant();
    if (now.isAfter(tidied.plus(TIDY_EVERY))) {
      tidied = now;
      Thread.ofPlatform().daemon().name("docker-images").start(shelf::tidy);
    }
  }

  /// Why an engine that answers cannot hold containers to what jobs have rented, and what its owner may do; empty if it
  /// can, or does not answer.
  public Optional<String> unlimited() {
    probe();
    return limits.flatMap(Limits::obstacle);
  }

  @Override public Execution start(Task task, Sink sink) {
    Defect.unless(task.spec().engine() == Engine.DOCKER, "engine: " + task.spec().engine() + " (expected: DOCKER)");
    checkNetwork(task);
    try {
      var made = ahead.take(task.deal());
      aside.settle(task.deal());
      makeFolders(task);
      return watched(DockerRun.start(run(task, made, () -> networks.open(task)), task, sink), task);
    } catch (IOException e) {
      throw new ExecutorUnavailableException("disk: " + e, e);
    }
  }

  /// Both sides must want a network: the job, or it would not be granted one, and the machine's owner.
  private void checkNetwork(Task task) {
    var asked = task.grant().network();
    if (asked.number() > setting.network().number()) {
      throw ExecutorUnavailableException
          .forGood("network: " + asked + " (expected: at most " + setting.network() + ", which this machine allows)");
    }
    if (asked == NetworkPolicy.HTTP) {
      httpObstacle().ifPresent(why -> {
        throw ExecutorUnavailableException.forGood("network: HTTP: " + why);
      });
    }
  }

  /// Why no job can be given network `http` here, and what the machine's owner may do; empty if it can.
  public static Optional<String> httpObstacle() {
    return Egress.obstacle();
  }

  /// A container whose shape is known: its GPUs and its way out are not before it is run.
  @Override public void prepare(Task task) {
    if (task.grant().resources().gpus() > 0 || task.grant().network() != NetworkPolicy.NONE) {
      return;
    }
    try {
      makeFolders(task);
      ahead.make(task.deal(), () -> images.here(task.spec()).map(image -> create(task, image)));
    } catch (IOException e) {
      throw new ExecutorUnavailableException("disk: " + e, e);
    }
  }

  private String create(Task task, Images.Image image) {
    try {
      var plan = plan(task);
      return engine.create(image.reference(), ContainerPlan.name(setting.owner(), task.deal()),
          command -> plan.apply(command, task, image, RunNetwork.NONE));
    } catch (IOException e) {
      throw new ExecutorUnavailableException("disk: " + e, e);
    }
  }

  private static void makeFolders(Task task) throws IOException {
    var directory = task.directory();
    directory.prepare();
    // What programs leave is closed to other users of this machine, and open to whatever user the program is.
    Files.setPosixFilePermissions(directory.home(), PosixFilePermissions.fromString("rwx------"));
    Files.createDirectories(ContainerPlan.inputs(directory));
    ReadableTree.of(ContainerPlan.inputs(directory));
    for (var folder : ContainerPlan.outputs(task).values()) {
      Files.createDirectories(folder);
      Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
    }
  }

  private DockerRun.Setting run(Task task, Optional<String> made, Supplier<RunNetwork> network) throws IOException {
    return new DockerRun.Setting(engine, images, plan(task), made, network, clock, aside.of(task.deal()));
  }

  private ContainerPlan plan(Task task) throws IOException {
    return new ContainerPlan(setting.owner(), user(task.directory()), handover(task.grant().gpus()));
  }

  private static GpuFiles.Handover handover(List<String> gpus) {
    try {
      return GpuFiles.MACHINE.handover(gpus);
    } catch (GpuUnavailableException e) {
      throw ExecutorUnavailableException.forGood("no GPU " + gpus + ": " + e.getMessage());
    }
  }

  /// An agent without root runs programs as itself, so that it can read and remove what they leave; an engine without
  /// root does that by itself.
  private String user(RunDirectory directory) throws IOException {
    var uid = (Integer) Files.getAttribute(directory.home(), "unix:uid");
    var gid = (Integer) Files.getAttribute(directory.home(), "unix:gid");
    return uid == 0 || engine.rootless() ? "" : uid + ":" + gid;
  }

  private Execution watched(DockerRun run, Task task) {
    live.add(run);
    run.whenOver(result -> {
      live.remove(run);
      if (result) {
        lost.remove(task.deal());
      } else {
        lost.add(task.deal());
      }
    });
    return run;
  }

  @Override public Optional<Execution> adopt(Task task, Sink sink) {
    if (!looked) {
      var found = new HashSet<>(survivors());
      found.removeAll(ahead.deals());
      lost.addAll(found);
      looked = true;
    }
    if (!lost.contains(task.deal())) {
      return Optional.empty();
    }
    var adopted = answered(() -> container(task.deal()).filter(found -> adoptable(found, task))
        .flatMap(found -> network(found, task).map(network -> adopt(task, sink, found, network))));
    if (adopted.isEmpty()) {
      discard(task.deal());
    }
    return adopted;
  }

  /// What a survivor reaches; empty if its way out cannot be opened again.
  private Optional<RunNetwork> network(Container found, Task task) {
    try {
      return Optional.of(networks.reopen(task, engine.pid(found.getId())));
    } catch (ExecutorUnavailableException e) {
      LOG.warn("deal {} is run again: {}", task.deal(), e.getMessage());
      return Optional.empty();
    }
  }

  private Execution adopt(Task task, Sink sink, Container found, RunNetwork network) {
    try {
      var survivor = new DockerRun.Survivor(found.getId(), resumed(task, found), over(found));
      return watched(DockerRun.adopt(run(task, Optional.empty(), () -> network), task, sink, survivor), task);
    } catch (IOException e) {
      throw new ExecutorUnavailableException("disk: " + e, e);
    }
  }

  /// Lets a container go on that an agent which was stopped in order has left standing still. Its time did not run
  /// meanwhile.
  ///
  /// @return when it began, as if it had never stood still
  private Instant resumed(Task task, Container found) throws IOException {
    var directory = task.directory();
    var begun = Instant.parse(Files.readString(directory.begun()));
    boolean still = PAUSED.equals(engine.state(found.getId()).getStatus());
    if (still && Files.exists(directory.paused())) {
      var since = Instant.parse(Files.readString(directory.paused()));
      begun = begun.plus(Duration.between(since, clock.instant()));
      Files.writeString(directory.begun(), begun.toString());
    }
    Files.deleteIfExists(directory.paused());
    if (still) {
      engine.unpause(found.getId());
    }
    return begun;
  }

  /// When a container ended that nobody looked at: neither its time nor what is paid for it went on after that.
  private Optional<Instant> over(Container found) {
    var state = engine.state(found.getId());
    var now = clock.instant();
    return EXITED.equals(state.getStatus())
        ? Optional.ofNullable(state.getFinishedAt()).map(Instant::parse).filter(now::isAfter).or(() -> Optional.of(now))
        : Optional.empty();
  }

  /// One that ended while nobody looked counts only if the engine saw the end, and it was the program's own; else the
  /// program is run again. While nobody looked there was no way out either: a program that failed then may have failed
  /// for that.
  private boolean adoptable(Container found, Task task) {
    var directory = task.directory();
    boolean whole = Files.isRegularFile(directory.begun()) && Files.isDirectory(directory.outputs())
        && !Files.exists(directory.exitCode())
        && Files.isRegularFile(directory.stream(Sink.Stream.STDOUT));
    // the engine's list may be behind a start for a moment
    return whole && switch (String.valueOf(engine.state(found.getId()).getStatus())) {
      case "running", PAUSED -> true;
      case EXITED -> engine.endedByItself(found.getId())
          && (task.grant().network() != NetworkPolicy.HTTP || engine.exitCode(found.getId()) == 0);
      default -> false;
    };
  }

  private Optional<Container> container(DealId deal) {
    return engine.containers(ContainerPlan.labels(setting.owner(), deal)).stream()
        .filter(found -> !found.getLabels().containsKey(ContainerPlan.ROLE)).findFirst();
  }

  @Override public Set<DealId> survivors() {
    aside.settle();
    return answered(() -> engine.containers(Map.of(ContainerPlan.OWNER, setting.owner()))).stream()
        .map(found -> DealId.parse(found.getLabels().getOrDefault(ContainerPlan.DEAL, ""))).collect(Collectors.toSet());
  }

  @Override public void discard(DealId deal) {
    ahead.take(deal);
    aside.settle(deal);
    answered(() -> {
      engine.containers(ContainerPlan.labels(setting.owner(), deal)).forEach(found -> engine.remove(found.getId()));
      return deal;
    });
    lost.remove(deal);
  }

  private static <T> T answered(Supplier<T> call) {
    try {
      return call.get();
    } catch (DockerException e) {
      throw new ExecutorUnavailableException("docker: " + Refusal.words(e), e);
    }
  }

  @Override public void prefetch(String image) {
    answered(() -> images.prefetch(image));
  }

  /// Removes what has ended or has not begun, and ends the connections to the engine. Containers that run stand still
  /// until the next executor adopts or discards them: whoever does not want that cancels them first.
  @Override public void close() {
    live.forEach(DockerRun::letGo);
    try {
      ahead.deals().forEach(this::discard);
    } catch (ExecutorUnavailableException e) {
      LOG.warn("containers that were not started are left behind: {}", e.getMessage());
    }
    if (!aside.settle()) {
      LOG.warn("containers that have ended are left behind: {} does not answer", setting.engine());
    }
    networks.close();
    engine.close();
  }
}
