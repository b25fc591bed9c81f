package network.lilypad.executor.docker;

import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.exception.NotFoundException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Supplier;
import network.lilypad.executor.Execution;
import network.lilypad.executor.ExecutorUnavailableException;
import network.lilypad.executor.Outcome;
import network.lilypad.executor.Sink;
import network.lilypad.executor.Task;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One container from its making to its removal, on a thread of its own.
///
/// An end counts only if the engine knows of nobody who asked for it: an engine that is stopped, and an owner who
/// tidies up, end containers too, and that is no end of the program's own but a fault of the machine.
final class DockerRun implements Execution {
  /// The engine's word for somebody's wish that a container ends.
  static final String KILL = "kill";
  /// Its word for a process that the kernel killed for want of memory.
  private static final String STARVED = "oom";
  /// What a shell gives for programs that their own faults end.
  private static final Map<Integer, String> TRAPS = Map.of(132, "illegal instruction", 134, "aborted", 135, "bus error",
      136, "arithmetic fault", 139, "segmentation fault");

  private static final Logger LOG = LoggerFactory.getLogger(DockerRun.class);

  /// What a run needs.
  ///
  /// @param made the container that was made for it before, if one was
  /// @param network opens what its container reaches
  /// @param aside does what the result need not wait for
  record Setting(EngineClient engine, Images images, ContainerPlan plan, Optional<String> made,
      Supplier<RunNetwork> network, InstantSource clock, Executor aside) {}

  private final Setting setting;
  private final Task task;
  private final Sink sink;
  private final Instant startedAt;
  private final Brake brake = new Brake();
  private final CompletableFuture<Ended> ended = new CompletableFuture<>();

  private DockerRun(Setting setting, Task task, Sink sink, Instant startedAt, Optional<Instant> programOver) {
    this.setting = setting;
    this.task = task;
    this.sink = sink;
    this.startedAt = startedAt;
    this.programOver = programOver;
  }

  /// What is done between the opening of the streams and the result.
  private interface Way {
    Outcome take(Streams streams, Guard guard) throws IOException;
  }

  /// Begins a run whose directory is prepared.
  static DockerRun start(Setting setting, Task task, Sink sink) throws IOException {
    var now = setting.clock().instant();
    Files.deleteIfExists(task.directory().paused());
    Files.writeString(task.directory().begun(), now.toString());
    var run = new DockerRun(setting, task, sink, now, Optional.empty());
    run.begin(run::fresh);
    return run;
  }

  /// A container that has outlived its agent.
  ///
  /// @param startedAt when it began
  /// @param endedAt when it ended, if it has
  record Survivor(String container, Instant startedAt, Optional<Instant> endedAt) {}

  /// Goes on with a run whose container lives, or ended while nobody looked.
  static DockerRun adopt(Setting setting, Task task, Sink sink, Survivor survivor) {
    var run = new DockerRun(setting, task, sink, survivor.startedAt, survivor.endedAt);
    run.begin((streams, guard) -> {
      run.runs(survivor.container);
      run.network = run.opened();
      run.setting.engine().logs(survivor.container, streams.reader());
      sink.progress(new Sink.Progress(Sink.Phase.RUNNING, 0, 0));
      return run.watched(survivor.container, streams, guard);
    });
    return run;
  }

  private void begin(Way way) {
    Thread.ofPlatform().daemon().name("docker-" + task.deal()).start(() -> live(way));
  }

  private void live(Way way) {
    try {
      ended.complete(run(way));
    } catch (Throwable failure) {
      brake.settle();
      ended.completeExceptionally(failure);
    }
  }

  private Ended run(Way way) throws IOException, InterruptedException {
    var left = task.grant().time().minus(Duration.between(startedAt, over()));
    try (var guard = Guard.start(task, brake, left); var streams = new Streams(task, sink, brake)) {
      var outcome = way.take(streams, guard);
      return conclude(outcome, streams, guard);
    } finally {
      if (!tidied) {
        network.close();
      }
    }
  }

  private Outcome fresh(Streams streams, Guard guard) {
    sink.progress(new Sink.Progress(Sink.Phase.PREPARING, 0, 0));
    Optional<String> container;
    try {
      container = setting.made().filter(made -> attached(made, streams)).or(() -> create().map(made -> {
        setting.engine().attach(made, streams.reader());
        return made;
      }));
    } catch (DockerException e) {
      return Refusal.of(e).outcome(task).orElseThrow(() -> e);
    }
    if (container.isEmpty()) {
      return unbegun();
    }
    if (brake.reason().isPresent()) {
      tidy(container.get());
      return unbegun();
    }
    var refusal = startUnlessLeft(container.get());
    if (refusal.isPresent()) {
      tidy(container.get());
      return refusal.get();
    }
    sink.progress(new Sink.Progress(Sink.Phase.RUNNING, 0, 0));
    return watched(container.get(), streams, guard);
  }

  /// Why it was ended before it began. That getting ready took all of the time there was is no doing of the program's.
  private Outcome unbegun() {
    var reason = brake.settle().orElseThrow();
    if (reason instanceof Outcome.DeadlineExceeded) {
      throw new ExecutorUnavailableException(
          "docker: the job's time, " + task.grant().time().toSeconds()
              + " s, was over before its program could be started");
    }
    return reason;
  }

  /// Whoever tidies this machine up may have removed a container that was made and not started.
  private boolean attached(String made, Streams streams) {
    try {
      setting.engine().attach(made, streams.reader());
      return true;
    } catch (NotFoundException _) {
      return false;
    }
  }

  private Optional<String> create() {
    var image = setting.images().ready(task.spec(), sink, brake);
    brake.acts(() -> {});
    if (image.isEmpty() || brake.reason().isPresent()) {
      return Optional.empty();
    }
    network = opened();
    try {
      return Optional.of(create(image.get()));
    } catch (NotFoundException _) {
      setting.images().forget(task.spec());
      return setting.images().ready(task.spec(), sink, brake).map(this::create);
    }
  }

  /// What the engine says against a network is no word about the job.
  private RunNetwork opened() {
    try {
      return setting.network().get();
    } catch (DockerException e) {
      throw new ExecutorUnavailableException("docker: " + Refusal.words(e), e);
    }
  }

  private String create(Images.Image image) {
    return setting.engine().replace(image.reference(), ContainerPlan.name(setting.plan().owner(), task.deal()),
        command -> setting.plan().apply(command, task, image, network));
  }

  private synchronized Optional<Outcome> startUnlessLeft(String container) {
    if (left) {
      throw new ExecutorUnavailableException("docker: the agent stops");
    }
    var refusal = start(container);
    running = refusal.isEmpty() ? container : "";
    return refusal;
  }

  private synchronized void runs(String container) {
    running = container;
  }

  /// @return what became of a program that cannot be started
  private Optional<Outcome> start(String container) {
    try {
      setting.engine().start(container);
      return Optional.empty();
    } catch (DockerException e) {
      var outcome = Refusal.of(e).outcome(task);
      if (outcome.isEmpty()) {
        setting.engine().remove(container);
        throw Refusal.of(e).fault(task);
      }
      return outcome;
    }
  }

  private Outcome watched(String container, Streams streams, Guard guard) {
    brake.acts(() -> setting.engine().kill(container));
    var group = ControlGroup.of(container, () -> setting.engine().pid(container));
    meter = new Meter(group);
    meter.look();
    guard.measure(meter, group);
    int code = setting.engine().await(container);
    // what the disk takes for the output, and what the engine takes to know of a kill, is no time of the program
    programOver = Optional.of(over());
    guard.close();
    runs("");
    var asked = CompletableFuture.supplyAsync(() -> setting.engine().ending(container), setting.aside());
    streams.drain();
    var outcome = brake.settle().orElseGet(() -> {
      ending = asked;
      return own(container, code);
    });
    tidy(container);
    return outcome;
  }

  /// A container that has ended takes nothing of the machine but room on the disk. One whose end is not known stays:
  /// whoever looks for it later may find its end a good one.
  private void tidy(String container) {
    tidied = true;
    var _ = ending.whenCompleteAsync((_, unknown) -> {
      if (unknown == null) {
        remove(container);
      }
      network.close();
    }, setting.aside());
  }

  /// The container that runs; empty while none does.
  private String running = "";
  private boolean left;
  private Meter meter = new Meter(ControlGroup.NONE);
  private RunNetwork network = RunNetwork.NONE;
  private boolean tidied;
  /// When the container had ended; empty if it never began, or was not waited for.
  private Optional<Instant> programOver;
  /// What the engine knows of the end, asked for beside the making of the result.
  private CompletableFuture<Set<String>> ending = CompletableFuture.completedFuture(Set.of());

  private Outcome own(String container, int code) {
    if (code == 0) {
      return new Outcome.Exited(0);
    }
    if (killedForMemory(container, code)) {
      return new Outcome.OutOfMemory(task.grant().resources().ramMib());
    }
    var trap = TRAPS.get(code);
    return trap == null ? new Outcome.Exited(code) : new Outcome.Trapped(trap, code);
  }

  private boolean killedForMemory(String container, int code) {
    return new MemoryKill(() -> Boolean.TRUE.equals(setting.engine().state(container).getOOMKilled()),
        () -> ending.exceptionally(_ -> Set.of()).getNow(Set.of()).contains(KILL),
        () -> Meter.exhausted(meter.peakBytes(), task.grant().resources().ramMib()), MemoryKill.PAUSE).happened(code);
  }

  private void remove(String container) {
    try {
      setting.engine().remove(container);
    } catch (DockerException | ExecutorUnavailableException e) {
      LOG.warn("container {} of deal {} is left behind: {}", container, task.deal(), Refusal.words(e));
    }
  }

  private Ended conclude(Outcome own, Streams streams, Guard guard) throws IOException, InterruptedException {
    guard.close();
    var directory = task.directory();
    var tree = new OutputTree(directory, ContainerPlan.outputs(task).values(), task.grant().output());
    var over = tree.settle();
    var outcome = stopped(own) ? own : over.orElse(own);
    streams.close();
    unlessKilled();
    Files.writeString(directory.stream(Sink.Stream.STDERR), tree.notes() + network.notes() + forks() + starved(outcome),
        StandardOpenOption.APPEND);
    directory.conclude(outcome);
    var usage = new Usage(startedAt, later(startedAt, over()), meter.cpu(), meter.peakBytes(),
        streams.bytes() + tree.bytes());
    return new Ended(outcome, directory.result(), usage);
  }

  private Instant over() {
    return programOver.orElseGet(setting.clock()::instant);
  }

  private String forks() {
    long refused = meter.refusedProcesses();
    return refused == 0 ? ""
        : "lilypad: processes: " + refused + " refused above " + ContainerPlan.PIDS_MAX + " at a time\n";
  }

  /// A program whose part was killed may say that all went well.
  private String starved(Outcome outcome) {
    return outcome instanceof Outcome.Exited && ending.join().contains(STARVED)
        ? "lilypad: memory: a process was killed above " + task.grant().resources().ramMib()
            + " MiB, the program went on\n"
        : "";
  }

  private void unlessKilled() throws InterruptedException {
    try {
      if (ending.get().contains(KILL)) {
        throw new ExecutorUnavailableException("docker: the container was stopped from outside");
      }
    } catch (ExecutionException failure) {
      throw fault(failure.getCause());
    }
  }

  private static boolean stopped(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Cancelled _,Outcome.DeadlineExceeded _,Outcome.OutputTooLarge _,Outcome.DiskFull _ -> true;
      case Outcome.Exited _,Outcome.OutOfMemory _,Outcome.Trapped _ -> false;
    };
  }

  /// A clock that was set back makes no negative run.
  private static Instant later(Instant one, Instant other) {
    return one.isAfter(other) ? one : other;
  }

  /// From now on nobody here ends it, and nobody minds its time and its disk: so it stands still until somebody does
  /// again.
  synchronized void letGo() {
    brake.settle();
    left = true;
    if (!running.isEmpty()) {
      try {
        Files.writeString(task.directory().paused(), setting.clock().instant().toString());
        setting.engine().pause(running);
      } catch (IOException | DockerException | ExecutorUnavailableException e) {
        LOG.warn("container {} of deal {} goes on unattended: {}", running, task.deal(), e.getMessage());
      }
    }
  }

  @Override public void cancel() {
    brake.pull(new Outcome.Cancelled());
  }

  @Override public Ended await() throws InterruptedException {
    try {
      return ended.get();
    } catch (ExecutionException failure) {
      throw fault(failure.getCause());
    }
  }

  private RuntimeException fault(@Nullable Throwable cause) {
    return switch (cause) {
      case ExecutorUnavailableException unavailable -> unavailable;
      case DockerException refused -> new ExecutorUnavailableException("docker: " + Refusal.words(refused), refused);
      case IOException disk -> new ExecutorUnavailableException("disk: " + disk, disk);
      case null, default -> new IllegalStateException("docker run of " + task.deal(), cause);
    };
  }

  /// Calls back when the run has ended, with whether there is a result.
  void whenOver(Consumer<Boolean> told) {
    var _ = ended.whenComplete((_, failure) -> told.accept(failure == null));
  }
}
