package network.lilypad.actors;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Function;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.ActorContext;

/// Who wants to be told what happens to an entity. Kept in memory only: a watcher that hears nothing asks again.
///
/// @param <U> what they are told
/// @param <C> the entity's commands
public final class Watchers<U, C> {
  /// The most watchers of one entity: a person has a few windows open, a dashboard one. The oldest is dropped.
  public static final int MAX_WATCHERS = 64;

  private final ActorContext<C> context;
  private final Function<ActorRef<U>, C> stopped;
  private final Deque<ActorRef<U>> refs = new ArrayDeque<>();

  /// @param stopped the command that says that a watcher has stopped
  public Watchers(ActorContext<C> context, Function<ActorRef<U>, C> stopped) {
    this.context = context;
    this.stopped = stopped;
  }

  /// Adds one; adding it again changes nothing.
  public void add(ActorRef<U> watcher) {
    if (refs.contains(watcher)) {
      return;
    }
    if (refs.size() == MAX_WATCHERS) {
      context.unwatch(refs.removeFirst());
    }
    refs.addLast(watcher);
    context.watchWith(watcher, stopped.apply(watcher));
  }

  /// Removes one.
  public void remove(ActorRef<U> watcher) {
    refs.remove(watcher);
  }

  /// Tells all.
  public void tell(U update) {
    refs.forEach(ref -> ref.tell(update));
  }

  /// Whether nobody watches.
  public boolean isEmpty() { return refs.isEmpty(); }
}
