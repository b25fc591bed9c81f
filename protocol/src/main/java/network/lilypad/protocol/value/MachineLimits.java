package network.lilypad.protocol.value;

/// What a machine's owner lets run on it, beyond the signed offer. The agent's own word and unsigned: it keeps a market
/// from asking for what the agent would decline, and binds nobody.
///
/// @param network the most a job may reach
/// @param maxRunSeconds the longest run, 1 to 2^31-1
/// @param minPrice the smallest price of a deal
public record MachineLimits(NetworkPolicy network, int maxRunSeconds, Lp minPrice) {
  /// What is known of a machine whose agent says nothing: no limit.
  public static final MachineLimits UNLIMITED = new MachineLimits(NetworkPolicy.FULL, Integer.MAX_VALUE, Lp.ZERO);

  /// @throws IllegalArgumentException if a number is out of bounds
  public MachineLimits {
    Bounds.check("maxRunSeconds", maxRunSeconds, 1, Integer.MAX_VALUE);
  }
}
