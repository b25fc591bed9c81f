package network.lilypad.node.agent;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import network.lilypad.executor.gpu.GpuProbe;
import network.lilypad.executor.gpu.GpuReading;
import network.lilypad.executor.gpu.GpuSearch;
import network.lilypad.executor.gpu.GpuUnavailableException;

/// A machine whose driver shows what a test says; none shown is no driver.
final class ShownGpus implements GpuProbe {
  private static final Duration OFTEN = Duration.ofMillis(100);

  private final AtomicReference<List<GpuReading>> shown;

  ShownGpus(List<GpuReading> shown) {
    this.shown = new AtomicReference<>(shown);
  }

  GpuSearch search() {
    return new GpuSearch(List.of(List.of(() -> this)), OFTEN);
  }

  void show(List<GpuReading> readings) {
    shown.set(readings);
  }

  @Override public String name() {
    return "shown";
  }

  @Override public Duration period() {
    return OFTEN;
  }

  @Override public Duration patience() {
    return Duration.ofMinutes(1);
  }

  @Override public List<GpuReading> read() {
    var readings = shown.get();
    if (readings == null || readings.isEmpty()) {
      throw new GpuUnavailableException("no driver");
    }
    return readings;
  }
}
