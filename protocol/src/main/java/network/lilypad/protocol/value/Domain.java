package network.lilypad.protocol.value;

/// The EIP-712 domain: signatures for one ledger mean nothing on another. Name "Lilypad", version "1".
///
/// @param chainId the chain, 0 for an embedded ledger
/// @param verifyingContract the Controller, or the first twenty bytes of keccak-256 of an embedded ledger's genesis id
public record Domain(long chainId, Address verifyingContract) {
  /// @throws IllegalArgumentException if the chain id is negative
  public Domain {
    Bounds.check("chainId", chainId, 0, Long.MAX_VALUE);
  }
}
