package network.lilypad.node.cli;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Locale;
import network.lilypad.node.client.GatewayRefusedException;
import network.lilypad.protocol.Rejection;
import network.lilypad.protocol.content.ResultTree;
import network.lilypad.protocol.proto.v1.Job;
import network.lilypad.protocol.proto.v1.ListJobsRequest;
import network.lilypad.protocol.value.Bytes32;
import network.lilypad.protocol.value.Cancel;
import network.lilypad.protocol.value.DealPhase;
import network.lilypad.protocol.value.JobId;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `lilypad jobs`: what became of one's jobs.
@CommandLine.Command(name = "jobs", description = "List, watch, read, fetch, cancel and explain your jobs.",
    synopsisSubcommandLabel = "COMMAND")
final class JobsCommand {
  private JobsCommand() {}

  /// All of it for picocli.
  static CommandLine create(Terminal terminal) {
    return new CommandLine(new JobsCommand()).addSubcommand(new List(terminal)).addSubcommand(new Show(terminal))
        .addSubcommand(new Watch(terminal)).addSubcommand(new JobLogs(terminal)).addSubcommand(new Results(terminal))
        .addSubcommand(new CancelJob(terminal))
        .addSubcommand(new Explain(terminal));
  }

  /// A command about one job.
  abstract static class OneJob extends Command {
    @Parameters(index = "0", paramLabel = "JOB",
        description = "The job's id, or its first digits.")
    private String job = "";

    OneJob(Terminal terminal) {
      super(terminal);
    }

    @Override final int run(Screen screen) throws IOException, InterruptedException {
      try (var connection = Connection.open(common(), terminal(), screen)) {
        return run(screen, connection, JobRef.resolve(connection.market(), job));
      }
    }

    abstract int run(Screen screen, Connection connection, JobId job) throws IOException, InterruptedException;
  }

  /// `lilypad jobs list`.
  @CommandLine.Command(name = "list", description = "Your jobs, newest first.")
  static final class List extends Command {
    private static final int LIMIT_MAX = 100;

    @Option(names = "--phase", paramLabel = "PHASE", defaultValue = "",
        description = "Only jobs that are Open, Claimed, Closing, Done, Failed, Cancelled or Expired.")
    private String phase = "";

    @Option(names = "--limit", paramLabel = "N", defaultValue = "20",
        description = "At most so many, 1 to 100 (default: ${DEFAULT-VALUE}).")
    private int limit;

    @Option(names = "--cursor", paramLabel = "CURSOR", defaultValue = "",
        description = "The last page's next cursor.")
    private String cursor = "";

    List(Terminal terminal) {
      super(terminal);
    }

    @Override int run(Screen screen) throws IOException {
      if (limit < 1 || limit > LIMIT_MAX) {
        throw FailureException.usage("--limit " + limit + " (expected: 1 to " + LIMIT_MAX + ")",
            "lilypad jobs list --help");
      }
      try (var connection = Connection.open(common(), terminal(), screen)) {
        var reply = connection.market()
            .jobs(ListJobsRequest.newBuilder().setPageSize(limit).setCursor(cursor).setPhase(phase).build());
        if (!screen.json()) {
          screen.answer("JOB       PHASE      MODULE               COST            POSTED", Screen.event("header"));
        }
        reply.getJobsList().forEach(job -> screen.answer(row(job), Words.job("job", job)));
        if (!reply.getNextCursor().isEmpty()) {
          screen.stage("➡️", "more: lilypad jobs list --cursor " + reply.getNextCursor() + " --limit " + limit
              + (phase.isEmpty() ? "" : " --phase " + phase),
              Screen.event("next").put("cursor", reply.getNextCursor()));
        }
        return ExitCode.OK;
      }
    }

    static String row(Job job) {
      return "%-9s %-10s %-20s %-15s %s".formatted(Words.shortHex(job.getJob()), job.getPhase(), job.getModule(),
          RunWords.cost(job.getDeal()), Instant.ofEpochSecond(job.getPostedAt()));
    }
  }

  /// `lilypad jobs show`.
  @CommandLine.Command(name = "show", description = "One job: where it stands and how it got there.")
  static final class Show extends OneJob {
    Show(Terminal terminal) {
      super(terminal);
    }

    @Override int run(Screen screen, Connection connection, JobId id) {
      var job = connection.market().job(id);
      screen.answer(text(job), Words.job("job", job));
      return ExitCode.OK;
    }

    static String text(Job job) {
      var deal = job.getDeal();
      return "job       " + Words.hex(job.getJob()) + "\nmodule    " + job.getModule() + "\nphase     " + job.getPhase()
          + "\nattempt   " + job.getAttempt() + "\nlimit     " + Words.lp(job.getOffer().getMaxPrice())
          + (deal.getDeal().isEmpty() ? ""
              : "\nprovider  " + Words.hex(deal.getProvider()) + "\nprice     "
                  + Words.lp(deal.getPrice()) + "\ncost      " + RunWords.cost(deal))
          + line("machine", RunWords.speed(deal)) + line("usage", RunWords.usage(deal.getReport()))
          + line("failure", RunWords.failure(job)) + line("partial", RunWords.partial(job))
          + RunWords.stderr(deal.getReport()) + line("next", RunWords.next(job)) + Timeline.of(job).text()
          + RunWords.history(job);
    }

    private static String line(String name, String text) {
      return text.isEmpty() ? "" : "\n%-10s%s".formatted(name, text);
    }
  }

  /// `lilypad jobs watch`.
  @CommandLine.Command(name = "watch", description = "Follow a job from its beginning to its end.",
      footer = {"", "Exit codes: the program's own (at most 124), by its machine's word; 125 the job",
          "failed, 126 it was cancelled, 127 no machine in time; 130 Ctrl-C, the job goes", "on."})
  static final class Watch extends OneJob {
    Watch(Terminal terminal) {
      super(terminal);
    }

    @Override int run(Screen screen, Connection connection, JobId id) throws InterruptedException {
      var lines = new JobLines(screen);
      try (var noMatch = NoMatchYet.of(connection.market(), id, screen)) {
        JobWatch.of(connection.market(), id, screen).follow(event -> {
          noMatch.heard(event);
          lines.say(event);
        });
      }
      var ended = connection.market().job(id);
      screen.answer(Show.text(ended), Words.job("summary", ended));
      return JobOutcome.watched(ended);
    }
  }

  /// `lilypad jobs results`.
  @CommandLine.Command(name = "results",
      description = "Fetch and verify a job's results; accepts them if nobody has. Of a cancelled job: what it had written.")
  static final class Results extends OneJob {
    @Option(names = "--output-dir", paramLabel = "DIR",
        description = "A folder that is not there yet (default: ./lilypad-results/<job>).")
    private @Nullable Path outputDir;

    @Option(names = "--car", paramLabel = "FILE",
        description = "Write the results into a CAR file, too, for IPFS tools; it is not there yet.")
    private @Nullable Path car;

    Results(Terminal terminal) {
      super(terminal);
    }

    @Override int run(Screen screen, Connection connection, JobId id) throws IOException {
      var job = connection.market().job(id);
      var folder = outputDir == null
          ? ResultFolder.fresh(terminal().folder().resolve("lilypad-results"), Words.shortHex(job.getJob()))
          : new ResultFolder(terminal().folder().resolve(outputDir));
      return job.getDeal().getResult().isEmpty() ? partial(screen, connection, job, folder)
          : result(screen, new Acceptor(connection, id, folder), job, connection);
    }

    private int partial(Screen screen, Connection connection, Job job, ResultFolder folder) throws IOException {
      var root = job.getDeal().getReport().getPartial();
      if (root.isEmpty()) {
        throw new FailureException(ExitCode.REFUSED, "no-result", "job " + Words.shortHex(job.getJob())
            + " has no result; it is " + job.getPhase(), "lilypad jobs watch " + Words.shortHex(job.getJob()));
      }
      var tree = folder.fetch(connection.market(), new JobId(Bytes32.of(job.getJob().toByteArray())),
          Bytes32.of(root.toByteArray()), connection.info().getMaxContentBytes());
      export(tree, connection);
      screen.stage("🧩", "partial outputs in " + tree.directory() + " (" + ResultFolder.bytes(tree)
          + " bytes): what the job had written when it was cancelled; no result, its provider did not sign it",
          Screen.event("partial").put("folder", tree.directory().toString()).put("root", Words.hex(root))
              .put("job", Words.hex(job.getJob())));
      return ExitCode.OK;
    }

    private int result(Screen screen, Acceptor acceptor, Job job, Connection connection) throws IOException {
      var tree = acceptor.fetch(job.getDeal());
      export(tree, connection);
      if (job.getDeal().getPhaseValue() == DealPhase.RESULTS_SUBMITTED.number()) {
        acceptor.accept(job.getDeal());
      }
      JobOutcome.done(tree, job, screen);
      return ExitCode.OK;
    }

    private void export(ResultTree tree, Connection connection) throws IOException {
      if (car != null) {
        ResultFolder.export(tree, terminal().folder().resolve(car), connection.info().getMaxContentBytes());
      }
    }
  }

  /// `lilypad jobs cancel`.
  @CommandLine.Command(name = "cancel",
      description = "Stop a job: free of charge before a machine has it, metered and at least a tenth of the price after.")
  static final class CancelJob extends OneJob {
    CancelJob(Terminal terminal) {
      super(terminal);
    }

    @Override int run(Screen screen, Connection connection, JobId id) {
      try {
        var job = connection.market().cancel(connection.wallet().sign(connection.domain(), new Cancel(id)));
        screen.answer("job " + Words.shortHex(job.getJob()) + " is " + job.getPhase(), Words.job("cancelled", job));
        return ExitCode.OK;
      } catch (GatewayRefusedException e) {
        throw e.why() instanceof Rejection.JobEnded(_, var how) ? ended(id, how) : e;
      }
    }

    private static FailureException ended(JobId id, String how) {
      var job = Words.shortHex(ByteString.copyFrom(id.digest().bytes()));
      return new FailureException(ExitCode.REFUSED, "1006 JobEnded",
          "job " + job + " is over: " + how.toLowerCase(Locale.ROOT), "lilypad jobs show " + job);
    }
  }

  /// `lilypad jobs explain`.
  @CommandLine.Command(name = "explain", description = "Why a job has no machine, and what would match.")
  static final class Explain extends OneJob {
    Explain(Terminal terminal) {
      super(terminal);
    }

    @Override int run(Screen screen, Connection connection, JobId id) {
      var job = connection.market().job(id);
      var why = connection.market().explain(id);
      var now = job.getEndedAt() == 0 ? "" : "the job is over: " + job.getPhase() + "; were it submitted again: ";
      screen.answer(now + JobOutcome.text(why), JobOutcome.object("explanation", why));
      return ExitCode.OK;
    }
  }
}
