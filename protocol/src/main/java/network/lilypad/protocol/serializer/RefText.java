package network.lilypad.protocol.serializer;

import java.util.function.Supplier;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorRefResolver;

/// How an actor reference is written as text, and found again on another node.
public interface RefText {
  /// The reference's path with its node's address.
  String write(ActorRef<?> ref);

  /// The actor at a path; a dead letter office if there is none.
  ActorRef<Object> read(String text);

  /// By a cluster member's own resolver.
  ///
  /// @param resolver asked for at every use: a system makes its serializers before it can make its resolver
  static RefText of(Supplier<ActorRefResolver> resolver) {
    return new RefText() {
      @Override public String write(ActorRef<?> ref) {
        return resolver.get().toSerializationFormat(ref);
      }

      @Override public ActorRef<Object> read(String text) {
        return resolver.get().resolveActorRef(text);
      }
    };
  }
}
