package network.lilypad.actors.market;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeSet;
import network.lilypad.protocol.Defect;
import network.lilypad.protocol.value.Address;
import network.lilypad.protocol.value.Bytes32;
import network.lilypad.protocol.value.Engine;
import network.lilypad.protocol.value.JobId;
import org.jspecify.annotations.Nullable;

/// The waiting jobs, on one shelf for each kind of machine that they want, so that a machine looks only at those that
/// it is the right kind for.
final class Shelves {
  private final Profiles profiles;
  private final Map<Address, Map<Label, RankedIndex<RestingJob>>> byTarget = new HashMap<>();
  private final TreeSet<Due> due = new TreeSet<>();
  private long looked;

  Shelves(Profiles profiles) {
    this.profiles = profiles;
  }

  /// What jobs on one shelf have in common.
  ///
  /// @param engine what runs them
  /// @param gpus whether they want GPUs
  /// @param model which model, zero: any
  private record Label(Engine engine, boolean gpus, Bytes32 model) {
    static Label of(JobEntry job) {
      var work = job.offer().work();
      return new Label(work.engine(), job.wantsGpus(), job.wantsGpus() ? work.resources().gpuModel() : Bytes32.ZERO);
    }
  }

  private record Due(long at, JobId id, RestingJob job) implements Comparable<Due> {
    static Due of(RestingJob job) {
      return new Due(job.entry().lastStart(), job.id(), job);
    }

    @Override public int compareTo(Due other) {
      int order = Long.compare(at, other.at);
      return order != 0 ? order : id.compareTo(other.id);
    }
  }

  boolean isEmpty() { return due.isEmpty(); }

  int size() {
    return due.size();
  }

  long looked() {
    return looked;
  }

  void add(RestingJob job) {
    byTarget.computeIfAbsent(job.entry().offer().target(), _ -> new HashMap<>())
        .computeIfAbsent(Label.of(job.entry()), _ -> new RankedIndex<>(RestingJob.class))
        .insert(job, profiles.job(job.entry()));
    due.add(Due.of(job));
  }

  void remove(RestingJob job) {
    var target = job.entry().offer().target();
    var label = Label.of(job.entry());
    var shelves = byTarget.get(target);
    var shelf = shelves == null ? null : shelves.get(label);
    if (shelves == null || shelf == null) {
      throw new Defect("job: " + job.id() + " is on no shelf (expected: on its own)");
    }
    shelf.remove(job);
    due.remove(Due.of(job));
    if (shelf.size() == 0) {
      shelves.remove(label);
    }
    if (shelves.isEmpty()) {
      byTarget.remove(target);
    }
  }

  /// The best job after `from` that the machine might serve.
  ///
  /// @param from null: the best of all
  @Nullable RestingJob next(RestingMachine machine, @Nullable RestingJob from, long now) {
    if (isEmpty() || !machine.open()) {
      return null;
    }
    var general = next(machine, byTarget.get(Address.ZERO), from, now);
    var own = next(machine, byTarget.get(machine.id().provider()), from, now);
    return better(general, own);
  }

  private @Nullable RestingJob next(RestingMachine machine, @Nullable Map<Label, RankedIndex<RestingJob>> shelves,
      @Nullable RestingJob from, long now) {
    RestingJob best = null;
    if (shelves != null) {
      for (Engine engine : machine.attributes().engines()) {
        best = better(best, next(machine, shelves, new Label(engine, false, Bytes32.ZERO), from, now));
        best = better(best, nextWithGpus(machine, shelves, engine, from, now));
      }
    }
    return best;
  }

  private @Nullable RestingJob nextWithGpus(RestingMachine machine, Map<Label, RankedIndex<RestingJob>> shelves,
      Engine engine, @Nullable RestingJob from, long now) {
    if (machine.free().gpus() == 0) {
      return null;
    }
    var model = machine.free().gpuModel();
    var any = next(machine, shelves, new Label(engine, true, Bytes32.ZERO), from, now);
    return model.isZero() ? any : better(any, next(machine, shelves, new Label(engine, true, model), from, now));
  }

  private @Nullable RestingJob next(RestingMachine machine, Map<Label, RankedIndex<RestingJob>> shelves, Label label,
      @Nullable RestingJob from, long now) {
    var shelf = shelves.get(label);
    var ask = machine.ask(label.gpus());
    if (shelf == null || ask == null) {
      return null;
    }
    long before = shelf.looked();
    var found = shelf.next(from, false, profiles.servedBy(machine, ask.gwei(), now));
    looked += shelf.looked() - before;
    return found;
  }

  private static @Nullable RestingJob better(@Nullable RestingJob one, @Nullable RestingJob other) {
    if (one == null || other == null) {
      return one == null ? other : one;
    }
    return one.compareTo(other) <= 0 ? one : other;
  }

  /// Waiting jobs that can no longer start in time, the earliest first.
  List<RestingJob> expired(long now, int max) {
    var jobs = new ArrayList<RestingJob>();
    for (Due first : due) {
      if (first.at >= now || jobs.size() == max) {
        break;
      }
      jobs.add(first.job);
    }
    return jobs;
  }

  /// The first second at which a waiting job can no longer start in time.
  OptionalLong nextExpiry() {
    return due.isEmpty() ? OptionalLong.empty() : OptionalLong.of(due.first().at + 1);
  }

  /// Checks the structure; for tests.
  void validate() {
    int jobs = 0;
    for (var shelves : byTarget.values()) {
      for (var shelf : shelves.values()) {
        Defect.unless(shelf.size() > 0, "shelf: empty (expected: none such)");
        shelf.validate();
        jobs += shelf.size();
      }
    }
    Defect.unless(jobs == due.size(), "shelves: " + jobs + " jobs (expected: " + due.size() + ")");
  }
}
