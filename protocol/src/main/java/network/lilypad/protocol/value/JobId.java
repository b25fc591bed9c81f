package network.lilypad.protocol.value;

/// The identity of a job: the EIP-712 digest of its [JobOffer]. The same offer always has the same id.
///
/// @param digest the EIP-712 digest, domain included
public record JobId(Bytes32 digest) implements Comparable<JobId> {
  /// @param hex `0x` and 64 hexadecimal digits
  /// @throws IllegalArgumentException if the text is anything else
  public static JobId parse(String hex) {
    return new JobId(Bytes32.parse(hex));
  }

  /// The deal of this job's given attempt.
  ///
  /// @param attempt 1 to 255
  public DealId deal(int attempt) {
    return DealId.of(this, attempt);
  }

  @Override public int compareTo(JobId other) {
    return digest.compareTo(other.digest);
  }

  @Override public String toString() {
    return digest.toString();
  }
}
