package network.lilypad.chain.local;

import java.util.List;

import network.lilypad.protocol.value.Address;
import network.lilypad.protocol.value.Lp;

/// One leg of a double entry.
///
/// @param holder an address, or [#POOL] or [#ISSUED]
/// @param kind free, locked or leaving money of the holder
/// @param gwei gwei of LP, negative: taken away
record Posting(String holder, Kind kind, long gwei) {
  /// The verification pool.
  static final String POOL = "pool";
  /// The counter-account of all that was ever put in: its balance is the negative of all the money there is.
  static final String ISSUED = "issued";

  enum Kind {
    FREE, LOCKED, LEAVING
  }

  static Posting free(Address holder, long gwei) {
    return new Posting(holder.toString(), Kind.FREE, gwei);
  }

  static Posting locked(Address holder, long gwei) {
    return new Posting(holder.toString(), Kind.LOCKED, gwei);
  }

  static Posting leaving(Address holder, long gwei) {
    return new Posting(holder.toString(), Kind.LEAVING, gwei);
  }

  static Posting pool(long gwei) {
    return new Posting(POOL, Kind.FREE, gwei);
  }

  /// What a payout does.
  static List<Posting> retire(Address from, long gwei) {
    return List.of(leaving(from, -gwei), new Posting(ISSUED, Kind.FREE, gwei));
  }

  /// What a faucet does.
  static List<Posting> issue(Address to, Lp amount) {
    return List.of(new Posting(ISSUED, Kind.FREE, -amount.gwei()), free(to, amount.gwei()));
  }
}
