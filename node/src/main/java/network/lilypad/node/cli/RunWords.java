package network.lilypad.node.cli;

import com.google.protobuf.ByteString;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import network.lilypad.actors.deal.Cause;
import network.lilypad.node.agent.Benchmark;
import network.lilypad.protocol.proto.v1.AttemptEnding;
import network.lilypad.protocol.proto.v1.DealView;
import network.lilypad.protocol.proto.v1.Job;
import network.lilypad.protocol.proto.v1.RunEnding;
import network.lilypad.protocol.proto.v1.RunReport;
import network.lilypad.protocol.value.Address;
import network.lilypad.protocol.value.DealPhase;

/// A run for people: what it took, why it failed, and what happens next.
final class RunWords {
  /// Causes after which no further attempt is made.
  private static final Set<String> ENDS_THE_JOB = Arrays.stream(Cause.values())
      .filter(cause -> cause.next() != Cause.Next.RETRY).map(Cause::name).collect(Collectors.toUnmodifiableSet());
  private static final ByteString NOBODY = ByteString.copyFrom(Address.ZERO.bytes());

  private static final String ENDING_PREFIX = "RUN_ENDING_";

  private RunWords() {}

  /// What it took; empty before its end.
  static String usage(RunReport report) {
    if (!report.hasUsage()) {
      return "";
    }
    var usage = report.getUsage();
    return "cpu " + seconds(usage.getCpuMillis())
        + (usage.hasGpuMillis() ? ", gpu " + seconds(usage.getGpuMillis()) : "")
        + (usage.hasPeakGpuMemoryBytes() ? ", peak gpu memory " + bytes(usage.getPeakGpuMemoryBytes()) : "")
        + (usage.getPeakMemoryBytes() > 0 ? ", peak memory " + bytes(usage.getPeakMemoryBytes()) : "") + ", output "
        + bytes(usage.getOutputBytes());
  }

  /// How fast the machine says it is; empty if it says nothing.
  static String speed(DealView deal) {
    return deal.hasSpeed() ? Benchmark.of(deal.getSpeed()).text() : "";
  }

  /// Why it failed, by the job's own fault or the machine's; empty if it did not.
  static String failure(Job job) {
    var report = job.getDeal().getReport();
    if (!report.getFailure().isEmpty()) {
      boolean again = report.getTries() > 1 && job.getPhase().equals("Claimed")
          && !DealPhase.of(job.getDeal().getPhaseValue()).terminal();
      return (again ? "the machine tries again, try " + report.getTries() : "the machine could not run it") + ": "
          + report.getFailure();
    }
    if (report.getExitCode() != 0) {
      return "exit code " + report.getExitCode() + (report.getOutcome().isEmpty() ? "" : ", " + report.getOutcome())
          + named(report);
    }
    return DealPhase.of(job.getDeal().getPhaseValue()).paid() ? "" : job.getDeal().getDetail();
  }

  /// How its program ended, by the name that programs key on; empty if nobody knows.
  static String ending(RunReport report) {
    return report.getEnding() == RunEnding.RUN_ENDING_UNSPECIFIED || report.getEnding() == RunEnding.UNRECOGNIZED ? ""
        : report.getEnding().name().substring(ENDING_PREFIX.length());
  }

  /// The name beside an exit code: of a program that did not end by itself.
  static String named(RunReport report) {
    var name = ending(report);
    return name.isEmpty() || report.getEnding() == RunEnding.RUN_ENDING_EXITED ? "" : " (" + name + ")";
  }

  /// What it has cost, or if it has not been paid yet what the provider wants.
  static String cost(DealView deal) {
    return Words.lp(deal.getSettled() ? deal.getPaid() : deal.getCost());
  }

  /// What is left of a job that was cancelled while it ran; empty if nothing is.
  static String partial(Job job) {
    return job.getDeal().getReport().getPartial().isEmpty() ? ""
        : "what it had written when it was cancelled, unsigned: lilypad jobs results " + Words.shortHex(job.getJob());
  }

  /// What happens next, in a sentence; empty for a job that went well.
  static String next(Job job) {
    return switch (job.getPhase()) {
      case "Open", "Claimed" -> attempt(job);
      case "Closing" -> "the money is being settled";
      case "Failed" ->
        "final: no attempt is left of " + job.getOffer().getMaxAttempts() + "; lilypad run submits it again";
      case "Cancelled" -> "final: it was cancelled";
      case "Expired" -> "final: no machine took it in time; lilypad jobs explain " + Words.shortHex(job.getJob());
      default -> job.getDeal().getReport().getExitCode() == 0 ? ""
          : "final: a program's own failure is its result, metered and paid; correct the job and run it again";
    };
  }

  /// After an attempt that was lost.
  static String afterLost(Job job, int attempt, AttemptEnding ending) {
    int max = job.getOffer().getMaxAttempts();
    return ENDS_THE_JOB.contains(ending.getCause()) ? "the job ends with it"
        : max == 0 ? "another machine is looked for"
            : attempt < max
                ? "attempt " + (attempt + 1) + " of " + max + " looks for another machine"
                : "that was the last of " + max + " attempts, unless it did not count";
  }

  private static String attempt(Job job) {
    int max = job.getOffer().getMaxAttempts();
    var which = "attempt " + Math.max(1, job.getAttempt()) + " of " + max;
    return job.getPhase().equals("Open") ? which + " looks for a machine" : which + " is under way";
  }

  /// Attempts before the one that is shown.
  static String history(Job job) {
    return attempts(job).limit(Math.max(0, job.getAttempt() - 1)).map(RunWords::ending).collect(Collectors.joining());
  }

  /// Attempts that some machine had; an offer that runs out ends one that nobody had.
  static Stream<AttemptEnding> attempts(Job job) {
    return job.getHistoryList().stream().filter(past -> !NOBODY.equals(past.getProvider()));
  }

  private static String ending(AttemptEnding past) {
    return "\nearlier   provider " + Words.shortHex(past.getProvider()) + ": " + cause(past);
  }

  /// Why an attempt came to nothing.
  static String cause(AttemptEnding past) {
    return past.getCause() + (past.getFailure().isEmpty() ? "" : ", " + plain(past.getFailure()));
  }

  /// The last lines of standard error, indented; empty if there are none.
  static String stderr(RunReport report) {
    return report.getStderrTail().isBlank() ? ""
        : "\nstderr    last lines:" + report.getStderrTail().lines().map(line -> "\n  " + plain(line))
            .collect(Collectors.joining());
  }

  /// A program's output must not steer the terminal.
  static String plain(String line) {
    return line.replaceAll("\\p{Cntrl}", "?");
  }

  private static String seconds(long millis) {
    return String.format(Locale.ROOT, "%.1f s", millis / 1000.0);
  }

  static String bytes(long bytes) {
    return bytes < 10 << 10 ? bytes + " bytes"
        : bytes < 10L << 20 ? (bytes >> 10) + " KiB"
            : bytes < 10L << 30 ? (bytes >> 20) + " MiB" : (bytes >> 30) + " GiB";
  }
}
