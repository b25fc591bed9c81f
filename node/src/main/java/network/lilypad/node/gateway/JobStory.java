package network.lilypad.node.gateway;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import network.lilypad.actors.deal.Deal;
import network.lilypad.actors.job.Job;
import network.lilypad.protocol.message.Bridge;
import network.lilypad.protocol.proto.v1.JobEvent;
import network.lilypad.protocol.proto.v1.LogPiece;
import network.lilypad.protocol.proto.v1.RunReport;
import network.lilypad.protocol.value.Bytes32;
import network.lilypad.protocol.value.DealId;
import network.lilypad.protocol.value.DealPhase;

/// What a watcher of one job is told, and in which order: stages follow from the views of job and deal, whatever of
/// them was missed, so a cursor always leads to the same rest. Output is told without a gap: a piece that does not
/// begin where the last one ended waits until the result has the whole. Confined to one actor; touches nothing.
final class JobStory {
  private final String module;
  private final LongSupplier now;
  private Cursor at;
  private List<Job.View> job = List.of();
  private List<Deal.View> deal = List.of();
  private long startedAt;
  private boolean logsComplete;
  private boolean over;

  /// @param at where the watcher was
  /// @param module the job's module as its creator wrote it
  /// @param now ledger time
  JobStory(Cursor at, String module, LongSupplier now) {
    this.at = at;
    this.module = module;
    this.now = now;
  }

  /// The output that only the result tree still has: from where on.
  ///
  /// @param root the result's
  record Missing(DealId deal, Bytes32 root, long stdout, long stderr) {}

  Cursor cursor() {
    return at;
  }

  /// Whether nothing more will be told.
  boolean over() {
    return over;
  }

  /// The deal that is to be watched; empty before the job is known.
  Optional<DealId> deal() {
    return job.stream().findFirst().map(view -> view.job().deal(at.attempt()));
  }

  /// The deal whose payment only the ledger knows.
  Optional<DealId> unpaid() {
    return deal.stream().filter(d -> d.phase().terminal() && !d.lease().isEmpty() && !settled(d)).findFirst()
        .map(Deal.View::deal);
  }

  /// The output to be read from the result before the result is told.
  Optional<Missing> missing() {
    return deal.stream().filter(_ -> !logsComplete && at.step() < Cursor.RESULT).flatMap(
        d -> d.result().stream().map(r -> new Missing(d.deal(), r.word().commitment(), at.stdout(), at.stderr())))
        .findFirst();
  }

  List<JobEvent> jobSaid(Job.View view) {
    job = List.of(view);
    return goOn();
  }

  List<JobEvent> dealSaid(Deal.View view) {
    if (deal().filter(view.deal()::equals).isPresent()) {
      var paid = deal.stream().filter(JobStory::settled).toList();
      deal = List
          .of(paid.isEmpty() || settled(view) ? view : JobDesk.with(view, paid.getFirst().receipts().getFirst()));
    }
    return goOn();
  }

  List<JobEvent> ledgerSaid(Bridge.Receipt receipt) {
    deal = deal.stream().filter(d -> d.deal().toString().equals(receipt.key()) && receipt.phase().terminal())
        .map(d -> JobDesk.with(d, receipt)).findFirst().map(List::of).orElse(deal);
    return goOn();
  }

  List<JobEvent> runStarted(Deal.Started started) {
    if (deal().filter(started.deal()::equals).isPresent()) {
      startedAt = started.at();
    }
    return goOn();
  }

  /// What the machine says of the run; not part of the story, so that the same cursor always leads to the same rest.
  List<JobEvent> runReported(Deal.Reported reported) {
    boolean due = deal().filter(reported.deal()::equals).isPresent() && at.step() >= Cursor.ESCROWED && !over;
    try {
      return due ? List.of(event(now.getAsLong()).setProgress(RunReport.parseFrom(reported.report())).build())
          : List.of();
    } catch (InvalidProtocolBufferException _) {
      return List.of();
    }
  }

  /// Everything that the result has of the output was told.
  List<JobEvent> logsCompleted() {
    logsComplete = true;
    return goOn();
  }

  /// A piece of output; what was told already is cut off, what lies beyond a gap is left for later.
  List<JobEvent> runSaid(Deal.Log log) {
    long told = at.offset(log.stderr());
    long end = log.offset() + log.bytes().size();
    boolean due = deal().filter(log.deal()::equals).isPresent() && at.step() >= Cursor.ESCROWED
        && at.step() < Cursor.RESULT && !over;
    if (!due || log.offset() > told || end <= told) {
      return List.of();
    }
    var events = new ArrayList<JobEvent>();
    reach(events, Cursor.STARTED, now.getAsLong(), e -> e.setStarted(ApiWire.deal(deal.getFirst())));
    at = at.logged(log.stderr(), end);
    ByteString fresh = log.bytes().substring((int) (told - log.offset()));
    events.add(event(now.getAsLong()).setLog(
        LogPiece.newBuilder().setStderr(log.stderr()).setOffset(told).setData(fresh)).build());
    return events;
  }

  private List<JobEvent> goOn() {
    var events = new ArrayList<JobEvent>();
    if (job.isEmpty() || over) {
      return events;
    }
    var view = job.getFirst();
    if (at.attempt() == 1) {
      reach(events, Cursor.SUBMITTED, view.postedAt(), e -> e.setSubmitted(ApiWire.job(view, module)));
    }
    while (attemptOver(events, view)) {
      if (at.attempt() >= view.history().size() && view.ended()) {
        end(events, view);
        return events;
      }
      if (at.attempt() >= view.attempt()) {
        return events;
      }
      nextAttempt();
    }
    return events;
  }

  private void nextAttempt() {
    at = at.nextAttempt();
    deal = List.of();
    startedAt = 0;
    logsComplete = false;
  }

  private void end(List<JobEvent> events, Job.View view) {
    var ended = ApiWire.job(view, module);
    deal.forEach(d -> ended.setDeal(ApiWire.deal(d)));
    reach(events, Cursor.ENDED, view.endedAt(), e -> e.setEnded(ended));
    over = true;
  }

  /// Tells what is known of the present attempt.
  ///
  /// @return whether it has ended and everything of it is told
  private boolean attemptOver(List<JobEvent> events, Job.View view) {
    boolean told = deal.stream().anyMatch(d -> stagesTold(events, d));
    if (view.history().size() < at.attempt()) {
      return false;
    }
    var ending = view.history().get(at.attempt() - 1);
    if (ending.provider().isZero() || at.step() >= Cursor.LOST) {
      return true;
    }
    if (told && !ending.phase().paid()) {
      reach(events, Cursor.LOST, deal.getFirst().times().getLast().at(),
          e -> e.setAttemptLost(ApiWire.ending(ending).toBuilder().setFailure(deal.getFirst().detail())));
    }
    return told;
  }

  /// @return whether the deal has ended and nothing of it is left to tell
  private boolean stagesTold(List<JobEvent> events, Deal.View d) {
    if (d.terms().isEmpty()) {
      return false;
    }
    var view = ApiWire.deal(d);
    reach(events, Cursor.MATCHED, d.times().getFirst().at(), e -> e.setMatched(view));
    if (d.lease().isEmpty()) {
      return d.phase().terminal();
    }
    reach(events, Cursor.ESCROWED, time(d, DealPhase.AGREED), e -> e.setEscrowed(view));
    long began = d.result().stream().mapToLong(r -> r.word().startedAt()).findFirst().orElse(startedAt);
    if (began > 0) {
      reach(events, Cursor.STARTED, began, e -> e.setStarted(view));
    }
    if (missing().isPresent()) {
      return false;
    }
    d.result().forEach(_ -> reach(events, Cursor.RESULT, time(d, DealPhase.RESULTS_SUBMITTED), e -> e.setResult(view)));
    if (d.phase().paid()) {
      reach(events, Cursor.ACCEPTED, time(d, d.phase()), e -> e.setAccepted(view));
    }
    if (!d.phase().terminal() || !settled(d)) {
      return false;
    }
    reach(events, Cursor.PAID, d.receipts().getFirst().at(), e -> e.setPaid(view));
    return true;
  }

  private static boolean settled(Deal.View d) {
    return d.receipts().stream().anyMatch(receipt -> receipt.phase().terminal());
  }

  private static long time(Deal.View d, DealPhase phase) {
    return d.times().stream().filter(stage -> stage.phase() == phase).mapToLong(Deal.Stage::at).findFirst()
        .orElseGet(() -> d.times().getLast().at());
  }

  private interface Content {
    void into(JobEvent.Builder event);
  }

  private void reach(List<JobEvent> events, int step, long when, Content content) {
    if (at.step() < step) {
      at = at.at(step);
      var event = event(when);
      content.into(event);
      events.add(event.build());
    }
  }

  private JobEvent.Builder event(long when) {
    return JobEvent.newBuilder().setCursor(at.toString()).setAt(when).setAttempt(at.attempt());
  }
}
