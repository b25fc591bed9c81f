package network.lilypad.node.auth;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import java.security.SecureRandom;
import java.util.function.LongSupplier;
import network.lilypad.protocol.sign.Wallet;
import network.lilypad.protocol.value.Bytes32;

/// Signs requests with a wallet: the client's end of [RequestVerifier]. As a client interceptor it signs every call of
/// a channel; [#sign] does it for a client that speaks gRPC in another way. Thread-safe.
public final class RequestSigner implements ClientInterceptor {
  /// How long a signed request stands: time enough for a slow line, little enough for the gateway's memory of nonces.
  public static final long LIFE_SECONDS = 60;
  private static final byte[] NO_BODY = {};

  private final Wallet wallet;
  private final LongSupplier ledgerTime;
  private final SecureRandom random;

  /// @param wallet who calls
  /// @param ledgerTime seconds of ledger time: this machine's clock, set right by the gateway's `Info`
  /// @param random where nonces come from
  public RequestSigner(Wallet wallet, LongSupplier ledgerTime, SecureRandom random) {
    this.wallet = wallet;
    this.ledgerTime = ledgerTime;
    this.random = random;
  }

  /// Adds the headers that prove who calls.
  ///
  /// @param method the full gRPC method name, such as `lilypad.v1.Market/GetJob`
  /// @param body the request message's bytes as they travel; none for a call that streams requests
  public void sign(String method, byte[] body, Metadata headers) {
    var nonce = new byte[32];
    random.nextBytes(nonce);
    long expiry = ledgerTime.getAsLong() + LIFE_SECONDS;
    var digest = RequestHeaders.digest(method, body, Bytes32.of(nonce), expiry);
    new RequestHeaders(wallet.address(), Bytes32.of(nonce), expiry, wallet.sign(digest)).write(headers);
  }

  @Override public <Q, A> ClientCall<Q, A> interceptCall(MethodDescriptor<Q, A> method, CallOptions options,
      Channel next) {
    var call = next.newCall(method, options);
    return new SignedCall<>(call, headers -> sign(method.getFullMethodName(), NO_BODY, headers),
        (message, headers) -> sign(method.getFullMethodName(), SignedCall.bytes(method, message), headers),
        method.getType().clientSendsOneMessage());
  }
}
