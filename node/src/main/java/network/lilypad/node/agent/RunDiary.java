package network.lilypad.node.agent;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import network.lilypad.executor.Execution;
import network.lilypad.executor.Outcome;
import network.lilypad.executor.Sink;
import network.lilypad.protocol.proto.v1.AgentMessage;
import network.lilypad.protocol.proto.v1.RunEnding;
import network.lilypad.protocol.proto.v1.RunReport;
import network.lilypad.protocol.proto.v1.RunUsage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What an agent says of one run while it is under way: when each stage was reached, what it took, how it ended. For
/// people; nothing hangs on it, so of what is lost only the last report is repeated; every report holds all that came
/// before, in an earlier process of the agent too. Thread-safe.
final class RunDiary {
  private static final Logger LOG = LoggerFactory.getLogger(RunDiary.class);
  /// A bar on a screen needs no more than a report a second.
  static final int PULLS_BETWEEN_SECONDS = 1;
  private static final int OUTCOME_CHARS_MAX = 256;
  private static final int FAILURE_CHARS_MAX = 1024;

  private final SpooledDeal deal;
  private final LongSupplier now;
  private final Consumer<AgentMessage> later;
  private final Consumer<AgentMessage> gateway;
  private final Path file;
  private final RunReport.Builder report;
  private long pulledAt;

  /// @param now ledger seconds
  /// @param later takes a report at once, and drops it when it has too many
  /// @param gateway takes a report, waiting for the line
  /// @param file where the stages so far are kept for the next process
  RunDiary(SpooledDeal deal, LongSupplier now, Consumer<AgentMessage> later, Consumer<AgentMessage> gateway,
      Path file) {
    this.deal = deal;
    this.now = now;
    this.later = later;
    this.gateway = gateway;
    this.file = file;
    this.report = earlier(file).toBuilder().setLeasedAt(deal.leasedAt());
  }

  private static RunReport earlier(Path file) {
    try {
      return Files.exists(file) ? RunReport.parseFrom(Files.readAllBytes(file))
          : RunReport.newBuilder().setTries(1).build();
    } catch (IOException e) {
      LOG.debug("{} is not read: {}", file, e.toString());
      return RunReport.newBuilder().setTries(1).build();
    }
  }

  /// A program that outlives this process began when it began.
  private void keep() {
    try {
      Files.write(file, report.build().toByteArray());
    } catch (IOException e) {
      LOG.debug("{} is not kept: {}", file, e.toString());
    }
  }

  /// Ledger seconds; now, if it does not run yet.
  synchronized long runningAt() {
    return report.getRunningAt() == 0 ? now.getAsLong() : report.getRunningAt();
  }

  synchronized void pulling() {
    if (report.getPullingAt() == 0) {
      report.setPullingAt(now.getAsLong());
      send(gateway);
    }
  }

  synchronized void moved(Sink.Progress progress) {
    switch (progress.phase()) {
      case PULLING -> pulled(progress.done(), progress.total());
      // A run that is prepared begins anew, whatever an earlier process saw of it.
      case PREPARING -> report.setRunningAt(0);
      case RUNNING -> {
        if (report.getRunningAt() == 0) {
          report.setRunningAt(now.getAsLong()).clearFailure();
          send(later);
        }
      }
    }
  }

  private void pulled(long done, long total) {
    report.setPulledBytes(Math.max(0, done)).setPullBytes(Math.max(0, total));
    long at = now.getAsLong();
    if (at >= pulledAt + PULLS_BETWEEN_SECONDS) {
      pulledAt = at;
      send(later);
    }
  }

  /// The machine failed a try, and there will be another.
  synchronized void retrying(int failedTries, String reason) {
    report.setTries(failedTries + 1).setRunningAt(0).setFailure(cut(reason, FAILURE_CHARS_MAX));
    send(later);
  }

  /// Says the last report again: for a session that may have missed it.
  synchronized void again() {
    if (report.getSequence() > 0) {
      gateway.accept(Messages.report(deal, report.build()));
    }
  }

  /// The program is over, and its result lies on disk.
  ///
  /// @throws IOException if the result cannot be read
  synchronized void ended(Execution.Ended ended) throws IOException {
    var usage = ended.usage();
    report.clearFailure().setEndedAt(now.getAsLong()).setExitCode(ended.outcome().exitCode())
        .setEnding(ending(ended.outcome())).setOutcome(cut(words(ended.outcome()), OUTCOME_CHARS_MAX))
        .setStderrTail(LastLines.of(ended.result().resolve(Sink.Stream.STDERR.fileName())))
        .setUsage(used(usage));
    send(gateway);
  }

  private static RunUsage.Builder used(Execution.Usage usage) {
    var used = RunUsage.newBuilder().setCpuMillis(usage.cpu().toMillis()).setPeakMemoryBytes(usage.peakMemoryBytes())
        .setOutputBytes(usage.outputBytes());
    usage.gpu().busy().ifPresent(busy -> used.setGpuMillis(busy.toMillis()));
    usage.gpu().peakMib().ifPresent(mib -> used.setPeakGpuMemoryBytes(mib << 20));
    return used;
  }

  /// The result is at the gateway.
  ///
  /// @return the last report, which goes with the signed result
  synchronized RunReport stored() {
    return next().setStoredAt(now.getAsLong()).build();
  }

  /// The machine cannot run it.
  ///
  /// @return the last report, which goes with the signed release
  synchronized RunReport failed(String reason) {
    return next().setFailure(cut(reason, FAILURE_CHARS_MAX)).build();
  }

  private static RunEnding ending(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Exited _ -> RunEnding.RUN_ENDING_EXITED;
      case Outcome.OutOfMemory _ -> RunEnding.RUN_ENDING_OUT_OF_MEMORY;
      case Outcome.DeadlineExceeded _ -> RunEnding.RUN_ENDING_DEADLINE_EXCEEDED;
      case Outcome.OutputTooLarge _ -> RunEnding.RUN_ENDING_OUTPUT_TOO_LARGE;
      case Outcome.DiskFull _ -> RunEnding.RUN_ENDING_DISK_FULL;
      case Outcome.Trapped _ -> RunEnding.RUN_ENDING_TRAPPED;
      case Outcome.Cancelled _ -> RunEnding.RUN_ENDING_CANCELLED;
    };
  }

  private String words(Outcome outcome) {
    var note = outcome.note().strip().replaceFirst("^lilypad: ", "");
    return outcome instanceof Outcome.DiskFull(var limit)
        && limit < deal.offer().work().resources().diskMib() << 20
            ? note + ", the most that its gateway takes of outputs"
            : note;
  }

  private static String cut(String text, int max) {
    return text.substring(0, Math.min(max, text.length()));
  }

  private RunReport.Builder next() {
    return report.setSequence(report.getSequence() + 1);
  }

  private void send(Consumer<AgentMessage> way) {
    way.accept(Messages.report(deal, next().build()));
    if (report.getEndedAt() == 0) {
      keep();
    }
  }
}
