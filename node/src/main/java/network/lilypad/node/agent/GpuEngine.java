package network.lilypad.node.agent;

import java.io.IOException;
import java.nio.file.Files;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import network.lilypad.executor.Execution;
import network.lilypad.executor.ExecutorUnavailableException;
import network.lilypad.executor.GpuExecutor;
import network.lilypad.executor.GpuExecutor.Accepted;
import network.lilypad.executor.GpuExecutor.Cancel;
import network.lilypad.executor.GpuExecutor.Cancelled;
import network.lilypad.executor.GpuExecutor.End;
import network.lilypad.executor.GpuExecutor.Event;
import network.lilypad.executor.GpuExecutor.Failed;
import network.lilypad.executor.GpuExecutor.Finished;
import network.lilypad.executor.GpuExecutor.Forget;
import network.lilypad.executor.GpuExecutor.Log;
import network.lilypad.executor.GpuExecutor.Progressed;
import network.lilypad.executor.GpuExecutor.Refused;
import network.lilypad.executor.GpuExecutor.Reply;
import network.lilypad.executor.GpuExecutor.Retrying;
import network.lilypad.executor.GpuExecutor.Run;
import network.lilypad.executor.GpuExecutor.Started;
import network.lilypad.executor.GpuExecutor.Stopped;
import network.lilypad.executor.RetryPolicy;
import network.lilypad.executor.RetryRule;
import network.lilypad.executor.Sink;
import network.lilypad.executor.gpu.Gpu;
import network.lilypad.executor.gpu.GpuFleet;
import network.lilypad.executor.gpu.GpuProbes;
import network.lilypad.executor.gpu.GpuSearch;
import network.lilypad.executor.Task;
import network.lilypad.node.client.LedgerClock;
import network.lilypad.protocol.value.Address;
import network.lilypad.protocol.value.DealId;
import network.lilypad.protocol.value.Engine;
import network.lilypad.protocol.value.Lease;
import network.lilypad.protocol.value.MachineId;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The machine's [GpuExecutor] actor as an agent uses it from its virtual threads.
public final class GpuEngine implements JobEngine, AutoCloseable {
  /// The actor answers at once, except that a cancel waits for its run to end, which engines do within seconds.
  private static final Duration ANSWER_MAX = Duration.ofSeconds(60);

  private static final Logger LOG = LoggerFactory.getLogger(GpuEngine.class);

  private final ActorSystem<?> system;
  private final Engines engines;
  private final Prefetch prefetch;
  private final ActorRef<GpuExecutor.Command> executor;
  private final AtomicReference<GpuFleet> gpus;
  private final int gpusFound;
  private final AtomicLong runs = new AtomicLong();

  private GpuEngine(ActorSystem<?> system, Engines engines, Prefetch prefetch, ActorRef<GpuExecutor.Command> executor,
      AtomicReference<GpuFleet> gpus, int gpusFound) {
    this.gpus = gpus;
    this.gpusFound = gpusFound;
    this.system = system;
    this.engines = engines;
    this.prefetch = prefetch;
    this.executor = executor;
  }

  /// Starts the executor of an agent's machine with the engines that work here: WebAssembly always, Docker as long as an
  /// engine answers, which may begin and end at any time.
  ///
  /// @param system hosts the actor
  /// @param config the agent's
  /// @param provider whose machine it is
  /// @param clock ledger time
  /// @throws IOException if the agent's directory cannot be used
  public static GpuEngine open(ActorSystem<?> system, AgentConfig config, Address provider, LedgerClock clock)
      throws IOException {
    return open(system, config, provider, clock, GpuProbes.search());
  }

  /// @param search how GPUs are found
  static GpuEngine open(ActorSystem<?> system, AgentConfig config, Address provider, LedgerClock clock,
      GpuSearch search) throws IOException {
    Files.createDirectories(config.directory());
    var random = new SecureRandom();
    var machine = new MachineId(provider, MachineIdentity.open(config.directory(), random).machine());
    var prefetch = new Prefetch(config.policy().upkeep().prefetch(), Prefetch.Pace.USUAL);
    var engines = Engines.open(config, machine.machine(), clock, prefetch::appeared);
    var executors = engines.executors();
    var gpus = MachineGpus.sold(search, executors.keySet(), MachineGpus.max(config));
    var fleet = new AtomicReference<>(gpus.found().fleet());
    var first = gpus.found().fleet().gpus();
    var capacity = Inventory.sold(Inventory.of(config.directory(), engines.mostMemoryMib(), first), config.offered());
    var setting = new GpuExecutor.Setting(executors,
        new network.lilypad.executor.Inventory(machine, capacity, first.stream().map(Gpu::uuid).toList()),
        retries(config.policy().upkeep(), RetryPolicy.of(random)), clock,
        new GpuExecutor.Gpus(gpus.found(), gpus.later(), fleet::set));
    var executor = system.systemActorOf(GpuExecutor.create(setting), "gpu-executor", Props.empty());
    return new GpuEngine(system, engines, prefetch, executor, fleet, first.size());
  }

  private static RetryRule retries(ProviderPolicy.Upkeep upkeep, RetryPolicy usual) {
    return job -> upkeep.retries().stream().filter(retry -> retry.modules().match(job.name(), job.source())).findFirst()
        .map(retry -> usual.withAttempts(retry.attempts())).orElse(usual);
  }

  @Override public List<Engine> engines() {
    return engines.working();
  }

  @Override public String noHttp() {
    return engines.noHttp();
  }

  /// How many GPUs were found for jobs when it was opened, whether an engine gives them out now or not.
  public int gpusFound() {
    return gpusFound;
  }

  /// What the engines say of themselves, for people.
  public List<String> descriptions() {
    return engines.descriptions();
  }

  @Override public long memoryMib() {
    return engines.memoryMib();
  }

  @Override public long memoryMib(Engine engine) {
    return engines.memoryMib(engine);
  }

  @Override public GpuFleet gpus() {
    return engines.works(Engine.DOCKER) ? Objects.requireNonNull(gpus.get()) : GpuFleet.EMPTY;
  }

  @Override public Optional<Execution.Ended> run(Task task, Lease lease, Sink sink) throws InterruptedException {
    var end = new CompletableFuture<End>();
    var subscriber = system.systemActorOf(listener(sink, end), "run-" + runs.incrementAndGet(), Props.empty());
    if (ask(replyTo -> new Run(task, lease, subscriber, replyTo)) instanceof Refused(var deal, var why)) {
      subscriber.tell(new Failed(deal, why.message()));
    }
    var ended = await(end);
    executor.tell(new Forget(task.deal()));
    return switch (ended) {
      case Finished(_, var how) -> Optional.of(how);
      case Failed(var deal, var reason) -> {
        engines.discard(deal);
        throw new ExecutorUnavailableException(reason);
      }
      case Cancelled _ -> Optional.empty();
    };
  }

  @Override public void prepare(Task task) {
    try {
      Optional.ofNullable(engines.executors().get(task.spec().engine())).ifPresent(engine -> engine.prepare(task));
    } catch (ExecutorUnavailableException e) {
      LOG.debug("deal {} is not prepared: {}", task.deal(), e.getMessage());
    }
  }

  private static Behavior<Event> listener(Sink sink, CompletableFuture<End> end) {
    return Behaviors.receiveMessage(event -> switch (event) {
      case Log log -> {
        sink.log(log.chunk());
        log.taken();
        yield Behaviors.same();
      }
      case Progressed(_, var progress) -> {
        sink.progress(progress);
        yield Behaviors.same();
      }
      case Retrying(_, var failed, _, var reason) -> {
        sink.retrying(failed, reason);
        yield Behaviors.same();
      }
      case Started _ -> Behaviors.same();
      case End last -> {
        end.complete(last);
        yield Behaviors.stopped();
      }
    });
  }

  @Override public void kill(DealId deal) throws InterruptedException {
    switch (ask(replyTo -> new Cancel(deal, replyTo))) {
      case Stopped _ -> {
        executor.tell(new Forget(deal));
        engines.discard(deal);
      }
      case Accepted _,Refused _ -> throw new ExecutorUnavailableException("deal " + deal + " does not stop");
    }
  }

  @Override public boolean outlives(Engine engine) {
    return engine == Engine.DOCKER;
  }

  @Override public void discardAllBut(Supplier<Set<DealId>> wanted) {
    var found = new HashSet<>(engines.survivors());
    found.removeAll(wanted.get());
    found.forEach(engines::discard);
  }

  private Reply ask(org.apache.pekko.japi.function.Function<ActorRef<Reply>, GpuExecutor.Command> question)
      throws InterruptedException {
    return await(AskPattern.ask(executor, question, ANSWER_MAX, system.scheduler()));
  }

  private static <T> T await(CompletionStage<T> stage) throws InterruptedException {
    try {
      return stage.toCompletableFuture().get();
    } catch (ExecutionException e) {
      throw new ExecutorUnavailableException("the executor does not answer", e);
    }
  }

  /// Runs of engines that [#outlives] names stand still until the next process; others are killed before.
  @Override public void close() {
    prefetch.close();
    engines.close();
  }
}
