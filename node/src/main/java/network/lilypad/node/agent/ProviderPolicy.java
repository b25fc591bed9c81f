package network.lilypad.node.agent;

import java.time.Duration;
import java.util.List;
import network.lilypad.protocol.value.Lp;
import network.lilypad.protocol.value.MachineLimits;
import network.lilypad.protocol.value.NetworkPolicy;

/// What a machine's owner lets run on it, beyond what the signed offer says.
///
/// @param modules which modules
/// @param minPrice the smallest price of a deal, whatever its length
/// @param maxRunSeconds the longest run
/// @param network the most a job may reach
/// @param hosts the only hosts that a job with network HTTP may name; empty: any
/// @param gpus the most GPUs sold together, 0 to [#GPUS_ALL]
/// @param deals the most deals at a time, 1 to [#DEALS_MAX]
/// @param upkeep how the agent goes about it
public record ProviderPolicy(Modules modules, Lp minPrice, int maxRunSeconds, NetworkPolicy network, Globs hosts,
    int gpus,
    int deals, Upkeep upkeep) {
  /// Every GPU there is.
  public static final int GPUS_ALL = Integer.MAX_VALUE;
  /// As many as the executor runs at once.
  public static final int DEALS_MAX = 256;
  /// Who asks a process to stop is not kept waiting much longer.
  public static final Duration STOP_GRACE_MAX = Duration.ofSeconds(25);
  /// Larger than any disk: 1 PiB.
  public static final long DISK_MIB_MAX = 1L << 30;
  /// A week, like the longest module.
  public static final int RUN_SECONDS_MAX = 7 * 24 * 3600;
  /// Everything that needs no network, on all there is.
  public static final ProviderPolicy OPEN = new ProviderPolicy(Modules.ALL, Lp.ZERO, RUN_SECONDS_MAX,
      NetworkPolicy.NONE, Globs.NONE, GPUS_ALL, DEALS_MAX,
      new Upkeep(Duration.ofSeconds(20), List.of(), List.of()));

  /// How an agent goes about its work.
  ///
  /// @param stopGrace how long running deals may end when its process is asked to stop, at most [#STOP_GRACE_MAX]
  /// @param retries how often a run is tried, the first that fits; without one as
  ///     [network.lilypad.executor.RetryPolicy] says
  /// @param prefetch images to have before the first job
  /// @param diskReserveMib what of the disk is never promised to jobs; 0: as [DiskRoom] has it
  public record Upkeep(Duration stopGrace, List<Retry> retries, List<String> prefetch, long diskReserveMib) {
    /// With the usual reserve of the disk.
    public Upkeep(Duration stopGrace, List<Retry> retries, List<String> prefetch) {
      this(stopGrace, retries, prefetch, 0);
    }

    /// Checks the bounds.
    ///
    /// @throws IllegalArgumentException if one is passed
    public Upkeep {
      require(diskReserveMib >= 0 && diskReserveMib <= DISK_MIB_MAX, "diskReserveMib", diskReserveMib,
          "0 to " + DISK_MIB_MAX);
      require(!stopGrace.isNegative() && stopGrace.compareTo(STOP_GRACE_MAX) <= 0, "stopGrace", stopGrace,
          "PT0S to " + STOP_GRACE_MAX);
      retries = List.copyOf(retries);
      prefetch = List.copyOf(prefetch);
    }
  }

  /// How often a run of some modules is tried that the machine failed.
  ///
  /// @param modules patterns of their names
  /// @param attempts in all, 1 or more
  public record Retry(Globs modules, int attempts) {}

  /// Which modules, by their name (`cowsay:v0.0.4`) or source (`https://github.com/owner/repo@commit`).
  ///
  /// @param allow the only ones; empty: all
  /// @param deny never these; wins over `allow`
  public record Modules(Globs allow, Globs deny) {
    /// All of them.
    public static final Modules ALL = new Modules(Globs.NONE, Globs.NONE);

    boolean allows(String name, String source) {
      return allow.isEmpty() || allow.match(name, source);
    }

    boolean denies(String name, String source) {
      return deny.match(name, source);
    }
  }

  /// Checks the bounds.
  ///
  /// @throws IllegalArgumentException if one is passed
  public ProviderPolicy {
    require(maxRunSeconds >= 1, "maxRunSeconds", maxRunSeconds, ">= 1");
    require(gpus >= 0, "gpus", gpus, ">= 0");
    require(deals >= 1 && deals <= DEALS_MAX, "deals", deals, "1 to " + DEALS_MAX);
  }

  /// What of it the market is told, so that it does not ask for what would be declined. Modules and hosts are patterns
  /// of names, which only who has the job's spec can compare.
  MachineLimits limits() {
    return new MachineLimits(network, maxRunSeconds, minPrice);
  }

  private static void require(boolean holds, String subject, Object value, String expectation) {
    if (!holds) {
      throw new IllegalArgumentException(subject + ": " + value + " (expected: " + expectation + ")");
    }
  }
}
