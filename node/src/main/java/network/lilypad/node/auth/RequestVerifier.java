package network.lilypad.node.auth;

import io.grpc.Metadata;
import java.util.function.LongSupplier;
import network.lilypad.protocol.Rejection;
import network.lilypad.protocol.sign.Ecdsa;
import network.lilypad.protocol.value.Address;
import network.lilypad.protocol.wire.Admission;
import network.lilypad.protocol.wire.Admission.Admitted;

/// Finds out who calls: the gateway's end of [RequestSigner]. A request is taken once, for its method and its bytes,
/// until it expires. Thread-safe.
public final class RequestVerifier {
  /// The furthest expiry taken, in seconds ahead: bounds what has to be remembered.
  public static final long MAX_LIFE_SECONDS = 300;
  private static final long RETRY_MILLIS = 1_000;

  private final Ecdsa ecdsa = Ecdsa.create();
  private final LongSupplier ledgerTime;
  private final int limit;
  private final UsedNonces nonces;

  /// @param ledgerTime seconds of ledger time
  /// @param nonces the most requests remembered; beyond it callers hear `Overloaded`
  public RequestVerifier(LongSupplier ledgerTime, int nonces) {
    this.ledgerTime = ledgerTime;
    this.limit = nonces;
    this.nonces = new UsedNonces(nonces);
  }

  /// Finds out who calls.
  ///
  /// @param method the full gRPC method name
  /// @param body the request message's bytes as they came; none for a call that streams requests
  /// @return the account, or `Unauthenticated`, or `Overloaded`
  public Admission<Address> verify(String method, byte[] body, Metadata headers) {
    return switch (RequestHeaders.read(headers)) {
      case Admitted(var read) -> verify(method, body, read);
      case Admission.Refused(var why) -> Admission.refused(why);
    };
  }

  private Admission<Address> verify(String method, byte[] body, RequestHeaders headers) {
    long now = ledgerTime.getAsLong();
    if (headers.expiry() <= now) {
      return unauthenticated("the request expired at " + headers.expiry() + ", it is " + now);
    }
    if (headers.expiry() > now + MAX_LIFE_SECONDS) {
      return unauthenticated("the request expires at " + headers.expiry() + ", it is " + now + " (expected: at most "
          + MAX_LIFE_SECONDS + " seconds ahead)");
    }
    var digest = RequestHeaders.digest(method, body, headers.nonce(), headers.expiry());
    var signer = ecdsa.recover(digest, headers.signature());
    if (signer.isEmpty() || !signer.get().equals(headers.account())) {
      return unauthenticated("the signature of the request is not that of " + headers.account()
          + " over this method and these bytes");
    }
    return switch (nonces.use(headers.account(), headers.nonce(), headers.expiry(), now)) {
      case FRESH -> new Admitted<>(headers.account());
      case REPEATED -> unauthenticated("the request's nonce has been used before");
      case FULL -> Admission.refused(new Rejection.Overloaded("requests in five minutes", limit, RETRY_MILLIS));
    };
  }

  private static Admission<Address> unauthenticated(String reason) {
    return Admission.refused(new Rejection.Unauthenticated(reason));
  }
}
