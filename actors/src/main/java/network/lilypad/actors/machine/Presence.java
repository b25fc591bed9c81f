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
  /// The most that one look counts as silence. Who did not look, heard nothing: while this process stood still, or
  /// waited for its journal, the agent may have talked.
  private static final long LOOK_SECONDS_MAX = 2;

  private Optional<AgentSession.Handle> session = Optional.empty();
  private Optional<Hello> hello = Optional.empty();
  private final Set<DealId> toKill = new HashSet<>();
  private boolean draining;
  private long silence;
  private long lastLook;

  /// @param now ledger seconds; silence is counted from here
  Presence(long now) {
    lastLook = now;
  }

  /// Whether a session is younger than the present one.
  boolean mayAttach(AgentSession.Handle handle) {
    return session.stream().allMatch(present -> handle.number() > present.number());
  }

  /// Takes a session; the one it replaces is to be closed.
  Optional<AgentSession.Handle> attach(AgentSession.Handle handle, Hello said) {
    var replaced = session;
    session = Optional.of(handle);
    hello = Optional.of(said);
    toKill.clear();
    silence = 0;
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

  void heard() {
    silence = 0;
  }

  /// Counts the time since the last look as silence; to be called every second.
  void look(long now) {
    silence += Math.clamp(now - lastLook, 0, LOOK_SECONDS_MAX);
    lastLook = now;
  }

  /// The agent is gone; silence counts from its last word.
  void detach() {
    session = Optional.empty();
    hello = Optional.empty();
    draining = false;
    toKill.clear();
  }

  boolean lost() {
    return session.isPresent() && silence > LOST_AFTER_SECONDS;
  }

  /// For how long nothing was heard while somebody listened.
  long silentSeconds() {
    return silence;
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
