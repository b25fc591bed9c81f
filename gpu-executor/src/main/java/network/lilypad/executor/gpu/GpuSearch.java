package network.lilypad.executor.gpu;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import network.lilypad.executor.gpu.GpuProbes.Found;

/// Looks for GPUs, vendor by vendor, and again for those of whom none was found: a driver may be loaded later. A vendor
/// whose driver hangs is not asked a second time while it does, so each holds one thread and no more. Thread-safe.
public final class GpuSearch {
  /// The longest that a look takes for all vendors together.
  private static final Duration LOOK_MAX = Duration.ofSeconds(15);

  /// Begins what is said of GPUs that are seen and cannot be used.
  public static final String NOT_OFFERED = ", not offered: ";

  private final List<List<Supplier<GpuProbe>>> vendors;
  private final Duration period;
  private final Map<Integer, CompletableFuture<Found>> asked = new HashMap<>();
  private final Set<Integer> settled = new HashSet<>();

  /// @param vendors for each vendor its candidates, the best first
  /// @param period how often to look again
  public GpuSearch(List<List<Supplier<GpuProbe>>> vendors, Duration period) {
    this.vendors = vendors.stream().map(List::copyOf).toList();
    this.period = period;
  }

  /// How often to look again.
  Duration period() {
    return period;
  }

  /// What is found of the vendors of whom nothing was found before. Blocks for a quarter of a minute at most.
  ///
  /// @throws InterruptedException if the caller is interrupted
  public synchronized Found look() throws InterruptedException {
    for (int i = 0; i < vendors.size(); i++) {
      if (!settled.contains(i)) {
        asked.computeIfAbsent(i, vendor -> ask(vendors.get(vendor)));
      }
    }
    long end = System.nanoTime() + LOOK_MAX.toNanos();
    var probes = new ArrayList<GpuProbe>();
    var tried = new LinkedHashMap<String, String>();
    var fleet = GpuFleet.EMPTY;
    for (int i = 0; i < vendors.size(); i++) {
      if (asked.containsKey(i)) {
        var found = answer(i, end, tried);
        probes.addAll(found.probes());
        fleet = fleet.and(found.fleet());
      }
    }
    return new Found(probes, fleet, tried);
  }

  private Found answer(int vendor, long end, Map<String, String> tried) throws InterruptedException {
    try {
      var found = asked.getOrDefault(vendor, new CompletableFuture<>()).get(end - System.nanoTime(),
          TimeUnit.NANOSECONDS);
      asked.remove(vendor);
      if (!found.probes().isEmpty()) {
        settled.add(vendor);
      }
      tried.putAll(found.tried());
      return found;
    } catch (TimeoutException _) {
      tried.put("vendor " + vendor, "no answer within " + LOOK_MAX.toSeconds() + " s");
      return GpuProbes.NONE;
    } catch (ExecutionException e) {
      throw new IllegalStateException("a probe failed by a bug", e);
    }
  }

  private static CompletableFuture<Found> ask(List<Supplier<GpuProbe>> candidates) {
    var found = new CompletableFuture<Found>();
    Thread.ofPlatform().daemon().name("gpu-detection").start(() -> {
      try {
        found.complete(first(candidates));
      } catch (InterruptedException | RuntimeException | Error e) {
        found.completeExceptionally(e);
      }
    });
    return found;
  }

  private static Found first(List<Supplier<GpuProbe>> candidates) throws InterruptedException {
    var tried = new LinkedHashMap<String, String>();
    for (int i = 0; i < candidates.size(); i++) {
      var name = "candidate " + i;
      try {
        var probe = candidates.get(i).get();
        name = probe.name();
        var readings = probe.read();
        tried.put(name, readings.size() + " GPUs" + (probe.leftOut().isEmpty() ? "" : NOT_OFFERED + probe.leftOut()));
        if (!readings.isEmpty()) {
          return new Found(List.of(probe), GpuFleet.of(name, readings), tried);
        }
      } catch (GpuUnavailableException e) {
        tried.put(name, String.valueOf(e.getMessage()));
      }
    }
    return new Found(List.of(), GpuFleet.EMPTY, tried);
  }
}
