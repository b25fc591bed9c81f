package network.lilypad.chain;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.function.Predicate;

import network.lilypad.protocol.Defect;
import network.lilypad.protocol.message.Bridge;
import network.lilypad.protocol.value.Address;
import network.lilypad.protocol.value.DealId;
import network.lilypad.protocol.value.Domain;

/// A real ledger behind a bad line: slow, silent before or after it has done its work, or broken by one intent.
final class FaultyLedger implements Settlement {
  private final Settlement real;
  private final Semaphore gate = new Semaphore(Integer.MAX_VALUE);
  private final Queue<Fault> faults = new ConcurrentLinkedQueue<>();
  private final List<Integer> batches = Collections.synchronizedList(new ArrayList<>());
  private volatile Predicate<Intent> poison = _ -> false;

  enum Fault {
    SILENT_BEFORE, SILENT_AFTER
  }

  FaultyLedger(Settlement real) {
    this.real = real;
  }

  /// Holds every call until [#release].
  void hold() {
    gate.drainPermits();
  }

  void release() {
    gate.drainPermits();
    gate.release(1_000_000);
  }

  void next(Fault... coming) {
    faults.addAll(List.of(coming));
  }

  void poison(Predicate<Intent> what) {
    poison = what;
  }

  /// The sizes of the batches that were asked for so far.
  List<Integer> batches() {
    return List.copyOf(batches);
  }

  @Override public List<Bridge.Reply> settle(List<Intent> batch) {
    batches.add(batch.size());
    gate.acquireUninterruptibly();
    Defect.unless(batch.stream().noneMatch(poison), "poison");
    var fault = faults.poll();
    if (fault == Fault.SILENT_BEFORE) {
      throw silent();
    }
    var replies = real.settle(batch);
    if (fault == Fault.SILENT_AFTER) {
      throw silent();
    }
    return replies;
  }

  private static SettlementUnavailableException silent() {
    return new SettlementUnavailableException("faulty ledger", new IOException("the line is dead"));
  }

  private Settlement answering() {
    gate.acquireUninterruptibly();
    if (faults.poll() != null) {
      throw silent();
    }
    return real;
  }

  @Override public Domain domain() {
    return real.domain();
  }

  @Override public Bridge.Reply deal(DealId deal) {
    return answering().deal(deal);
  }

  @Override public Bridge.Balance balance(Address account) {
    return answering().balance(account);
  }

  @Override public long ledgerTime() {
    return real.ledgerTime();
  }

  @Override public Totals totals() {
    return real.totals();
  }
}
