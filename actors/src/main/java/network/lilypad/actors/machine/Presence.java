package network.lilypad.actors.machine;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import network.lilypad.actors.machine.Machine.Hello;
import network.lilypad.actors.machine.MachineState.Slice;
import network.lilypad.protocol.message.AgentSession;
import network.lilypad.protocol.value.DealId;

/// Whether a machine's agent is there. Not journaled: after a restart of this entity nobody is there until a session
/// attaches, and leases get one full ttl of grace from then.
final class Presence {
  /// A session that has said nothing for so long is lost: five missed beats.
  static final int LOST_AFTER_SECONDS = 5;

  private Optional<AgentSession.Handle> session = Optional.empty();
  private Optional<Hello> hello = Optional.empty();
  private final Set<DealId> toKill = new HashSet<>();
  private boolean draining;
  private long lastWord;

  /// @param now ledger seconds; silence is counted from here
  Presence(long now) {
    lastWord = now;
  }

  /// Whether a session is younger than the present one.
  boolean mayAttach(AgentSession.Handle handle) {
    return session.stream().allMatch(present -> handle.number() > present.number());
  }

  /// Takes a session; the one it replaces is to be closed.
  Optional<AgentSession.Handle> attach(AgentSession.Handle handle, Hello said, long now) {
    var replaced = session;
    session = Optional.of(handle);
    hello = Optional.of(said);
    toKill.clear();
    lastWord = now;
    return replaced;
  }

  /// Takes what the present session says of its machine now.
  void declare(Hello said, boolean drained) {
    hello = Optional.of(said);
    draining = drained;
  }

  /// Whether the owner wants no new work.
  boolean draining() {
    return draining;
  }

  /// What the agent runs without a lease of ours must stop before the machine is listed.
  AgentSession.Reconcile reconcile(Map<DealId, Slice> leases) {
    List<DealId> keep = new ArrayList<>();
    for (var running : hello.map(Hello::running).orElse(List.of())) {
      var slice = Optional.ofNullable(leases.get(running.deal()));
      boolean ours = slice.stream().anyMatch(lease -> lease.lease().epoch() == running.epoch());
      if (ours) {
        keep.add(running.deal());
      } else {
        toKill.add(running.deal());
      }
    }
    return new AgentSession.Reconcile(number(), keep, List.copyOf(toKill));
  }

  /// The agent has stopped a run.
  void killed(DealId deal) {
    toKill.remove(deal);
  }

  /// What to list: the agent's words once every kill is acknowledged.
  Optional<Hello> readyToList() {
    return toKill.isEmpty() ? hello : Optional.empty();
  }

  boolean isFrom(long number) {
    return session.stream().anyMatch(present -> present.number() == number);
  }

  void heard(long now) {
    lastWord = now;
  }

  /// The agent is gone; silence counts from its last word.
  void detach() {
    session = Optional.empty();
    hello = Optional.empty();
    draining = false;
    toKill.clear();
  }

  boolean lost(long now) {
    return session.isPresent() && silentSeconds(now) > LOST_AFTER_SECONDS;
  }

  long silentSeconds(long now) {
    return Math.max(0, now - lastWord);
  }

  boolean attached() {
    return session.isPresent();
  }

  /// Says something to the agent, if it is there.
  void tell(AgentSession.Command command) {
    session.ifPresent(present -> present.ref().tell(command));
  }

  private long number() {
    return session.map(AgentSession.Handle::number).orElse(0L);
  }
}
