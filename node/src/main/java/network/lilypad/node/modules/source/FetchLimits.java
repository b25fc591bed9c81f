package network.lilypad.node.modules.source;

import java.time.Duration;

/// What one fetch of a repository may cost.
///
/// @param bytes of what is received, and of what lies in the cache afterwards
/// @param time for all of it
/// @param lockWait how long another process is waited for
public record FetchLimits(long bytes, Duration time, Duration lockWait) {
  /// A module is a template and perhaps a program: 256 MiB is far more, two minutes a slow line.
  public static final FetchLimits DEFAULT = new FetchLimits(256L << 20, Duration.ofMinutes(2), Duration.ofMinutes(3));
}
