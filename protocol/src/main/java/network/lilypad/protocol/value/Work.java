package network.lilypad.protocol.value;

/// What is to be run, pinned by digests so that nobody can run something else.
///
/// @param engine what runs it
/// @param module sha2-256 of the resolved [JobSpec]'s bytes, which pin the commit and the image's digest
/// @param inputs result-root style digest of the input directory, zero if there is none
/// @param outputs sha2-256 of the declared output names, zero for the default `outputs`
/// @param resources what it needs of one machine
/// @param runSeconds the longest run paid for, 1 to 2^31-1
/// @param network what it may reach
/// @param comparator digest of the module that compares two results, zero: byte equality
/// @param extra zero
public record Work(Engine engine, Bytes32 module, Bytes32 inputs, Bytes32 outputs, Resources resources, int runSeconds,
    NetworkPolicy network, Bytes32 comparator, Bytes32 extra) {
  /// @throws IllegalArgumentException if a number is out of bounds
  public Work {
    Bounds.check("runSeconds", runSeconds, 1, Integer.MAX_VALUE);
  }
}
