package network.lilypad.chain;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;

import org.apache.pekko.actor.typed.ActorRef;

import network.lilypad.protocol.message.Bridge;

/// Intents that wait for their answer, oldest first, each with all who asked for it. Bounded. An intent's identity is
/// all of it, not its key: two endings of one deal are two questions.
final class Waiting {
  /// Intents kept in memory: seconds of work for the ledger, some 20 MiB.
  static final int MAX_INTENTS = 8_192;
  /// Askers of one intent: the sender and some repeats of its question. Beyond that the oldest, who has given up, goes.
  static final int MAX_ASKERS = 8;

  private final Map<Intent, LinkedHashSet<ActorRef<Bridge.Reply>>> intents = new LinkedHashMap<>();

  int size() {
    return intents.size();
  }

  boolean contains(Intent intent) {
    return intents.containsKey(intent);
  }

  /// Adds an intent, or an asker to one that is here.
  ///
  /// @return false if there is no room
  boolean add(Intent intent, ActorRef<Bridge.Reply> asker) {
    if (intents.size() >= MAX_INTENTS && !contains(intent)) {
      return false;
    }
    var askers = intents.computeIfAbsent(intent, _ -> new LinkedHashSet<>());
    askers.addLast(asker);
    if (askers.size() > MAX_ASKERS) {
      askers.removeFirst();
    }
    return true;
  }

  /// Takes the oldest away.
  ///
  /// @param limit at most so many
  Waiting take(int limit) {
    var taken = new Waiting();
    var oldest = intents.entrySet().iterator();
    while (oldest.hasNext() && taken.size() < limit) {
      var entry = oldest.next();
      taken.intents.put(entry.getKey(), entry.getValue());
      oldest.remove();
    }
    return taken;
  }

  /// These, then the others, who wait behind them.
  Waiting before(Waiting others) {
    var all = new Waiting();
    all.intents.putAll(intents);
    all.intents.putAll(others.intents);
    return all;
  }

  /// The intents, oldest first.
  List<Intent> list() {
    return List.copyOf(intents.keySet());
  }

  /// Tells every asker.
  ///
  /// @param replies one for each intent, in the order of [#list()]
  void answer(List<Bridge.Reply> replies) {
    Iterator<Bridge.Reply> next = replies.iterator();
    intents.values().forEach(askers -> {
      var reply = next.next();
      askers.forEach(asker -> asker.tell(reply));
    });
  }
}
