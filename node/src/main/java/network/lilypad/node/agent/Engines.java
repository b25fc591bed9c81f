package network.lilypad.node.agent;

import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import network.lilypad.executor.Executor;
import network.lilypad.executor.ExecutorUnavailableException;
import network.lilypad.executor.docker.DockerExecutor;
import network.lilypad.executor.wasm.WasmExecutor;
import network.lilypad.node.client.LedgerClock;
import network.lilypad.protocol.value.Bytes32;
import network.lilypad.protocol.value.DealId;
import network.lilypad.protocol.value.Engine;
import network.lilypad.protocol.value.NetworkPolicy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import oshi.SystemInfo;

/// The engines of one machine. Thread-safe; methods block.
final class Engines implements AutoCloseable {
  /// The share of the memory that containers do not get: the system, the engine and this agent live in it.
  private static final int RESERVED_SHARE = 8;

  private static final Logger LOG = LoggerFactory.getLogger(Engines.class);

  private final WasmExecutor wasm;
  private final Optional<Docker> docker;
  private final String noHttp;

  /// Containers, where their owner lets them be run.
  private record Docker(DockerExecutor executor, Containers engine) {}

  private Engines(WasmExecutor wasm, Optional<Docker> docker, String noHttp) {
    this.wasm = wasm;
    this.docker = docker;
    this.noHttp = noHttp;
  }

  /// @param appeared told of an engine when it begins to work, also one that did before; returns at once
  static Engines open(AgentConfig config, Bytes32 machine, LedgerClock clock, Consumer<Executor> appeared) {
    return open(config, machine, clock, appeared, System.getenv());
  }

  static Engines open(AgentConfig config, Bytes32 machine, LedgerClock clock, Consumer<Executor> appeared,
      Map<String, String> environment) {
    var wasm = WasmExecutor.of(clock);
    appeared.accept(wasm);
    var docker = mayHaveContainers(config.docker(), environment)
        ? Optional.of(docker(config, machine, clock, appeared, environment))
        : Optional.<Docker>empty();
    var noHttp = docker.flatMap(_ -> DockerExecutor.httpObstacle()).orElse("");
    if (config.policy().network() != NetworkPolicy.NONE && !noHttp.isEmpty()) {
      LOG.warn("no deal with network http is signed: {}", noHttp);
    }
    return new Engines(wasm, docker, noHttp);
  }

  private static boolean mayHaveContainers(AgentConfig.Docker docker, Map<String, String> environment) {
    var obstacle = docker.obstacle(environment);
    if (docker.enabled() && !obstacle.isEmpty()) {
      LOG.warn("{}; {}", obstacle, AgentConfig.Docker.remedy());
    }
    return docker.enabled() && obstacle.isEmpty();
  }

  private static Docker docker(AgentConfig config, Bytes32 machine, LedgerClock clock, Consumer<Executor> appeared,
      Map<String, String> environment) {
    var owner = machine.toString().substring(2);
    var executor = DockerExecutor.of(config.docker().setting(owner, config.policy().network(), environment), clock);
    return new Docker(executor, new Containers(executor, () -> appeared.accept(executor)).watched());
  }

  /// One for each engine that works here, or may later.
  Map<Engine, Executor> executors() {
    var executors = new EnumMap<Engine, Executor>(Map.of(Engine.WASM, wasm));
    docker.ifPresent(containers -> executors.put(Engine.DOCKER, containers.executor));
    return executors;
  }

  /// Whether an engine works here now.
  boolean works(Engine engine) {
    return switch (engine) {
      case WASM -> true;
      case DOCKER -> docker.filter(containers -> containers.engine.there()).isPresent();
    };
  }

  /// The engines that work here now.
  List<Engine> working() {
    return executors().keySet().stream().filter(this::works).sorted().toList();
  }

  /// Why containers cannot be let out to single hosts; empty if they can.
  String noHttp() {
    return noHttp;
  }

  List<String> descriptions() {
    return all().stream().map(executor -> executor.probe().version()).toList();
  }

  /// The memory of all jobs of an engine together, in MiB; 0 if it does not work here now.
  long memoryMib(Engine engine) {
    return works(engine) ? mostMib(engine) : 0;
  }

  private long mostMib(Engine engine) {
    return switch (engine) {
      case WASM -> wasm.heapMib();
      case DOCKER -> machineMib();
    };
  }

  /// The memory that the machine can give to jobs when all of its engines work.
  long mostMemoryMib() {
    return executors().keySet().stream().mapToLong(this::mostMib).max().orElse(0);
  }

  private static long machineMib() {
    long total = new SystemInfo().getHardware().getMemory().getTotal() >> 20;
    return total - total / RESERVED_SHARE;
  }

  /// The memory that the machine can give now to jobs of one kind or the other.
  long memoryMib() {
    return executors().keySet().stream().mapToLong(this::memoryMib).max().orElse(0);
  }

  Set<DealId> survivors() {
    var found = new HashSet<DealId>();
    for (var executor : all()) {
      try {
        found.addAll(executor.survivors());
      } catch (ExecutorUnavailableException e) {
        LOG.warn("what an earlier process left is not known: {}", e.getMessage());
      }
    }
    return found;
  }

  /// Ends what survives of a deal, if its engine is there.
  void discard(DealId deal) {
    for (var executor : all()) {
      try {
        executor.discard(deal);
      } catch (ExecutorUnavailableException e) {
        LOG.warn("deal {} may have left something behind: {}", deal, e.getMessage());
      }
    }
  }

  private List<Executor> all() {
    return executors().entrySet().stream().filter(entry -> works(entry.getKey())).map(Map.Entry::getValue).toList();
  }

  @Override public void close() {
    wasm.close();
    docker.ifPresent(containers -> {
      containers.engine.close();
      containers.executor.close();
    });
  }
}
