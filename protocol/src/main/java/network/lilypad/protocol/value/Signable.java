package network.lilypad.protocol.value;

/// Something a party can put its name to: the EIP-712 types of the market. Final; a change is a new domain version.
///
/// Times are whole seconds of ledger time since 1970. `extra` is zero today.
public sealed interface Signable
    permits JobOffer, ResourceOffer, Lease, Result, Acceptance, Cancel, Release, Lapse, Verdict, Dispute {}
