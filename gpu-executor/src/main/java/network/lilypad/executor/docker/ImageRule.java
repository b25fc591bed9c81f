package network.lilypad.executor.docker;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/// What images may take of a machine's disk.
///
/// @param bytesMax of one image, as its registry sends it; unpacked it is two or three times as much
/// @param keep how long an image that this agent pulled is kept after the last job that used it
/// @param ledger the file where that is noted; empty: no image is ever removed
public record ImageRule(long bytesMax, Duration keep, Optional<Path> ledger) {
  /// More than any image of a model that is in use, and a month.
  public static final ImageRule USUAL = new ImageRule(64L << 30, Duration.ofDays(30), Optional.empty());

  /// Checks the bounds.
  ///
  /// @throws IllegalArgumentException if one is not positive
  public ImageRule {
    if (bytesMax < 1 || !keep.isPositive()) {
      throw new IllegalArgumentException("images: " + bytesMax + " bytes, " + keep + " (expected: > 0)");
    }
  }

  /// The same, noted in a file.
  public ImageRule notedIn(Path file) {
    return new ImageRule(bytesMax, keep, Optional.of(file));
  }
}
