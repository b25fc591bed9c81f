package network.lilypad.executor;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import network.lilypad.executor.Execution.GpuUse;
import network.lilypad.executor.GpuExecutor.End;
import network.lilypad.executor.GpuExecutor.Finished;
import network.lilypad.executor.gpu.GpuFleet;
import network.lilypad.executor.gpu.GpuReading.Load;

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
    var loads = gpus.stream().map(fleet::load).toList();
    return new GpuMeter(gpus, Optional.of(now), new GpuUse(busy(loads, since), peakMib(loads)));
  }

  /// A look that does not say it of all GPUs adds nothing.
  private Optional<Duration> busy(List<Load> loads, Duration since) {
    if (loads.stream().anyMatch(load -> load.percent() == Load.UNSAID)) {
      return use.busy();
    }
    long percent = loads.stream().mapToLong(Load::percent).sum();
    return Optional.of(use.busy().orElse(Duration.ZERO).plus(since.multipliedBy(percent).dividedBy(PERCENT)));
  }

  private OptionalLong peakMib(List<Load> loads) {
    if (loads.stream().anyMatch(load -> load.usedMib() == Load.UNSAID)) {
      return use.peakMib();
    }
    return OptionalLong.of(Math.max(use.peakMib().orElse(0), loads.stream().mapToLong(Load::usedMib).sum()));
  }

  /// A result's end with what was measured.
  End metered(End end) {
    return end instanceof Finished(var deal, var how)
        ? new Finished(deal, new Execution.Ended(how.outcome(), how.result(), how.usage().with(use)))
        : end;
  }
}
