package network.lilypad.executor.docker;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.Supplier;
import network.lilypad.protocol.value.DealId;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Containers that are made before it is known whether their deals are run: to make one takes as long as to lock the
/// money. Thread-safe.
final class Ahead {
  /// More than a machine begins at once; a container that is made and not started takes a folder.
  static final int MADE_MAX = 64;

  private static final Logger LOG = LoggerFactory.getLogger(Ahead.class);

  private final Function<DealId, Executor> aside;
  private final Map<DealId, CompletableFuture<Optional<String>>> made = new ConcurrentHashMap<>();

  /// @param aside where they are made
  Ahead(Function<DealId, Executor> aside) {
    this.aside = aside;
  }

  /// Begins to make one and returns at once. Nothing happens if there is one for the deal, or too many for others.
  void make(DealId deal, Supplier<Optional<String>> creation) {
    if (made.size() < MADE_MAX) {
      var making = made.computeIfAbsent(deal, _ -> CompletableFuture.supplyAsync(creation, aside.apply(deal)));
      var _ = making.whenComplete((container, failure) -> {
        if (failure != null || container.isEmpty()) {
          made.remove(deal, making);
        }
      });
    }
  }

  /// The deals that have one.
  Set<DealId> deals() {
    return Set.copyOf(made.keySet());
  }

  /// The deal's container, once; waits for one that is being made. Empty if there is none.
  Optional<String> take(DealId deal) {
    var making = made.remove(deal);
    try {
      return making == null ? Optional.empty() : making.join();
    } catch (CompletionException e) {
      LOG.debug("no container ahead of deal {}: {}", deal, String.valueOf(e.getCause()));
      return Optional.empty();
    }
  }
}
