package network.lilypad.protocol.value;

import java.util.List;

/// A provider's offer of one machine: what it has, what it asks. Admits the machine to the book and never moves money.
/// A later version of the same machine's offer replaces the earlier one and leaves running leases alone.
///
/// @param provider who is paid
/// @param agent the key that signs leases and results for the provider, or the provider itself
/// @param solver whose market may match it
/// @param market the market it is in
/// @param machine the machine, stable for its life
/// @param version grows with every change
/// @param panels mediator panels the provider trusts, at most 16
/// @param capacity what the machine sells
/// @param askPerGpuSecond asked for one GPU for one second
/// @param askPerCoreSecond asked for 1000 milli-CPU for one second
/// @param maxCollateral the most the provider puts at stake for one deal
/// @param maxReviewSeconds the longest review it waits for its money
/// @param validUntil the offer ends then
/// @param extra zero
public record ResourceOffer(Address provider, Address agent, Address solver, Bytes32 market, Bytes32 machine,
    long version, List<Bytes32> panels, Resources capacity, Lp askPerGpuSecond, Lp askPerCoreSecond, Lp maxCollateral,
    int maxReviewSeconds, long validUntil, Bytes32 extra) implements Signable {
  /// The most panels one offer may name: more would only slow every match.
  public static final int MAX_PANELS = 16;

  /// @throws IllegalArgumentException if a number is out of bounds
  public ResourceOffer {
    Bounds.check("version", version, 0, Long.MAX_VALUE);
    Bounds.check("panels", panels.size(), 0, MAX_PANELS);
    Bounds.check("maxReviewSeconds", maxReviewSeconds, 0, Integer.MAX_VALUE);
    Bounds.check("validUntil", validUntil, 0, Bounds.MAX_UINT40);
    panels = List.copyOf(panels);
  }

  /// The identity of the machine behind every version of this offer.
  public MachineId machineId() {
    return new MachineId(provider, machine);
  }
}
