package network.lilypad.executor.docker;

import com.github.dockerjava.api.command.CreateContainerCmd;
import com.github.dockerjava.api.model.Capability;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.LogConfig;
import java.util.HashMap;
import java.util.List;
import network.lilypad.protocol.value.DealId;

/// A container that holds a network namespace with nothing but loopback, for another to join. Pure.
final class HolderPlan {
  /// For the runtime, which starts it; the program itself takes a page.
  private static final long MEMORY_BYTES = 32L << 20;
  private static final long PIDS_MAX = 32;
  private static final String NOBODY = "65534:65534";

  private HolderPlan() {}

  static CreateContainerCmd apply(CreateContainerCmd create, String owner, DealId deal) {
    var labels = new HashMap<>(ContainerPlan.labels(owner, deal));
    labels.put(ContainerPlan.ROLE, "network");
    var host = HostConfig.newHostConfig().withNetworkMode("none").withMemory(MEMORY_BYTES).withMemorySwap(MEMORY_BYTES)
        .withPidsLimit(PIDS_MAX).withReadonlyRootfs(true).withCapDrop(Capability.ALL)
        .withSecurityOpts(List.of("no-new-privileges:true")).withPrivileged(false).withIpcMode("private")
        .withCgroupnsMode("private").withAutoRemove(false).withLogConfig(new LogConfig(LogConfig.LoggingType.NONE));
    return create.withHostName(ContainerPlan.HOST).withLabels(labels).withUser(NOBODY).withHostConfig(host);
  }
}
