package network.lilypad.node.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
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
            + exitCode + RunWords.named(job.getDeal().getReport()) + ", cost " + cost,
        Screen.event("done").put("folder", tree.directory().toString()).put("exit_code", exitCode)
            .put("outcome", exitCode == 0 ? "EXITED" : RunWords.ending(job.getDeal().getReport()))
            .put("cost_gwei", job.getDeal().getCost())
            .put("job", Words.hex(job.getJob())));
    return ExitCode.ofJob(exitCode);
  }

  /// How a job's watcher ends.
  ///
  /// @return the job's own exit code, at most 124, by its machine's word or its result
  /// @throws FailureException if it ended without a result, or nobody knows its exit code any more
  static int watched(Job job) {
    if (!job.getPhase().equals("Done")) {
      throw failed(job, Optional.empty());
    }
    var report = job.getDeal().getReport();
    if (report.getEndedAt() == 0) {
      var id = Words.shortHex(job.getJob());
      throw FailureException.ours("exit-code-unknown", "job " + id
          + " is done; its machine's report is lost and its result not kept any more, so nobody knows its exit code",
          "lilypad jobs show " + id);
    }
    return ExitCode.ofJob(report.getExitCode());
  }

  /// Why a job ended without a result.
  ///
  /// @param why what the market says of the job now, if it was asked
  static FailureException failed(Job job, Optional<Explanation> why) {
    var id = Words.shortHex(job.getJob());
    return switch (job.getPhase().toLowerCase(Locale.ROOT)) {
      case "expired" -> new FailureException(ExitCode.NO_MATCH, "no-match",
          "no machine took job " + id + " in time" + why.map(now -> ": " + counts(now)).orElse("") + lost(job),
          why.map(JobOutcome::advice).filter(advice -> !advice.isEmpty()).orElse("lilypad jobs show " + id));
      case "cancelled" -> new FailureException(ExitCode.REFUSED, "cancelled", "job " + id + " was cancelled"
          + detail(job), "lilypad jobs show " + id);
      default -> FailureException.ours("job-failed", "job " + id + " failed after " + job.getAttempt() + " attempts"
          + detail(job), "lilypad jobs show " + id);
    };
  }

  private static String detail(Job job) {
    return job.getDeal().getDetail().isEmpty() ? "" : ": " + job.getDeal().getDetail();
  }

  /// How its last attempt came to nothing, if there was one.
  private static String lost(Job job) {
    return RunWords.attempts(job).reduce((_, last) -> last)
        .map(last -> "; the last attempt: " + RunWords.cause(last)).orElse("");
  }

  private static String counts(Explanation why) {
    return why.getMachines() + (why.getMachines() == 1 ? " machine" : " machines") + " in the market, "
        + why.getMatching() + (why.getMatching() == 1 ? " matches" : " match");
  }

  private static String advice(Explanation why) {
    return String.join("; ", why.getAdviceList());
  }

  private static Stream<String> filters(Explanation why) {
    return why.getFiltersList().stream().map(
        f -> f.getMachines() + " fell at " + f.getRule() + (f.getNearest().isEmpty() ? "" : ": " + f.getNearest()));
  }

  /// An explanation for people.
  static String text(Explanation why) {
    var filters = filters(why).map(line -> "\n  " + line).collect(Collectors.joining());
    var advice = why.getAdviceList().stream().map(line -> "\n  " + line).collect(Collectors.joining());
    return counts(why) + filters + (advice.isEmpty() ? "" : "\nwhat would match:" + advice);
  }

  /// An explanation in one line.
  static String line(Explanation why) {
    var sentences = Stream.concat(Stream.of(counts(why)), filters(why)).collect(Collectors.joining("; "));
    return sentences + (why.getAdviceList().isEmpty() ? "" : "; what would match: " + advice(why));
  }

  /// An explanation for programs.
  static ObjectNode object(String event, Explanation why) {
    var object = Screen.event(event).put("machines", why.getMachines()).put("matching", why.getMatching());
    why.getFiltersList().forEach(filter -> object.withArray("filters").addObject().put("rule", filter.getRule())
        .put("machines", filter.getMachines()).put("nearest", filter.getNearest()));
    why.getAdviceList().forEach(object.withArray("advice")::add);
    return object;
  }

  /// Whether an event is the moment to judge.
  static boolean judge(JobEvent event) {
    return event.hasResult() && !event.getResult().getResult().isEmpty();
  }
}
