package network.lilypad.node.auth;

import network.lilypad.protocol.value.Bytes32;
import network.lilypad.protocol.value.Keccak256;

/// What an agent signs to open a session, as `agent.proto` defines it.
public final class SessionProof {
  private SessionProof() {}

  /// The digest to be signed by the agent's key.
  ///
  /// @param challenge the gateway's 32 random bytes
  /// @param session the session's number
  public static Bytes32 digest(Bytes32 challenge, long session) {
    return Keccak256.hash("lilypad session 1\n" + challenge + '\n' + session);
  }
}
