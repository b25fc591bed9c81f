package network.lilypad.node.agent;

import java.io.InterruptedIOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import network.lilypad.executor.gpu.GpuFleet;
import network.lilypad.executor.gpu.GpuProbes;
import network.lilypad.protocol.value.Engine;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The GPUs of this machine that an agent gives to jobs: those that answer, as many as the owner shares, and none where no
/// engine could hand them to a job.
final class MachineGpus {
  private static final Logger LOG = LoggerFactory.getLogger(MachineGpus.class);
  private static final GpuProbes.Found NONE = new GpuProbes.Found(List.of(), GpuFleet.EMPTY, Map.of());

  private MachineGpus() {}

  /// Looks for them.
  ///
  /// @param engines what works here; only containers get GPUs
  /// @param max the owner's share
  static GpuProbes.Found sold(Set<Engine> engines, int max) throws InterruptedIOException {
    return sold(detect(), engines, max);
  }

  static GpuProbes.Found sold(GpuProbes.Found found, Set<Engine> engines, int max) {
    found.tried().forEach((probe, answer) -> LOG.info("GPUs by {}: {}", probe, answer));
    if (found.fleet().gpus().isEmpty()) {
      return NONE;
    }
    if (max == 0 || !engines.contains(Engine.DOCKER)) {
      LOG.warn("{} GPUs are here and not sold: {}", found.fleet().gpus().size(),
          max == 0 ? "the owner keeps them" : "no container engine answers");
      return NONE;
    }
    return new GpuProbes.Found(found.probes(), found.fleet().first(max), found.tried());
  }

  private static GpuProbes.Found detect() throws InterruptedIOException {
    try {
      return GpuProbes.detect();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while looking for GPUs");
    }
  }
}
