package network.lilypad.executor.egress;

import io.netty.channel.Channel;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/// What all connections of one run have in common: whom they may reach, what became of them, and their end.
/// Thread-safe.
final class Passage implements AutoCloseable {
  /// As many as a crowd of downloads needs, few enough that one run does not take the machine's files and ports.
  static final int CONNECTIONS_MAX = 64;
  /// Names are looked up by the system, a thread for each at a time; it remembers them for half a minute.
  private static final int LOOKUP_THREADS_MAX = 4;
  private static final long CLOSE_MILLIS_MAX = 2000;

  private final EgressRule rule;
  private final Set<String> hosts;
  private final Patience patience;
  private final Journal journal = new Journal();
  private final ThreadPoolExecutor lookups;
  /// Closes what is added after its end, too.
  private final ChannelGroup fronts = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE, true);
  private final ChannelGroup others = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE, true);

  Passage(EgressRule rule, Set<String> hosts, Patience patience) {
    this.rule = rule;
    this.hosts = Set.copyOf(hosts);
    this.patience = patience;
    this.lookups = new ThreadPoolExecutor(LOOKUP_THREADS_MAX, LOOKUP_THREADS_MAX, 1, TimeUnit.SECONDS,
        new LinkedBlockingQueue<>(), Thread.ofPlatform().daemon().name("egress-names-", 0).factory());
    lookups.allowCoreThreadTimeOut(true);
  }

  /// Whether there is room for one more.
  boolean admits(Channel front) {
    fronts.add(front);
    return fronts.size() <= CONNECTIONS_MAX;
  }

  /// Counts a connection that leads out.
  void opened(Channel other) {
    others.add(other);
    journal.opened();
  }

  Optional<String> objection(Destination to) {
    return rule.objection(to, hosts);
  }

  /// The addresses that may be reached, at most once looked up. Fails if the name has none.
  CompletableFuture<List<InetAddress>> addresses(String host) {
    return CompletableFuture.supplyAsync(() -> {
      try {
        return rule.addresses(host);
      } catch (UnknownHostException e) {
        throw new CompletionException(e);
      }
    }, lookups).orTimeout(patience.lookup().toMillis(), TimeUnit.MILLISECONDS);
  }

  void refused(String what, String why) {
    journal.refused(what, why);
  }

  /// What is allowed, in words.
  String allowed() {
    return (hosts.isEmpty() ? "no host" : String.join(", ", new TreeSet<>(hosts))) + " at ports "
        + new TreeSet<>(rule.ports());
  }

  Patience patience() {
    return patience;
  }

  Journal journal() {
    return journal;
  }

  @Override public void close() {
    lookups.shutdownNow();
    fronts.close().awaitUninterruptibly(CLOSE_MILLIS_MAX);
    others.close().awaitUninterruptibly(CLOSE_MILLIS_MAX);
  }
}
