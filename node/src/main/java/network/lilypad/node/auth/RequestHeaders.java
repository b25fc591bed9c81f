package network.lilypad.node.auth;

import io.grpc.Metadata;
import java.util.HexFormat;
import network.lilypad.protocol.Rejection;
import network.lilypad.protocol.value.Address;
import network.lilypad.protocol.value.Bytes32;
import network.lilypad.protocol.value.Keccak256;
import network.lilypad.protocol.value.Sha256;
import network.lilypad.protocol.value.Signature;
import network.lilypad.protocol.wire.Admission;

/// The four headers of a signed request, as `api.proto` defines them.
///
/// @param account who says to be calling
/// @param nonce never used before
/// @param expiry ledger seconds
/// @param signature over [#digest]
record RequestHeaders(Address account, Bytes32 nonce, long expiry, Signature signature) {
  /// Digits of the largest ledger second, 2^40-1.
  private static final int MAX_EXPIRY_DIGITS = 13;
  private static final Metadata.Key<String> ACCOUNT = key("lilypad-account");
  private static final Metadata.Key<String> NONCE = key("lilypad-nonce");
  private static final Metadata.Key<String> EXPIRY = key("lilypad-expiry");
  private static final Metadata.Key<String> SIGNATURE = key("lilypad-signature");

  /// What is signed: the keccak-256 of the canonical text.
  ///
  /// @param method the full gRPC method name
  /// @param body the request message's bytes, none for a call that streams requests
  static Bytes32 digest(String method, byte[] body, Bytes32 nonce, long expiry) {
    return Keccak256.hash("lilypad request 1\n" + method + '\n' + Sha256.hash(body) + '\n' + nonce + '\n' + expiry);
  }

  /// Reads the headers of a call.
  ///
  /// @return the headers, or `Unauthenticated` naming the one that is wrong
  static Admission<RequestHeaders> read(Metadata metadata) {
    try {
      return new Admission.Admitted<>(new RequestHeaders(Address.parse(text(metadata, ACCOUNT)),
          Bytes32.parse(text(metadata, NONCE)), expiry(text(metadata, EXPIRY)), signature(text(metadata, SIGNATURE))));
    } catch (IllegalArgumentException e) {
      return Admission.refused(new Rejection.Unauthenticated(String.valueOf(e.getMessage())));
    }
  }

  /// Adds the headers to a call.
  void write(Metadata metadata) {
    metadata.put(ACCOUNT, account.toString());
    metadata.put(NONCE, nonce.toString());
    metadata.put(EXPIRY, Long.toString(expiry));
    metadata.put(SIGNATURE, signature.toString());
  }

  private static Metadata.Key<String> key(String name) {
    return Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER);
  }

  private static String text(Metadata metadata, Metadata.Key<String> key) {
    var text = metadata.get(key);
    if (text == null) {
      throw new IllegalArgumentException("header " + key.name() + ": missing (expected: a request signed by a wallet)");
    }
    if (!key.equals(EXPIRY) && !text.startsWith("0x")) {
      throw new IllegalArgumentException("header " + key.name() + ": no 0x (expected: 0x and hexadecimal digits)");
    }
    return text;
  }

  private static long expiry(String text) {
    if (text.length() > MAX_EXPIRY_DIGITS || !text.chars().allMatch(c -> c >= '0' && c <= '9') || text.isEmpty()) {
      throw new IllegalArgumentException("header lilypad-expiry (expected: ledger seconds in decimal)");
    }
    return Long.parseLong(text);
  }

  private static Signature signature(String hex) {
    if (hex.length() != 2 + 2 * Signature.ECDSA_BYTES) {
      throw new IllegalArgumentException("header lilypad-signature (expected: 0x and 130 hexadecimal digits)");
    }
    return Signature.of(HexFormat.of().parseHex(hex, 2, hex.length()));
  }
}
