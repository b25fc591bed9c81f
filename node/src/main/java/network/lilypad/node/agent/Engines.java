package network.lilypad.node.agent;

import java.util.Collection;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
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
  private final Optional<DockerExecutor> docker;

  private final String noHttp;

  private Engines(WasmExecutor wasm, Optional<DockerExecutor> docker, String noHttp) {
    this.wasm = wasm;
    this.docker = docker;
    this.noHttp = noHttp;
  }

  static Engines open(AgentConfig config, Bytes32 machine, LedgerClock clock) {
    var docker = config.docker().enabled() ? docker(config, machine, clock) : Optional.<DockerExecutor>empty();
    var noHttp = docker.flatMap(_ -> DockerExecutor.httpObstacle()).orElse("");
    if (config.policy().network() != NetworkPolicy.NONE && !noHttp.isEmpty()) {
      LOG.warn("no deal with network http is signed: {}", noHttp);
    }
    return new Engines(WasmExecutor.of(clock), docker, noHttp);
  }

  private static Optional<DockerExecutor> docker(AgentConfig config, Bytes32 machine, LedgerClock clock) {
    var owner = machine.toString().substring(2);
    var executor = DockerExecutor.of(config.docker().setting(owner, config.policy().network()), clock);
    var probe = executor.probe();
    if (probe.ready()) {
      return Optional.of(executor);
    }
    LOG.info("no containers here: {}", probe.version());
    executor.close();
    return Optional.empty();
  }

  /// One for each engine that works here.
  Map<Engine, Executor> executors() {
    var executors = new EnumMap<Engine, Executor>(Map.of(Engine.WASM, wasm));
    docker.ifPresent(executor -> executors.put(Engine.DOCKER, executor));
    return executors;
  }

  /// Why containers cannot be let out to single hosts; empty if they can.
  String noHttp() {
    return noHttp;
  }

  List<String> descriptions() {
    return executors().values().stream().map(executor -> executor.probe().version()).toList();
  }

  /// The memory of all jobs of an engine together, in MiB.
  long memoryMib(Engine engine) {
    return switch (engine) {
      case WASM -> wasm.heapMib();
      case DOCKER -> docker.isPresent() ? machineMib() : 0;
    };
  }

  private static long machineMib() {
    long total = new SystemInfo().getHardware().getMemory().getTotal() >> 20;
    return total - total / RESERVED_SHARE;
  }

  /// The memory that the machine can give to jobs of one kind or the other.
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

  /// Ends what survives of a deal, if the engine answers.
  void discard(DealId deal) {
    for (var executor : all()) {
      try {
        executor.discard(deal);
      } catch (ExecutorUnavailableException e) {
        LOG.warn("deal {} may have left something behind: {}", deal, e.getMessage());
      }
    }
  }

  private Collection<Executor> all() {
    return executors().values();
  }

  @Override public void close() {
    wasm.close();
    docker.ifPresent(DockerExecutor::close);
  }
}
