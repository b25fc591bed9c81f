package network.lilypad.actors.market;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import network.lilypad.protocol.Defect;
import network.lilypad.protocol.value.Lp;
import network.lilypad.protocol.value.MachineId;
import network.lilypad.protocol.value.Resources;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// What one job costs the book from its arrival to its departure, at a number of resting offers with one slice
/// sold for every fourth (the twin: 64 in all, it would never be filled otherwise): the job is listed and matched, its
/// machine's word counts it, and a random earlier job's machine says that its slice is free again. Four words and a
/// proposal for each operation. Run:
///
/// `mvn -q -pl actors -am -Pbench test -DskipTests`
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 4, time = 3)
@Measurement(iterations = 5, time = 3)
@Fork(value = 1, jvmArgs = "-Xmx3g")
public class OrderBookBenchmark {
  private static final MarketTerms TERMS = new MarketTerms(Lp.gwei(1_000), 100);

  /// What both books hear.
  interface Book {
    void list(ResourceEntry entry);

    void list(JobEntry entry);

    void update(MachineId id, Standing standing);

    List<Proposal> match();
  }

  /// A book with its machines, and the machines' own memory.
  static final class Bench {
    private final Book book;
    private final SyntheticMarket market = new SyntheticMarket();
    private final Resources[] free;
    private final long[] revisions;
    private final List<JobEntry> arrivals = new ArrayList<>();
    private final Lease[] leases;
    private int next;

    /// A sold slice.
    record Lease(MachineId machine, Resources slice) {}

    Bench(Book book, int offers, int sold) {
      this.book = book;
      free = new Resources[offers];
      revisions = new long[offers];
      leases = new Lease[sold];
      for (int i = 0; i < offers; i++) {
        var entry = market.machine(i);
        free[i] = entry.offer().capacity();
        book.list(entry);
      }
      for (int i = 0; i < leases.length; i++) {
        leases[i] = arrive(market.job());
      }
      for (int i = 0; i < 1 << 16; i++) {
        arrivals.add(market.job());
      }
    }

    Lease arriveAndDepart() {
      int departing = market.random().nextInt(leases.length);
      var lease = leases[departing];
      say(lease.machine, free(lease.machine).plus(lease.slice), Set.of());
      var template = arrivals.get(next++ & 0xffff);
      leases[departing] = arrive(new JobEntry(market.id(), template.offer(), template.ledger(), 1, Set.of(), next));
      return lease;
    }

    private Lease arrive(JobEntry job) {
      book.list(job);
      var proposals = book.match();
      Defect.unless(proposals.size() == 1, "proposals: " + proposals.size() + " (expected: 1)");
      var proposal = proposals.getFirst();
      var slice = job.offer().work().resources();
      say(proposal.machine(), free(proposal.machine()).minus(slice), Set.of(new Attempt(job.id(), 1)));
      return new Lease(proposal.machine(), slice);
    }

    private Resources free(MachineId machine) {
      return free[(int) machine.machine().d()];
    }

    private void say(MachineId machine, Resources left, Set<Attempt> reserved) {
      int number = (int) machine.machine().d();
      free[number] = left;
      book.update(machine, new Standing(++revisions[number], true, left, reserved));
    }
  }

  /// The order book.
  @State(Scope.Thread)
  public static class Indexed {
    /// Resting offers.
    @Param({"1000", "10000", "100000", "1000000"})
    public int offers;
    private Bench bench = new Bench(book(new OrderBook(TERMS)), 1, 0);

    /// Fills the book.
    @Setup public void fill() {
      bench = new Bench(book(new OrderBook(TERMS)), offers, offers / 4);
    }
  }

  /// Its twin.
  @State(Scope.Thread)
  public static class Compared {
    /// Resting offers.
    @Param({"1000", "10000", "100000"})
    public int offers;
    private Bench bench = new Bench(book(new NaiveBook(TERMS)), 1, 0);

    /// Fills the book.
    @Setup public void fill() {
      bench = new Bench(book(new NaiveBook(TERMS)), offers, 64);
    }
  }

  /// The order book.
  @Benchmark public Object indexed(Indexed state) {
    return state.bench.arriveAndDepart();
  }

  /// The naive twin.
  @Benchmark public Object naive(Compared state) {
    return state.bench.arriveAndDepart();
  }

  private static Book book(OrderBook book) {
    return new Book() {
      @Override public void list(ResourceEntry entry) {
        book.list(entry);
      }

      @Override public void list(JobEntry entry) {
        book.list(entry);
      }

      @Override public void update(MachineId id, Standing standing) {
        book.update(id, standing);
      }

      @Override public List<Proposal> match() {
        return book.match(SyntheticMarket.NOW, 1);
      }
    };
  }

  private static Book book(NaiveBook book) {
    return new Book() {
      @Override public void list(ResourceEntry entry) {
        book.list(entry);
      }

      @Override public void list(JobEntry entry) {
        book.list(entry);
      }

      @Override public void update(MachineId id, Standing standing) {
        book.update(id, standing);
      }

      @Override public List<Proposal> match() {
        return book.match(SyntheticMarket.NOW, 1);
      }
    };
  }
}
