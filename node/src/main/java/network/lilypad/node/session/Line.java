package network.lilypad.node.session;

import network.lilypad.protocol.proto.v1.GatewayMessage;

/// The stream to one agent. Used by its session's actor only.
interface Line {
  /// Sends a message.
  void send(GatewayMessage message);

  /// Messages sent that the agent has not had room for.
  boolean slow();

  /// Asks for the next message of the agent.
  void next();

  /// Ends the stream.
  void end();
}
