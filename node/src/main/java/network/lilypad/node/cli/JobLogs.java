package network.lilypad.node.cli;

import com.google.protobuf.ByteString;
import java.time.InstantSource;
import network.lilypad.protocol.proto.v1.AttemptEnding;
import network.lilypad.protocol.proto.v1.GetLogsRequest;
import network.lilypad.protocol.proto.v1.Job;
import network.lilypad.protocol.proto.v1.JobEvent;
import network.lilypad.protocol.proto.v1.LogStreams;
import network.lilypad.protocol.value.JobId;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/// `lilypad jobs logs`.
@CommandLine.Command(name = "logs", description = "What a job has printed, and with --follow what it still prints.",
    footer = {"", "Standard output goes to standard output, standard error to standard error.",
        "Of a job that runs the last 256 KiB of each are at hand, of one that has a",
        "result everything, of one that was cancelled what it had written until then.",
        "Of an attempt that was lost otherwise nothing is left, which is said.", "",
        "Exit codes: 0; with --follow as of 'lilypad jobs watch': the program's own (at",
        "most 124), 125 the job failed, 126 it was cancelled, 127 no machine in time;",
        "130 Ctrl-C, the job goes on."})
final class JobLogs extends JobsCommand.OneJob {
  /// What a gateway counts.
  private static final int TAIL_MAX = 100_000;

  @Option(names = {"-f", "--follow"}, description = "Go on until the job has ended.")
  private boolean follow;

  @Option(names = "--since", paramLabel = "WHEN", defaultValue = "",
      description = "Only what was printed since then: 30s, 10m, 2h, 1d or 2026-01-31T12:00:00Z. A few seconds more may come.")
  private String since = "";

  @Option(names = "--tail", paramLabel = "N",
      description = "Only the last N lines of each stream of each attempt, 1 to 100000.")
  private @Nullable Integer tail;

  @Option(names = "--stdout", description = "Only standard output.")
  private boolean stdout;

  @Option(names = "--stderr", description = "Only standard error.")
  private boolean stderr;

  JobLogs(Terminal terminal) {
    super(terminal);
  }

  @Override int run(Screen screen, Connection connection, JobId id) throws InterruptedException {
    var request = request(connection, id);
    var job = connection.market().job(id);
    var lines = new Lines(screen, job.getAttempt() > 1);
    var watch = new JobWatch((cursor, listener) -> connection.market()
        .logs(request.toBuilder().setCursor(cursor).build(), listener), screen, InstantSource.system());
    if (!follow) {
      watch.read(lines::say);
      return ExitCode.OK;
    }
    screen.waiting("following until the job is over: its result judged and paid");
    try (var _ = new Detaching(() -> left(job, screen))) {
      return JobOutcome.watched(watch.follow(lines::say));
    }
  }

  private GetLogsRequest request(Connection connection, JobId id) {
    if (tail != null && (tail < 1 || tail > TAIL_MAX)) {
      throw FailureException.usage("--tail " + tail + " (expected: 1 to " + TAIL_MAX + ")", "lilypad jobs logs --help");
    }
    var streams = stdout == stderr ? LogStreams.LOG_STREAMS_BOTH
        : stdout ? LogStreams.LOG_STREAMS_STDOUT : LogStreams.LOG_STREAMS_STDERR;
    return GetLogsRequest.newBuilder().setJob(ByteString.copyFrom(id.digest().bytes())).setFollow(follow)
        .setSince(Since.parse(since, connection.clock().instant())).setTailLines(tail == null ? 0 : tail)
        .setStreams(streams).build();
  }

  private static void left(Job job, Screen screen) {
    var id = Words.shortHex(job.getJob());
    screen.stage("👋", "the job goes on; read on with: lilypad jobs logs " + id + " --follow",
        Screen.event("detached").put("job", Words.hex(job.getJob())));
  }

  /// Says pieces of output and whose they are. For one thread.
  private static final class Lines {
    private final Screen screen;
    private final boolean named;
    private int attempt;

    private Lines(Screen screen, boolean named) {
      this.screen = screen;
      this.named = named;
    }

    private void say(JobEvent event) {
      if (event.hasAttemptLost()) {
        lost(event.getAttemptLost(), event);
      } else if (event.hasLog()) {
        log(event);
      }
    }

    private void lost(AttemptEnding ending, JobEvent event) {
      screen.stage("🔁", "attempt " + event.getAttempt() + " at provider " + Words.shortHex(ending.getProvider())
          + " ended without a result: " + RunWords.cause(ending)
          + (ending.getOutputGone() ? "; nothing is left of what it had printed" : ""),
          Screen.event("attempt_lost").put("attempt", event.getAttempt())
              .put("provider", Words.hex(ending.getProvider())).put("cause", ending.getCause())
              .put("failure", RunWords.plain(ending.getFailure())).put("output_gone", ending.getOutputGone())
              .put("at", event.getAt())
              .put("cursor", event.getCursor()));
    }

    private void log(JobEvent event) {
      var piece = event.getLog();
      var stream = piece.getStderr() ? "stderr" : "stdout";
      if (!screen.json() && event.getAttempt() != attempt && (named || event.getAttempt() > 1)) {
        screen.stage("🔢", "attempt " + event.getAttempt() + ":", Screen.event("attempt"));
      }
      if (!screen.json() && piece.getMissed() > 0) {
        screen.stage("✂️",
            piece.getMissed() + " bytes of " + stream + " are not at hand now; the result will have them",
            Screen.event("missed"));
      }
      attempt = event.getAttempt();
      screen.output(piece.getStderr(), piece.getData().toByteArray(),
          Screen.event("log").put("attempt", attempt).put("stream", stream).put("offset", piece.getOffset())
              .put("bytes", piece.getData().size()).put("missed", piece.getMissed()).put("at", event.getAt())
              .put("cursor", event.getCursor()));
    }
  }
}
