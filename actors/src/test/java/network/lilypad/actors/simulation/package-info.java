/// The protocol in one thread and virtual time: the real state machines of jobs, machines and deals between parties
/// that fail, lie and fall silent, over a network that loses, repeats, delays and reorders, on a ledger that stalls.
///
/// Read it in this order: [Simulation] (one run), [Node] (what a shell owes its state machine), [JobNode], [DealNode]
/// and [MachineNode] (who answers what), [Agent] and [Creator] (the parties), [SimLedger] (the money), [Auditor] (what
/// must always hold), [Sabotage] (how we know that the auditor is awake).
@NullMarked
package network.lilypad.actors.simulation;

import org.jspecify.annotations.NullMarked;
