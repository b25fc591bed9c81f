/// Typed clients of our contracts, generated from their artifacts and never edited; `contracts/wrappers.mjs` writes them. The
/// library they use says nothing about null, so neither does this package.
package network.lilypad.chain.evm.contract;
