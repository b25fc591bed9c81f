package network.lilypad.node.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import network.lilypad.protocol.proto.v1.Job;
import network.lilypad.protocol.value.DealPhase;

/// When a job's last attempt reached each stage, in the order of time. What the machine says of itself (leased to
/// stored) is its word; the rest is the market's and the ledger's.
///
/// @param stages at least the submission
record Timeline(List<Stage> stages) {
  /// A stage.
  ///
  /// @param at ledger seconds
  record Stage(String name, long at) {}

  static Timeline of(Job job) {
    var stages = new ArrayList<Stage>();
    add(stages, "submitted", job.getPostedAt());
    var deal = job.getDeal();
    deal.getStagesList().forEach(stage -> add(stages, name(stage.getPhaseValue()), stage.getAt()));
    var report = deal.getReport();
    add(stages, "leased", report.getLeasedAt());
    add(stages, "pulling", report.getPullingAt());
    add(stages, "running", report.getRunningAt() == 0 ? deal.getStartedAt() : report.getRunningAt());
    add(stages, "ended", report.getEndedAt() == 0 ? deal.getEndedAt() : report.getEndedAt());
    add(stages, "stored", report.getStoredAt());
    add(stages, "settled", deal.getPaidAt());
    stages.sort(Comparator.comparingLong(Stage::at).thenComparingInt(stage -> ORDER.indexOf(stage.name)));
    return new Timeline(List.copyOf(stages));
  }

  private static final List<String> ORDER = List.of("submitted", "matched", "leased", "escrowed", "pulling", "running",
      "ended", "stored", "handed in", "accepted", "settled");

  private static void add(List<Stage> stages, String name, long at) {
    if (at > 0) {
      stages.add(new Stage(name, at));
    }
  }

  private static String name(int phase) {
    return switch (DealPhase.of(phase)) {
      case NEGOTIATING -> "matched";
      case AGREED -> "escrowed";
      case RESULTS_SUBMITTED -> "handed in";
      case RESULTS_ACCEPTED, TIMEOUT_JUDGE_RESULTS -> "accepted";
      default -> Words.phase(phase);
    };
  }

  /// A line for each stage: when, which, and how long after the one before.
  String text() {
    var before = new long[]{stages.isEmpty() ? 0 : stages.getFirst().at};
    return stages.stream().map(stage -> {
      long since = stage.at - before[0];
      before[0] = stage.at;
      return "\n%s  %-10s +%s".formatted(Instant.ofEpochSecond(stage.at), stage.name, words(since));
    }).collect(Collectors.joining());
  }

  private static String words(long seconds) {
    var duration = Duration.ofSeconds(seconds);
    return seconds < 60 ? seconds + " s"
        : seconds < 3600 ? duration.toMinutes() + " min " + duration.toSecondsPart() + " s"
            : duration.toHours() + " h " + duration.toMinutesPart() + " min";
  }

  void into(ArrayNode array) {
    stages.forEach(stage -> array.addObject().put("stage", stage.name).put("at", stage.at));
  }
}
