package network.lilypad.executor;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import network.lilypad.executor.GpuExecutor.End;
import network.lilypad.executor.GpuExecutor.Finished;
import network.lilypad.executor.gpu.GpuFleet;

/// How long the GPUs of one run have computed: each look's utilisation stands for the time since the look before. An
/// immutable value.
///
/// @param gpus the run's
/// @param last when they were last looked at
/// @param busy all of them together
record GpuMeter(List<String> gpus, Optional<Instant> last, Duration busy) {
  private static final int PERCENT = 100;

  static GpuMeter of(List<String> gpus) {
    return new GpuMeter(gpus, Optional.empty(), Duration.ZERO);
  }

  GpuMeter seen(GpuFleet fleet, Instant now) {
    if (gpus.isEmpty()) {
      return this;
    }
    var since = last.map(then -> Duration.between(then, now)).filter(Duration::isPositive).orElse(Duration.ZERO);
    long percent = gpus.stream().mapToLong(gpu -> fleet.load(gpu).percent()).sum();
    return new GpuMeter(gpus, Optional.of(now), busy.plus(since.multipliedBy(percent).dividedBy(PERCENT)));
  }

  /// A result's end with what was measured.
  End metered(End end) {
    return end instanceof Finished(var deal, var how)
        ? new Finished(deal, new Execution.Ended(how.outcome(), how.result(), how.usage().withGpu(busy)))
        : end;
  }
}
