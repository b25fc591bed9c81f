package network.lilypad.protocol.value;

import java.nio.ByteBuffer;

/// The identity of a deal: keccak-256 of the job's id and the attempt, as `abi.encode(bytes32, uint8)`. One deal for
/// each attempt of a job, known before anybody has proposed it.
///
/// @param digest the hash
public record DealId(Bytes32 digest) implements Comparable<DealId> {
  /// The highest attempt: a lease carries it in eight bits.
  public static final int MAX_ATTEMPT = 255;

  /// @param job the job
  /// @param attempt 1 to 255
  /// @throws IllegalArgumentException if the attempt is out of bounds
  public static DealId of(JobId job, int attempt) {
    if (attempt < 1 || attempt > MAX_ATTEMPT) {
      throw new IllegalArgumentException("attempt: " + attempt + " (expected: 1 to " + MAX_ATTEMPT + ")");
    }
    var encoded = ByteBuffer.allocate(64).put(job.digest().bytes()).putLong(56, attempt).array();
    return new DealId(Keccak256.hash(encoded));
  }

  /// @param hex `0x` and 64 hexadecimal digits
  /// @throws IllegalArgumentException if the text is anything else
  public static DealId parse(String hex) {
    return new DealId(Bytes32.parse(hex));
  }

  @Override public int compareTo(DealId other) {
    return digest.compareTo(other.digest);
  }

  @Override public String toString() {
    return digest.toString();
  }
}
