package network.lilypad.actors.market;

import java.math.BigInteger;
import network.lilypad.protocol.value.JobOffer;
import network.lilypad.protocol.value.Lp;
import network.lilypad.protocol.value.ResourceOffer;

/// What a pair costs, and the same seen from the job: the highest ask it can pay. A slot is a GPU for a job that wants
/// GPUs, else a core; a job that wants neither costs the minimum charge anywhere.
///
/// @param minimum no deal costs less
record Tariff(Lp minimum) {
  private static final BigInteger HIGHEST = BigInteger.valueOf(Long.MAX_VALUE);
  /// Milli-CPU are thousandths of a slot.
  private static final long MILLI = 1000;

  /// The price of a pair whose ask is within the job's limit.
  Lp price(JobOffer job, ResourceOffer machine) {
    return job.priceAt(machine.askPerGpuSecond(), machine.askPerCoreSecond()).max(minimum);
  }

  /// The price of any pair; all LP there are if it is more.
  Lp quote(JobOffer job, ResourceOffer machine) {
    return ask(job, machine) > highestAsk(job, Lp.MAX_GWEI) ? Lp.gwei(Lp.MAX_GWEI) : price(job, machine);
  }

  /// The scalar by which this job compares machines: gwei of LP per slot-second.
  static long ask(JobOffer job, ResourceOffer machine) {
    return (job.work().resources().gpus() > 0 ? machine.askPerGpuSecond() : machine.askPerCoreSecond()).gwei();
  }

  /// The highest ask whose price is within the job's limit; -1 if none is.
  long highestAsk(JobOffer job) {
    return job.maxPrice().covers(minimum) ? highestAsk(job, job.maxPrice().gwei()) : -1;
  }

  /// The offered price per slot-second, rounded down to gwei of LP: the higher, the earlier a job is served. A job
  /// without slots offers nothing for them and comes last.
  static long rank(JobOffer job) {
    return wantsSlots(job) ? highestAsk(job, job.maxPrice().gwei()) : 0;
  }

  private static boolean wantsSlots(JobOffer job) {
    var wanted = job.work().resources();
    return wanted.gpus() > 0 || wanted.milliCpu() > 0;
  }

  private static long highestAsk(JobOffer job, long price) {
    if (!wantsSlots(job)) {
      return Long.MAX_VALUE;
    }
    var wanted = job.work().resources();
    long seconds = job.work().runSeconds();
    return wanted.gpus() > 0 ? price / (wanted.gpus() * seconds) : perCore(price, wanted.milliCpu() * seconds);
  }

  private static long perCore(long price, long milliCpuSeconds) {
    return price <= Long.MAX_VALUE / MILLI
        ? price * MILLI / milliCpuSeconds
        : BigInteger.valueOf(price).multiply(BigInteger.valueOf(MILLI)).divide(BigInteger.valueOf(milliCpuSeconds))
            .min(HIGHEST).longValueExact();
  }
}
