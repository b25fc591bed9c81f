package network.lilypad.node.agent;

import network.lilypad.protocol.proto.v1.Info;
import network.lilypad.protocol.value.Address;
import network.lilypad.protocol.value.Bytes32;
import network.lilypad.protocol.value.Domain;

/// Whom an agent serves, as its gateway says.
///
/// @param domain the ledger's
/// @param solver whose name must stand in offers
/// @param market the market
/// @param minimumChargeGwei the smallest price of a deal
/// @param contentBytesMax the largest input tree, program and result
record Market(Domain domain, Address solver, Bytes32 market, long minimumChargeGwei, long contentBytesMax) {
  /// @throws IllegalArgumentException if the gateway's words are none
  static Market of(Info info) {
    return new Market(new Domain(info.getChainId(), Address.of(info.getVerifyingContract().toByteArray())),
        Address.of(info.getSolver().toByteArray()), Bytes32.of(info.getMarket().toByteArray()),
        info.getMinimumCharge(), info.getMaxContentBytes());
  }
}
