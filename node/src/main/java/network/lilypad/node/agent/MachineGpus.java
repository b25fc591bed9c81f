package network.lilypad.node.agent;

import java.io.InterruptedIOException;
import java.util.Optional;
import java.util.Set;
import network.lilypad.executor.gpu.GpuProbes;
import network.lilypad.executor.gpu.GpuSearch;
import network.lilypad.executor.gpu.GpuWatch;
import network.lilypad.protocol.value.Engine;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/// The GPUs of this machine that an agent gives to jobs: those that answer, as many as the owner shares, and none where
/// no engine could hand them to a job.
///
/// @param found at the start
/// @param later how more are found while the agent runs
record MachineGpus(GpuProbes.Found found, GpuWatch.Later later) {
  private static final Logger LOG = LoggerFactory.getLogger(MachineGpus.class);
  private static final MachineGpus NONE = new MachineGpus(GpuProbes.NONE, GpuWatch.Later.NEVER);

  /// Looks for them.
  ///
  /// @param engines what works here or may later; only containers get GPUs
  /// @param max the owner's share
  static MachineGpus sold(GpuSearch search, Set<Engine> engines, int max) throws InterruptedIOException {
    var found = look(search);
    found.tried().forEach((probe, answer) -> LOG
        .atLevel(answer.contains(GpuSearch.NOT_OFFERED) ? Level.WARN : Level.INFO)
        .log("GPUs by {}: {}", probe, answer));
    if (max == 0 || !engines.contains(Engine.DOCKER)) {
      if (!found.fleet().gpus().isEmpty()) {
        LOG.warn("{} GPUs are here and not sold: {}", found.fleet().gpus().size(),
            max == 0 ? "the owner keeps them" : "containers are switched off");
      }
      return NONE;
    }
    return new MachineGpus(new GpuProbes.Found(found.probes(), found.fleet().first(max), found.tried()),
        new GpuWatch.Later(Optional.of(search), max));
  }

  /// The most GPUs that an owner shares, by the policy and by the offer, in which zero means all.
  static int max(AgentConfig config) {
    int offered = config.offered().gpus();
    return offered == 0 ? config.policy().gpus() : Math.min(offered, config.policy().gpus());
  }

  private static GpuProbes.Found look(GpuSearch search) throws InterruptedIOException {
    try {
      return search.look();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while looking for GPUs");
    }
  }
}
