package network.lilypad.chain.evm;

import network.lilypad.protocol.value.Address;

/// A transaction that somebody could send.
///
/// @param from the sender, any address
/// @param to the contract
/// @param data the call
public record Tx(Address from, Address to, byte[] data) {}
