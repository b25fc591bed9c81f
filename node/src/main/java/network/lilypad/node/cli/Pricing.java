package network.lilypad.node.cli;

import network.lilypad.protocol.value.Lp;
import network.lilypad.protocol.value.Resources;

/// The most a job pays when its creator does not say: four times what a provider with default asks wants for the whole
/// run, and never less than the market's minimum. Only the time used is paid, so this is a limit and no price.
final class Pricing {
  /// Room for providers above the default, without surprises.
  static final long MULTIPLE = 4;
  /// `lilypad.agent.ask-per-core-second` in reference.conf.
  static final Lp DEFAULT_ASK_PER_CORE_SECOND = Lp.gwei(10_000);
  /// `lilypad.agent.ask-per-gpu-second` in reference.conf.
  static final Lp DEFAULT_ASK_PER_GPU_SECOND = Lp.gwei(1_000_000);

  private Pricing() {}

  static Lp limit(Resources resources, int runSeconds, Lp minimum) {
    var full = resources.gpus() > 0
        ? DEFAULT_ASK_PER_GPU_SECOND.times((long) resources.gpus() * runSeconds, 1)
        : DEFAULT_ASK_PER_CORE_SECOND.times((long) resources.milliCpu() * runSeconds, 1000).plus(Lp.gwei(1));
    return full.times(MULTIPLE, 1).max(minimum);
  }
}
