package network.lilypad.node.auth;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import network.lilypad.protocol.value.Address;
import network.lilypad.protocol.value.Bytes32;

/// The nonces of requests that have not expired yet. Kept in memory only: after a restart a request could be repeated
/// within its minutes, which changes nothing, because whatever moves money is signed and counted once by itself.
/// Thread-safe.
final class UsedNonces {
  /// One account may take a tenth of the memory, so that no account can shut the others out alone.
  private static final int SHARE = 10;

  private final int limit;
  private final Set<Use> used = new HashSet<>();
  private final Map<Address, Integer> byAccount = new HashMap<>();
  private final TreeMap<Long, List<Use>> byExpiry = new TreeMap<>();

  private record Use(Address account, Bytes32 nonce) {}

  /// What became of a nonce.
  enum Outcome {
    /// Never seen; it is now.
    FRESH,
    /// Seen before.
    REPEATED,
    /// Too many to remember.
    FULL
  }

  /// @param limit the most nonces remembered
  UsedNonces(int limit) {
    this.limit = limit;
  }

  /// Takes a nonce.
  ///
  /// @param expiry when it may be forgotten, ledger seconds
  /// @param now ledger seconds
  synchronized Outcome use(Address account, Bytes32 nonce, long expiry, long now) {
    forgetBefore(now);
    var use = new Use(account, nonce);
    if (used.contains(use)) {
      return Outcome.REPEATED;
    }
    if (used.size() >= limit || byAccount.getOrDefault(account, 0) >= Math.max(1, limit / SHARE)) {
      return Outcome.FULL;
    }
    used.add(use);
    byAccount.merge(account, 1, Integer::sum);
    byExpiry.computeIfAbsent(expiry, _ -> new ArrayList<>()).add(use);
    return Outcome.FRESH;
  }

  /// A request is dead at its expiry second, so its nonce is needed no longer.
  private void forgetBefore(long now) {
    var expired = byExpiry.headMap(now, true);
    expired.values().forEach(uses -> uses.forEach(use -> {
      used.remove(use);
      byAccount.computeIfPresent(use.account(), (_, count) -> count > 1 ? count - 1 : null);
    }));
    expired.clear();
  }

  synchronized int size() {
    return used.size();
  }
}
