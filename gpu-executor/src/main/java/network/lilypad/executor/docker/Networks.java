package network.lilypad.executor.docker;

import com.github.dockerjava.api.exception.DockerException;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import network.lilypad.executor.ExecutorUnavailableException;
import network.lilypad.executor.Task;
import network.lilypad.executor.egress.Egress;
import network.lilypad.executor.egress.EgressProxy;
import network.lilypad.executor.egress.EgressUnavailableException;
import network.lilypad.protocol.value.DealId;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Makes the networks of runs.
///
/// `none` is the engine's. `full` is one bridge for all containers of this owner, which keeps them apart. For `http` a
/// holder, a container that only waits, has a network namespace with nothing but loopback; the proxy listens in it
/// before the job's container joins it.
///
/// Methods block. Thread-safe.
final class Networks implements AutoCloseable {
  private static final String APART = "com.docker.network.bridge.enable_icc";
  private static final Logger LOG = LoggerFactory.getLogger(Networks.class);

  private final EngineClient engine;
  private final String owner;
  private final Egress egress;
  private final AtomicBoolean bridged = new AtomicBoolean();

  Networks(EngineClient engine, String owner, Egress egress) {
    this.engine = engine;
    this.owner = owner;
    this.egress = egress;
  }

  /// The network that a task has been granted.
  ///
  /// @throws ExecutorUnavailableException if it cannot be had
  RunNetwork open(Task task) {
    return switch (task.grant().network()) {
      case NONE -> RunNetwork.NONE;
      case FULL -> bridge();
      case HTTP -> walled(task);
    };
  }

  /// The network of a container that outlived its agent. The way out is opened again while there is a program to use
  /// it.
  ///
  /// @param pid a process of the container's, 0 if it has ended
  /// @throws ExecutorUnavailableException if it cannot be had
  RunNetwork reopen(Task task, long pid) {
    return switch (task.grant().network()) {
      case NONE, FULL -> RunNetwork.NONE;
      case HTTP -> new Walled(task.deal(), pid == 0 ? EgressProxy.NONE : proxy(pid, task));
    };
  }

  private RunNetwork bridge() {
    var name = "lilypad-" + owner;
    bridged.set(true);
    var options = engine.network(name).orElseGet(() -> {
      var apart = Map.of(APART, "false");
      engine.createNetwork(name, Map.of(ContainerPlan.OWNER, owner), apart);
      return apart;
    });
    if (!"false".equals(options.get(APART))) {
      throw ExecutorUnavailableException
          .forGood("network: " + name + " does not keep containers apart. Next: remove it with "
              + "docker network rm " + name);
    }
    return RunNetwork.of(name);
  }

  private RunNetwork walled(Task task) {
    var holder = holder(task.deal());
    var walled = new Walled(task.deal(), EgressProxy.NONE);
    try {
      engine.start(holder);
      return new Walled(task.deal(), proxy(engine.pid(holder), task));
    } catch (DockerException | ExecutorUnavailableException e) {
      walled.close();
      throw e;
    }
  }

  private String holder(DealId deal) {
    var image = PauseImage.of(engine.architecture());
    if (engine.image(image.name()).isEmpty()) {
      engine.load(image.archive());
    }
    return engine.replace(image.name(), holderName(deal), command -> HolderPlan.apply(command, owner, deal));
  }

  private String holderName(DealId deal) {
    return ContainerPlan.name(owner, deal) + "-net";
  }

  private EgressProxy proxy(long pid, Task task) {
    try {
      return egress.open(pid, Set.copyOf(task.spec().hosts()));
    } catch (EgressUnavailableException e) {
      throw new ExecutorUnavailableException(String.valueOf(e.getMessage()), e);
    }
  }

  /// A namespace with one way out.
  private final class Walled implements RunNetwork {
    private final DealId deal;
    private final EgressProxy proxy;
    private final AtomicBoolean closed = new AtomicBoolean();

    Walled(DealId deal, EgressProxy proxy) {
      this.deal = deal;
      this.proxy = proxy;
    }

    @Override public String mode() {
      return "container:" + holderName(deal);
    }

    @Override public Map<String, String> environment() {
      return EgressProxy.ENVIRONMENT;
    }

    @Override public String notes() {
      return proxy.notes();
    }

    @Override public void close() {
      if (closed.compareAndSet(false, true)) {
        proxy.close();
        quietly("container " + holderName(deal), () -> engine.remove(holderName(deal)));
      }
    }
  }

  private static void quietly(String what, Runnable removal) {
    try {
      removal.run();
    } catch (DockerException | ExecutorUnavailableException e) {
      LOG.warn("{} is left behind: {}", what, Refusal.words(e));
    }
  }

  /// Ends all ways out, and removes the bridge if nobody is on it any more. Holders stay with the containers that
  /// joined them.
  @Override public void close() {
    egress.close();
    if (bridged.get()) {
      quietly("network lilypad-" + owner, () -> engine.removeNetwork("lilypad-" + owner));
    }
  }
}
