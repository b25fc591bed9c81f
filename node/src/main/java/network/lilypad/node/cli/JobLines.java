package network.lilypad.node.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashMap;
import java.util.Map;
import network.lilypad.protocol.proto.v1.AttemptEnding;
import network.lilypad.protocol.proto.v1.DealView;
import network.lilypad.protocol.proto.v1.Job;
import network.lilypad.protocol.proto.v1.JobEvent;
import network.lilypad.protocol.proto.v1.LogPiece;
import network.lilypad.protocol.proto.v1.RunReport;

/// Says on a screen what happens to a job. Output that was said before is not said again. For one thread.
final class JobLines {
  private final Screen screen;
  private final Map<String, Long> said = new HashMap<>();
  private Job known = Job.getDefaultInstance();
  private int tries = 1;
  private String failure = "";

  JobLines(Screen screen) {
    this.screen = screen;
  }

  void say(JobEvent event) {
    switch (event.getEventCase()) {
      case SUBMITTED -> submitted(event.getSubmitted(), event);
      case MATCHED -> matched(event.getMatched(), event);
      case ESCROWED -> stage("🔒", "escrowed: price and collateral are locked", "escrowed", event.getEscrowed(), event);
      case STARTED -> {
        stage("🏃", "running", "started", event.getStarted(), event);
        screen.waiting("running");
      }
      case LOG -> log(event.getLog(), event);
      case RESULT -> {
        stage("📦", "result is stored, cost " + Words.lp(event.getResult().getCost()), "result", event.getResult(),
            event);
        screen.waiting("waiting for the judgement");
      }
      case ACCEPTED -> {
        stage("✅", "result accepted", "accepted", event.getAccepted(), event);
        screen.waiting("waiting for the payment");
      }
      case PAID -> stage("💸", "paid " + Words.lp(event.getPaid().getPaid()) + " to the provider, "
          + Words.lp(event.getPaid().getRefunded()) + " came back", "paid", event.getPaid(), event);
      case ATTEMPT_LOST -> lost(event.getAttemptLost(), event);
      case ENDED -> {
        screen.waiting("");
        screen.stage("🏁", "job " + Words.shortHex(event.getEnded().getJob()) + " is over: "
            + event.getEnded().getPhase(), with(Words.job("ended", event.getEnded()), event));
      }
      case PROGRESS -> progress(event.getProgress());
      case EVENT_NOT_SET -> {}
    }
  }

  /// What the machine does meanwhile is for the spinner, but for a try that failed.
  private void progress(RunReport report) {
    failure = report.getFailure();
    if (report.getTries() > tries) {
      tries = report.getTries();
      screen.stage("🔧", "the machine tries again, try " + tries
          + (failure.isEmpty() ? "" : ": " + RunWords.plain(failure)),
          Screen.event("retrying").put("try", tries).put("failure", RunWords.plain(failure)));
    }
    if (report.getEndedAt() > 0) {
      screen.waiting(report.getStoredAt() > 0 ? "handing in the result" : "storing the result");
    } else if (report.getRunningAt() > 0) {
      screen.waiting("running");
    } else if (report.getPullingAt() > 0) {
      screen.waiting(report.getPullBytes() == 0 ? "fetching program and inputs"
          : "fetching: " + RunWords.bytes(report.getPulledBytes()) + " of " + RunWords.bytes(report.getPullBytes()));
    }
  }

  private void submitted(Job job, JobEvent event) {
    known = job;
    screen.stage("🌟", "submitted job " + Words.shortHex(job.getJob()) + " (" + Words.hex(job.getJob()) + ")",
        with(Words.job("submitted", job), event));
    screen.waiting("looking for a machine");
  }

  private void matched(DealView deal, JobEvent event) {
    stage("🤝", "matched with provider " + Words.shortHex(deal.getProvider()) + " for at most "
        + Words.lp(deal.getPrice()), "matched", deal, event);
    screen.waiting("waiting for both signatures and the money");
  }

  /// What the machine said of its run says more than what the market knows of the attempt.
  private void lost(AttemptEnding market, JobEvent event) {
    var ending = failure.isEmpty() ? market : market.toBuilder().setFailure(failure).build();
    screen.stage("🔁", "attempt " + event.getAttempt() + " at provider " + Words.shortHex(ending.getProvider())
        + " ended without a result: " + RunWords.cause(ending) + "; "
        + RunWords.afterLost(known, event.getAttempt(), ending),
        with(Screen.event("attempt_lost").put("provider", Words.hex(ending.getProvider()))
            .put("cause", ending.getCause()).put("failure", RunWords.plain(ending.getFailure()))
            .put("next", RunWords.afterLost(known, event.getAttempt(), ending)), event));
    tries = 1;
    failure = "";
    screen.waiting("looking for another machine");
  }

  private void log(LogPiece piece, JobEvent event) {
    var stream = event.getAttempt() + (piece.getStderr() ? " stderr" : " stdout");
    long from = said.getOrDefault(stream, 0L);
    long end = piece.getOffset() + piece.getData().size();
    if (end > from) {
      int skip = (int) Math.max(0, from - piece.getOffset());
      said.put(stream, end);
      screen.output(piece.getStderr(), piece.getData().substring(skip).toByteArray(),
          with(Screen.event("log").put("stream", piece.getStderr() ? "stderr" : "stdout"), event));
    }
  }

  private void stage(String emoji, String line, String name, DealView deal, JobEvent event) {
    screen.stage(emoji, line, with(Words.deal(name, deal), event));
  }

  private static ObjectNode with(ObjectNode object, JobEvent event) {
    return object.put("attempt", event.getAttempt()).put("at", event.getAt()).put("cursor", event.getCursor());
  }
}
