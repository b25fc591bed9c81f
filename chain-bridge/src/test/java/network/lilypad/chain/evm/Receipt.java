package network.lilypad.chain.evm;

import java.util.List;
import network.lilypad.protocol.value.Address;
import network.lilypad.protocol.value.Bytes32;

/// A mined transaction.
///
/// @param hash the transaction's
/// @param succeeded whether it took effect
/// @param gasUsed what it cost
/// @param block the number of its block
/// @param created the new contract, zero when it made none
/// @param logs what it emitted, in order
public record Receipt(Bytes32 hash, boolean succeeded, long gasUsed, long block, Address created, List<Log> logs) {
  /// One emitted event, undecoded.
  public record Log(Address by, List<Bytes32> topics, byte[] data) {}
}
