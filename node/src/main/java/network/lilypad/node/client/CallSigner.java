package network.lilypad.node.client;

import com.google.protobuf.ByteString;
import io.grpc.Metadata;
import java.security.SecureRandom;
import network.lilypad.node.auth.RequestSigner;
import network.lilypad.protocol.sign.Wallet;

/// Puts the caller's name to calls, as api.proto says. Thread-safe.
@FunctionalInterface
public interface CallSigner {
  /// The metadata of one call; never to be used for a second.
  ///
  /// @param method the full gRPC method name
  /// @param body the request's bytes, none for a call that streams requests
  Metadata sign(String method, ByteString body);

  /// Signs with a wallet's key.
  ///
  /// @param clock ledger time
  static CallSigner of(Wallet wallet, LedgerClock clock) {
    var signer = new RequestSigner(wallet, clock::now, new SecureRandom());
    return (method, body) -> {
      var headers = new Metadata();
      signer.sign(method, body.toByteArray(), headers);
      return headers;
    };
  }
}
