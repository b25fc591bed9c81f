package network.lilypad.chain.fuzz;

import network.lilypad.chain.Intent;
import network.lilypad.chain.evm.Tx;

/// One call, as the model hears it and as the chain does.
///
/// @param what for the reader of a failure
/// @param intent the model's
/// @param tx the chain's
record Step(String what, Intent intent, Tx tx) {}
