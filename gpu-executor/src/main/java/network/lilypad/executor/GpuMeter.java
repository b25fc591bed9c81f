package network.lilypad.executor;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import network.lilypad.executor.Execution.GpuUse;
import network.lilypad.executor.GpuExecutor.End;
import network.lilypad.executor.GpuExecutor.Finished;
import network.lilypad.executor.gpu.GpuFleet;

/// What the GPUs of one run have done: each look's utilisation stands for the time since the look before. An immutable
/// value.
///
/// @param gpus the run's
/// @param last when they were last looked at
/// @param use all of them together
record GpuMeter(List<String> gpus, Optional<Instant> last, GpuUse use) {
  private static final int PERCENT = 100;

  static GpuMeter of(List<String> gpus) {
    return new GpuMeter(gpus, Optional.empty(), GpuUse.NONE);
  }

  GpuMeter seen(GpuFleet fleet, Instant now) {
    if (gpus.isEmpty()) {
      return this;
    }
    var since = last.map(then -> Duration.between(then, now)).filter(Duration::isPositive).orElse(Duration.ZERO);
    long percent = gpus.stream().mapToLong(gpu -> fleet.load(gpu).percent()).sum();
    long usedMib = gpus.stream().mapToLong(gpu -> fleet.load(gpu).usedMib()).sum();
    return new GpuMeter(gpus, Optional.of(now),
        new GpuUse(use.busy().plus(since.multipliedBy(percent).dividedBy(PERCENT)), Math.max(use.peakMib(), usedMib)));
  }

  /// A result's end with what was measured.
  End metered(End end) {
    return end instanceof Finished(var deal, var how)
        ? new Finished(deal, new Execution.Ended(how.outcome(), how.result(), how.usage().with(use)))
        : end;
  }
}
