package network.lilypad.node.client;

import com.google.protobuf.ByteString;
import io.grpc.Metadata;

/// Puts the caller's name to calls, as api.proto says. Thread-safe.
@FunctionalInterface
public interface CallSigner {
  /// The metadata of one call; never to be used for a second.
  ///
  /// @param method the full gRPC method name
  /// @param body the request's bytes, none for a call that streams requests
  Metadata sign(String method, ByteString body);
}
