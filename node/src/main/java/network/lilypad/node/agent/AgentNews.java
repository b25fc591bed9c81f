package network.lilypad.node.agent;

import network.lilypad.protocol.value.Bytes32;

/// What an agent tells its owner while it works.
public sealed interface AgentNews {
  /// The market cannot be reached, or will not have this machine; the agent goes on trying. Said once for each reason.
  ///
  /// @param why one sentence
  record OutOfMarket(String why) implements AgentNews {}

  /// The market has this machine again.
  record BackInMarket() implements AgentNews {}

  /// The owner's order to drain has been obeyed: the market knows, and no deal needs this machine any more.
  record Drained(Bytes32 machine) implements AgentNews {}

  /// The owner has taken the order back after it had been obeyed.
  record Undrained(Bytes32 machine) implements AgentNews {}
}
