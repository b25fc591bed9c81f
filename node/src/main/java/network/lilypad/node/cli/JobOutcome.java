package network.lilypad.node.cli;

import java.io.IOException;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import network.lilypad.protocol.content.ResultTree;
import network.lilypad.protocol.proto.v1.Explanation;
import network.lilypad.protocol.proto.v1.Job;
import network.lilypad.protocol.proto.v1.JobEvent;

/// What a finished job means for the person who ran it.
final class JobOutcome {
  private JobOutcome() {}

  /// Tells where the results are and what they cost.
  ///
  /// @return the job's own exit code, at most 124
  static int done(ResultTree tree, Job job, Screen screen) throws IOException {
    int exitCode = tree.exitCode();
    var cost = Words.lp(job.getDeal().getCost());
    screen.stage("🍃",
        "results verified, in " + tree.directory() + " (" + ResultFolder.bytes(tree) + " bytes), exit code "
            + exitCode + ", cost " + cost,
        Screen.event("done").put("folder", tree.directory().toString()).put("exit_code", exitCode)
            .put("cost_gwei", job.getDeal().getCost()).put("job", Words.hex(job.getJob())));
    return ExitCode.ofJob(exitCode);
  }

  /// Why a job ended without a result.
  static FailureException failed(Job job, Optional<Explanation> why) {
    var id = Words.shortHex(job.getJob());
    return switch (job.getPhase().toLowerCase(Locale.ROOT)) {
      case "expired" -> new FailureException(ExitCode.NO_MATCH, "no-match",
          "no machine took job " + id + " in time" + why.map(JobOutcome::counts).orElse(""),
          why.map(JobOutcome::advice).orElse("lilypad jobs explain " + id));
      case "cancelled" -> new FailureException(ExitCode.REFUSED, "cancelled", "job " + id + " was cancelled"
          + detail(job), "lilypad jobs show " + id);
      default -> FailureException.ours("job-failed", "job " + id + " failed after " + job.getAttempt() + " attempts"
          + detail(job), "lilypad jobs show " + id);
    };
  }

  private static String detail(Job job) {
    return job.getDeal().getDetail().isEmpty() ? "" : ": " + job.getDeal().getDetail();
  }

  private static String counts(Explanation why) {
    return ": " + why.getMachines() + " machines in the market, " + why.getMatching() + " match";
  }

  private static String advice(Explanation why) {
    return why.getAdviceList().isEmpty() ? "try again later" : String.join("; ", why.getAdviceList());
  }

  /// An explanation for people.
  static String text(Explanation why) {
    var filters = why.getFiltersList().stream()
        .map(f -> "  " + f.getMachines() + " fell at " + f.getRule()
            + (f.getNearest().isEmpty() ? "" : ": " + f.getNearest()))
        .collect(Collectors.joining("\n"));
    var advice = why.getAdviceList().stream().map(line -> "  " + line).collect(Collectors.joining("\n"));
    return why.getMachines() + " machines in the market, " + why.getMatching() + " match"
        + (filters.isEmpty() ? "" : "\n" + filters) + (advice.isEmpty() ? "" : "\nwhat would match:\n" + advice);
  }

  /// Whether an event is the moment to judge.
  static boolean judge(JobEvent event) {
    return event.hasResult() && !event.getResult().getResult().isEmpty();
  }
}
