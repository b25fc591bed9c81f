package network.lilypad.protocol.value;

/// A word together with the signature that makes it somebody's, *verified*: whoever holds one may rely on `signer`.
/// Made from outside input only by `protocol.sign`; read back from journals and messages of our own without
/// verifying again.
///
/// @param word what was signed
/// @param signer whose signature it is: recovered, never claimed
/// @param signature the signature
public record Signed<T extends Signable>(T word, Address signer, Signature signature) {}
