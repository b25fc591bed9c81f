package network.lilypad.node.client;

import com.google.protobuf.ByteString;
import io.grpc.Metadata;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.function.LongSupplier;
import network.lilypad.protocol.Defect;
import network.lilypad.protocol.sign.Wallet;
import network.lilypad.protocol.value.Bytes32;
import network.lilypad.protocol.value.Keccak256;

/// Signs calls with a wallet's key.
public final class WalletCallSigner implements CallSigner {
  /// Long enough for a clock that is a minute off, short enough that a captured call is soon worthless.
  static final long EXPIRY_SECONDS = 120;

  private static final Metadata.Key<String> ACCOUNT = key("lilypad-account");
  private static final Metadata.Key<String> NONCE = key("lilypad-nonce");
  private static final Metadata.Key<String> EXPIRY = key("lilypad-expiry");
  private static final Metadata.Key<String> SIGNATURE = key("lilypad-signature");

  private final Wallet wallet;
  private final LongSupplier ledgerTime;
  private final SecureRandom random;

  /// @param wallet whose name
  /// @param ledgerTime ledger seconds now
  /// @param random where nonces come from
  public WalletCallSigner(Wallet wallet, LongSupplier ledgerTime, SecureRandom random) {
    this.wallet = wallet;
    this.ledgerTime = ledgerTime;
    this.random = random;
  }

  private static Metadata.Key<String> key(String name) {
    return Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER);
  }

  @Override public Metadata sign(String method, ByteString body) {
    var bytes = new byte[32];
    random.nextBytes(bytes);
    var nonce = Bytes32.of(bytes).toString();
    var expiry = Long.toString(ledgerTime.getAsLong() + EXPIRY_SECONDS);
    var text = String.join("\n", "lilypad request 1", method, sha256(body).toString(), nonce, expiry);
    var headers = new Metadata();
    headers.put(ACCOUNT, wallet.address().toString());
    headers.put(NONCE, nonce);
    headers.put(EXPIRY, expiry);
    headers.put(SIGNATURE, wallet.sign(Keccak256.hash(text.getBytes(StandardCharsets.UTF_8))).toString());
    return headers;
  }

  private static Bytes32 sha256(ByteString body) {
    try {
      var digest = MessageDigest.getInstance("SHA-256");
      digest.update(body.asReadOnlyByteBuffer());
      return Bytes32.of(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new Defect("JDK: no SHA-256 (expected: every JDK has it): " + e.getMessage());
    }
  }
}
