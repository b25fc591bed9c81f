package network.lilypad.node.gateway;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import network.lilypad.actors.deal.Deal;
import network.lilypad.actors.job.Job;
import network.lilypad.node.read.LogClock;
import network.lilypad.node.store.AccountContent;
import network.lilypad.protocol.Rejection;
import network.lilypad.protocol.content.Cid;
import network.lilypad.protocol.content.TreeFile;
import network.lilypad.protocol.proto.v1.JobEvent;
import network.lilypad.protocol.proto.v1.LogPiece;
import network.lilypad.protocol.proto.v1.RunReport;
import network.lilypad.protocol.value.Bytes32;
import network.lilypad.protocol.value.DealId;
import network.lilypad.protocol.value.DealPhase;
import network.lilypad.protocol.value.JobId;

/// One reader's way through a job's output, attempt by attempt: from the deal's memory while a run goes on, from the
/// result where there is one. Blocks; confined to one thread.
final class LogReading {
  private static final Duration LOOK_EVERY = Duration.ofSeconds(1);
  /// A deal that is woken up reads its journal first.
  private static final Duration ANSWER_MAX = Duration.ofSeconds(10);

  private final GatewayPorts ports;
  private final JobDesk desk;
  private final JobId job;
  private final LogQuestion question;
  private final PacedStream<JobEvent> out;
  private final AccountContent readable;
  private LogCursor at;
  /// Whether there was any output of this attempt, asked for or not.
  private boolean anything;

  LogReading(GatewayPorts ports, JobDesk desk, Job.View view, Asked asked, PacedStream<JobEvent> out) {
    this.ports = ports;
    this.desk = desk;
    this.job = view.job();
    this.readable = desk.content(view);
    this.question = asked.question;
    this.out = out;
    this.at = asked.at;
  }

  /// What a reader wants.
  ///
  /// @param at where it stands
  record Asked(LogQuestion question, LogCursor at) {}

  /// Tells everything that is asked for. Returns early if the reader goes away.
  void tell(Job.View first) throws InterruptedException {
    var view = first;
    var told = Optional.<Deal.View>empty();
    while (out.open()) {
      if (at.attempt() <= view.attempt() && told.isEmpty()) {
        told = Optional.of(attempt(job.deal(at.attempt())));
        view = desk.view(job);
      } else if (told.isPresent() && lost(view).isPresent()) {
        lost(told.get(), lost(view).get());
        told = Optional.empty();
      } else if (!question.follow()) {
        return;
      } else if (view.ended()) {
        out.send(event(view.endedAt()).setAttempt(Math.max(1, view.attempt())).setEnded(desk.show(view)).build());
        return;
      } else {
        Thread.sleep(LOOK_EVERY);
        view = desk.view(job);
      }
    }
  }

  /// How the attempt that has been told ended, if that was without a result.
  private Optional<Job.Ending> lost(Job.View view) {
    return view.history().stream().skip(at.attempt() - 1L).findFirst().filter(ending -> !ending.phase().paid());
  }

  private void lost(Deal.View deal, Job.Ending ending) {
    int attempt = at.attempt();
    long when = deal.times().stream().mapToLong(Deal.Stage::at).max().orElse(0);
    at = at.nextAttempt();
    if (!ending.provider().isZero() && when >= question.since()) {
      var report = ports.reports().find(deal.deal()).orElse(RunReport.getDefaultInstance());
      out.send(event(when).setAttempt(attempt).setAttemptLost(ApiWire.ending(ending).toBuilder()
          .setFailure(desk.failure(deal.deal())).setOutputGone(report.getRunningAt() > 0 && !anything)).build());
    }
  }

  /// Tells one attempt.
  private Deal.View attempt(DealId deal) throws InterruptedException {
    anything = at.stdout() + at.stderr() > 0;
    var view = desk.deal(deal);
    if (tree(view).isEmpty()) {
      view = follow(deal);
    }
    var tree = tree(view);
    if (tree.isPresent() && out.open()) {
      stored(deal, tree.get());
    }
    return view;
  }

  /// Where output is that was stored, and when the run was.
  private record Tree(Bytes32 root, long startedAt, long endedAt) {}

  /// A deal's result, or what its run had written when it was cancelled; empty if there is neither.
  ///
  /// @throws io.grpc.StatusRuntimeException `NotFound` if the result is not kept any more
  private Optional<Tree> tree(Deal.View view) {
    if (view.result().isEmpty()) {
      return view.phase() == DealPhase.CANCELLED ? ports.reports().find(view.deal()).flatMap(this::partial)
          : Optional.empty();
    }
    var result = view.result().getFirst().word();
    Refused.unless(readable.tree(result.commitment()).isPresent(),
        new Rejection.NotFound("kept result of deal", view.deal().toString()));
    return Optional.of(new Tree(result.commitment(), result.startedAt(), result.endedAt()));
  }

  private Optional<Tree> partial(RunReport report) {
    return Optional.of(report.getPartial()).filter(root -> !root.isEmpty())
        .map(root -> Bytes32.of(root.toByteArray())).filter(root -> readable.tree(root).isPresent())
        .map(root -> new Tree(root, report.getRunningAt(), Math.max(report.getRunningAt(), report.getEndedAt())));
  }

  /// Tells what the deal keeps of its run, and if asked what it says from then on, until it has a result or an end.
  private Deal.View follow(DealId deal) throws InterruptedException {
    try (var tap = new LogTap(ports.system(), ports.neighbours().deal(deal))) {
      var live = new Live(deal);
      long firstAsked = System.nanoTime();
      long asked = firstAsked;
      tap.ask(at.stdout(), at.stderr());
      while (true) {
        var last = tap.poll(LOOK_EVERY).flatMap(live::on);
        if (last.isPresent()) {
          return last.get();
        }
        // A deal that does not answer any more must not keep a reader who has gone, or a node that stops.
        Refused.unless(out.open(), new Rejection.Unavailable("the reader", LOOK_EVERY.toMillis()));
        Refused.unless(live.caughtUp || System.nanoTime() - firstAsked < ANSWER_MAX.toNanos(),
            new Rejection.Unavailable("the deal", TimeUnit.SECONDS.toMillis(1)));
        if (System.nanoTime() - asked > LOOK_EVERY.toNanos()) {
          asked = System.nanoTime();
          tap.ask(at.stdout(), at.stderr());
        }
      }
    }
  }

  /// A deal's words as they come: first what it keeps, then what is new.
  private final class Live {
    private final DealId deal;
    private final List<Deal.Log> pieces = new ArrayList<>();
    private long begun;
    private boolean caughtUp;

    private Live(DealId deal) {
      this.deal = deal;
    }

    /// @return the deal, when nothing more is to be told of its run
    private Optional<Deal.View> on(LogTap.Said word) {
      return switch (word) {
        case LogTap.Begun(var when) -> {
          begun = when;
          yield Optional.empty();
        }
        case LogTap.Piece(var log) -> {
          anything = true;
          if (caughtUp) {
            said(log, ports.ledgerTime().getAsLong());
          } else {
            pieces.add(log);
          }
          yield Optional.empty();
        }
        case LogTap.Changed(var view) -> caughtUp && over(view) ? Optional.of(view) : Optional.empty();
        case LogTap.Asked(var view) -> {
          catchUp(view);
          yield over(view) || !question.follow() || !out.open() ? Optional.of(view) : Optional.empty();
        }
      };
    }

    private void catchUp(Deal.View view) {
      if (!caughtUp) {
        kept(deal, pieces, begun > 0 ? begun : view.times().stream().mapToLong(Deal.Stage::at).max().orElse(0));
        pieces.clear();
        caughtUp = true;
      }
    }

    private boolean over(Deal.View view) {
      return !view.result().isEmpty() || view.phase().terminal() || (view.lease().isEmpty() && passedOver());
    }

    /// Nobody tells a deal that was never opened that its job went on without it.
    private boolean passedOver() {
      return desk.view(job).history().size() >= at.attempt();
    }
  }

  private void kept(DealId deal, List<Deal.Log> pieces, long begun) {
    var clock = ports.marks().of(deal, begun);
    if (at.choosing()) {
      var choice = new LogChoice(question, clock, ports.ledgerTime().getAsLong());
      at = at.from(choice.kept(false, of(pieces, false)), choice.kept(true, of(pieces, true)));
    } else {
      at = at.from(at.stdout(), at.stderr());
    }
    pieces.forEach(piece -> said(piece, clock.at(piece.stderr(), piece.offset())));
  }

  private static List<Deal.Log> of(List<Deal.Log> pieces, boolean stderr) {
    return pieces.stream().filter(piece -> piece.stderr() == stderr).toList();
  }

  private void stored(DealId deal, Tree tree) {
    anything = true;
    var clock = ports.marks().of(deal, tree.startedAt);
    var stdout = TreeFile.find(ports.store(), Cid.ofDirectory(tree.root), "stdout");
    var stderr = TreeFile.find(ports.store(), Cid.ofDirectory(tree.root), "stderr");
    if (at.choosing()) {
      var choice = new LogChoice(question, clock, ports.ledgerTime().getAsLong());
      at = at.from(stdout.map(file -> choice.stored(false, file, tree.endedAt)).orElse(0L),
          stderr.map(file -> choice.stored(true, file, tree.endedAt)).orElse(0L));
    } else {
      at = at.from(at.stdout(), at.stderr());
    }
    stdout.ifPresent(file -> stored(deal, false, file, clock));
    stderr.ifPresent(file -> stored(deal, true, file, clock));
  }

  private void stored(DealId deal, boolean ofStderr, TreeFile file, LogClock clock) {
    while (question.wants(ofStderr) && out.open()) {
      long offset = at.offset(ofStderr);
      byte[] piece = file.read(offset, LogFill.MAX_PIECE_BYTES);
      if (piece.length == 0) {
        return;
      }
      said(new Deal.Log(deal, ofStderr, offset, UnsafeByteOperations.unsafeWrap(piece)), clock.at(ofStderr, offset));
    }
  }

  /// Tells what is new of a piece, and how much before it is not here.
  private void said(Deal.Log log, long when) {
    long told = at.offset(log.stderr());
    long end = log.offset() + log.bytes().size();
    if (end <= told || !question.wants(log.stderr())) {
      return;
    }
    long from = Math.max(told, log.offset());
    ByteString fresh = log.bytes().substring((int) (from - log.offset()));
    at = at.logged(log.stderr(), end);
    out.send(event(when).setLog(LogPiece.newBuilder().setStderr(log.stderr()).setOffset(from).setData(fresh)
        .setMissed(from - told)).build());
  }

  private JobEvent.Builder event(long when) {
    return JobEvent.newBuilder().setCursor(at.toString()).setAt(when).setAttempt(at.attempt());
  }
}
