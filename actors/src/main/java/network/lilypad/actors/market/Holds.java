package network.lilypad.actors.market;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import network.lilypad.protocol.Defect;
import network.lilypad.protocol.value.JobId;
import network.lilypad.protocol.value.MachineId;
import network.lilypad.protocol.value.Resources;
import org.jspecify.annotations.Nullable;

/// The slices that proposals have taken and no machine has yet taken off its own figure. They outlive the machine's
/// entry: a machine that is listed again still lacks them.
final class Holds {
  private final Map<JobId, Hold> byJob = new LinkedHashMap<>();
  private final Map<MachineId, Sum> byMachine = new HashMap<>();

  /// One slice.
  static final class Hold {
    private final Proposal proposal;
    private final JobEntry job;
    private final long revision;
    private final long at;
    private boolean withdrawn;

    /// @param revision the machine's at the time
    /// @param at ledger seconds
    Hold(Proposal proposal, JobEntry job, long revision, long at) {
      this.proposal = proposal;
      this.job = job;
      this.revision = revision;
      this.at = at;
    }

    Proposal proposal() {
      return proposal;
    }

    JobEntry job() {
      return job;
    }

    long revision() {
      return revision;
    }

    /// Whether the job has been taken off the book since.
    boolean isWithdrawn() { return withdrawn; }

    void withdraw() {
      withdrawn = true;
    }

    private Resources slice() {
      return job.offer().work().resources();
    }
  }

  /// Wide enough for any number of slices.
  private static final class Sum {
    private int holds;
    private long milliCpu;
    private long gpus;
    private long ramMib;
    private long diskMib;

    void add(Resources slice, int sign) {
      holds += sign;
      milliCpu += (long) sign * slice.milliCpu();
      gpus += (long) sign * slice.gpus();
      ramMib += sign * slice.ramMib();
      diskMib += sign * slice.diskMib();
    }

    Resources leftOf(Resources free) {
      return new Resources((int) left(free.milliCpu(), milliCpu), (int) left(free.gpus(), gpus), free.gpuModel(),
          free.vramMibPerGpu(), left(free.ramMib(), ramMib), left(free.diskMib(), diskMib));
    }

    private static long left(long free, long taken) {
      return Math.max(0, free - taken);
    }
  }

  int size() {
    return byJob.size();
  }

  @Nullable Hold get(JobId job) {
    return byJob.get(job);
  }

  void add(Hold hold) {
    Defect.unless(byJob.put(hold.job.id(), hold) == null, "hold: job " + hold.job.id() + " has one already");
    byMachine.computeIfAbsent(hold.proposal.machine(), _ -> new Sum()).add(hold.slice(), 1);
  }

  void remove(Hold hold) {
    Defect.unless(byJob.remove(hold.job.id(), hold), "hold: job " + hold.job.id() + " has another");
    var sum = byMachine.get(hold.proposal.machine());
    if (sum == null) {
      throw new Defect("hold: machine " + hold.proposal.machine() + " has none (expected: this one)");
    }
    sum.add(hold.slice(), -1);
    if (sum.holds == 0) {
      byMachine.remove(hold.proposal.machine());
    }
  }

  /// What the holds leave of a machine's own figure.
  Resources leftOf(Resources free, MachineId machine) {
    var sum = byMachine.get(machine);
    return sum == null ? free : sum.leftOf(free);
  }

  /// Proposals made before a time and not settled, the oldest first.
  List<Proposal> madeBefore(long time, int max) {
    var old = new ArrayList<Proposal>();
    for (Hold hold : byJob.values()) {
      if (hold.at >= time || old.size() == max) {
        break;
      }
      old.add(hold.proposal);
    }
    return old;
  }

  /// Checks the sums; for tests.
  void validate() {
    var sums = new HashMap<MachineId, Sum>();
    for (Hold hold : byJob.values()) {
      sums.computeIfAbsent(hold.proposal.machine(), _ -> new Sum()).add(hold.slice(), 1);
    }
    Defect.unless(sums.keySet().equals(byMachine.keySet()), "holds: sums of other machines");
    sums.forEach((machine, sum) -> {
      var kept = byMachine.get(machine);
      Defect.unless(kept != null && kept.holds == sum.holds && kept.milliCpu == sum.milliCpu && kept.gpus == sum.gpus
          && kept.ramMib == sum.ramMib && kept.diskMib == sum.diskMib, "holds: wrong sum of " + machine);
    });
  }
}
