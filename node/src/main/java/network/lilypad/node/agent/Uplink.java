package network.lilypad.node.agent;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import network.lilypad.protocol.proto.v1.AgentMessage;

/// The way to whichever gateway session is open now. What is sent while none is open, or just before one breaks, is
/// lost: whoever needs an answer says it again when the next session is open. Thread-safe.
final class Uplink {
  private final AtomicReference<Optional<GatewaySession>> session = new AtomicReference<>(Optional.empty());

  void attach(GatewaySession open) {
    session.set(Optional.of(open));
  }

  void detach() {
    session.set(Optional.empty());
  }

  boolean attached() {
    return session.get().isPresent();
  }

  void send(AgentMessage message) {
    session.get().ifPresent(open -> open.send(message));
  }

  /// Says that the agent lives.
  void beat() {
    session.get().ifPresent(GatewaySession::beat);
  }

  /// A beat was answered.
  ///
  /// @return how long that took; empty if none was open
  Optional<Duration> beatAnswered() {
    return session.get().flatMap(GatewaySession::beatAnswered);
  }
}
