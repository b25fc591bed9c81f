package network.lilypad.node.gateway;

import com.google.protobuf.ByteString;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import network.lilypad.actors.deal.Deal;
import network.lilypad.actors.job.Job;
import network.lilypad.actors.market.Matchmaker;
import network.lilypad.node.read.JobList;
import network.lilypad.node.store.AccountContent;
import network.lilypad.protocol.Rejection;
import network.lilypad.protocol.content.Cid;
import network.lilypad.protocol.content.ContentException;
import network.lilypad.protocol.content.TreeFile;
import network.lilypad.protocol.message.Bridge;
import network.lilypad.protocol.proto.v1.DealView;
import network.lilypad.protocol.proto.v1.ListJobsReply;
import network.lilypad.protocol.proto.v1.ListJobsRequest;
import network.lilypad.protocol.proto.v1.RunReport;
import network.lilypad.protocol.value.Acceptance;
import network.lilypad.protocol.value.Address;
import network.lilypad.protocol.value.Bytes32;
import network.lilypad.protocol.value.Cancel;
import network.lilypad.protocol.value.DealId;
import network.lilypad.protocol.value.InvalidValueException;
import network.lilypad.protocol.value.JobId;
import network.lilypad.protocol.value.Signed;
import network.lilypad.protocol.wire.Admission;
import network.lilypad.protocol.wire.JobSpecWire;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A creator's own jobs: shows, lists, stops and accepts them. Somebody else's job is as good as none. Blocks.
final class JobDesk {
  private static final int MAX_PAGE = 100;
  private static final int DEFAULT_PAGE = 20;
  /// Digits of the largest exit code.
  private static final int EXIT_CODE_BYTES = 10;
  private static final Logger LOG = LoggerFactory.getLogger(JobDesk.class);

  private final GatewayPorts ports;
  private final Asking asking;

  JobDesk(GatewayPorts ports, Asking asking) {
    this.ports = ports;
    this.asking = asking;
  }

  /// A job of the caller's.
  ///
  /// @throws io.grpc.StatusRuntimeException `NotFound` if it is none
  Job.View own(Address caller, Bytes32 digest) {
    var view = view(new JobId(digest));
    Refused.unless(view.offers().stream().anyMatch(offer -> offer.word().creator().equals(caller)),
        new Rejection.NotFound("job", digest.toString()));
    return view;
  }

  Job.View view(JobId job) {
    return asking.ask("the job", ports.neighbours().job(job), Job.Get::new);
  }

  /// A job with why each of its earlier attempts came to nothing, for which every attempt's deal may have to be asked.
  network.lilypad.protocol.proto.v1.Job show(Job.View view) {
    var job = summary(view).toBuilder();
    for (int i = 0; i < job.getHistoryCount(); i++) {
      job.setHistory(i, job.getHistory(i).toBuilder().setFailure(failure(view.job().deal(i + 1))));
    }
    return job.build();
  }

  private network.lilypad.protocol.proto.v1.Job summary(Job.View view) {
    var job = ApiWire.job(view, module(view));
    if (view.attempt() > 0) {
      var deal = settled(deal(view.deal()));
      deal.terms().forEach(_ -> job.setDeal(reported(deal)).setPhase(underWay(view)));
    }
    return job.build();
  }

  /// A claim leaves no event: that an open job has a machine, its deal says.
  private static String underWay(Job.View view) {
    return view.phase().equals("Open") ? "Claimed" : view.phase();
  }

  /// Why an attempt came to nothing: what its machine said of the run, else what the market knows; empty if nobody
  /// knows.
  String failure(DealId deal) {
    return ports.reports().find(deal).map(RunReport::getFailure).filter(said -> !said.isEmpty())
        .orElseGet(() -> deal(deal).detail());
  }

  private DealView reported(Deal.View deal) {
    var view = ApiWire.deal(deal).toBuilder();
    report(deal).ifPresent(view::setReport);
    deal.terms().forEach(terms -> ports.speeds().find(terms.machine()).ifPresent(view::setSpeed));
    return view.build();
  }

  /// What the machine said of the run. How its program ended is in the result, too, if that word of the machine was
  /// lost.
  private Optional<RunReport> report(Deal.View deal) {
    var said = ports.reports().find(deal.deal());
    if (deal.result().isEmpty() || said.filter(report -> report.getEndedAt() > 0).isPresent()) {
      return said;
    }
    var result = deal.result().getFirst().word();
    return exitCode(result.commitment()).map(code -> said.orElse(RunReport.getDefaultInstance()).toBuilder()
        .clearFailure().setExitCode(code).setEndedAt(result.endedAt()).build()).or(() -> said);
  }

  /// The exit code in a result; empty if that is not kept any more.
  private Optional<Integer> exitCode(Bytes32 result) {
    try {
      return TreeFile.find(ports.store(), Cid.ofDirectory(result), "exitCode")
          .map(file -> Integer.parseUnsignedInt(
              new String(file.read(0, EXIT_CODE_BYTES), StandardCharsets.US_ASCII)));
    } catch (ContentException | NumberFormatException e) {
      LOG.debug("no exit code in result {}: {}", result, e.toString());
      return Optional.empty();
    }
  }

  /// The module's name as its creator wrote it.
  String module(Job.View view) {
    return view.offers().stream().findFirst()
        .flatMap(offer -> ports.store().small(offer.word().work().module(), JobSpecWire.MAX_BYTES))
        .map(spec -> JobSpecWire.decode(ByteString.copyFrom(spec)).name()).orElse("");
  }

  /// What the job's creator may read.
  AccountContent content(Job.View view) {
    return ports.store().of(view.offers().getFirst().word().creator());
  }

  Deal.View deal(DealId deal) {
    return asking.ask("the deal", ports.neighbours().deal(deal), Deal.Get::new);
  }

  /// The deal with the ledger's last word, which the deal itself keeps in memory only.
  private Deal.View settled(Deal.View view) {
    if (!view.phase().terminal() || view.lease().isEmpty() || !view.receipts().isEmpty()) {
      return view;
    }
    Bridge.Reply reply = asking.ask("the ledger", ports.neighbours().bridge(),
        replyTo -> new Bridge.GetDeal(view.deal(), replyTo));
    return reply instanceof Bridge.Receipt receipt ? with(view, receipt) : view;
  }

  static Deal.View with(Deal.View view, Bridge.Receipt receipt) {
    return new Deal.View(view.deal(), view.phase(), view.terms(), view.lease(), view.result(), view.times(),
        view.detail(), List.of(receipt));
  }

  /// Goes on over jobs of another phase until the page is full; only live jobs can be, and they are few.
  ListJobsReply list(Address caller, ListJobsRequest request) {
    int size = request.getPageSize() == 0 ? DEFAULT_PAGE : request.getPageSize();
    if (size < 1 || size > MAX_PAGE) {
      throw new InvalidValueException("pageSize", Integer.toUnsignedString(request.getPageSize()), "0 to " + MAX_PAGE);
    }
    var which = JobList.Which.phase(request.getPhase()).orElseThrow(() -> new InvalidValueException("phase",
        request.getPhase(), "Open, Claimed, Closing, Done, Failed, Cancelled, Expired or empty"));
    var reply = ListJobsReply.newBuilder();
    var cursor = request.getCursor();
    List<JobList.Entry> page;
    do {
      page = page(caller, which, cursor, size + 1);
      for (var entry : page) {
        var job = summary(view(entry.job()));
        if (request.getPhase().isEmpty() || job.getPhase().equals(request.getPhase())) {
          if (reply.getJobsCount() == size) {
            return reply.setNextCursor(cursor).build();
          }
          reply.addJobs(job);
        }
        cursor = entry.cursor();
      }
    } while (page.size() > size);
    return reply.build();
  }

  private List<JobList.Entry> page(Address caller, JobList.Which which, String cursor, int size) {
    try {
      return ports.jobs().page(caller, which, cursor, size);
    } catch (IllegalArgumentException e) {
      throw new InvalidValueException("cursor", cursor, "a next_cursor, or empty");
    }
  }

  network.lilypad.protocol.proto.v1.Job cancel(Address caller, Admission<Signed<Cancel>> admission) {
    var cancel = Refused.unlessAdmitted(admission);
    var job = own(caller, cancel.word().job().digest()).job();
    Job.Reply reply = asking.ask("the job", ports.neighbours().job(job), replyTo -> new Job.Stop(cancel, replyTo));
    return switch (reply) {
      case Job.Done(var view) -> show(view);
      case Job.Refused(var why) -> throw Refused.because(why);
    };
  }

  network.lilypad.protocol.proto.v1.Job accept(Address caller, Bytes32 digest,
      Admission<Signed<Acceptance>> admission) {
    var acceptance = Refused.unlessAdmitted(admission);
    var view = own(caller, digest);
    Refused.unless(deals(view).contains(acceptance.word().deal()),
        new Rejection.NotFound("deal", acceptance.word().deal().toString()));
    Deal.Reply reply = asking.ask("the deal", ports.neighbours().deal(acceptance.word().deal()),
        replyTo -> new Deal.Accept(acceptance, replyTo));
    return switch (reply) {
      case Deal.Done _ -> show(view(view.job()));
      case Deal.Refused(var why) -> throw Refused.because(why);
    };
  }

  private static List<DealId> deals(Job.View view) {
    return IntStream.rangeClosed(1, view.attempt()).mapToObj(view.job()::deal).toList();
  }

  network.lilypad.protocol.proto.v1.Explanation explain(Address caller, Bytes32 digest) {
    var view = own(caller, digest);
    var offer = view.offers().getFirst();
    return ApiWire.explanation(asking.ask("the market", ports.neighbours().matchmaker(offer.word().market()),
        replyTo -> new Matchmaker.Explain(view.job(), offer, replyTo)));
  }

  /// The root of the result that a job's creator may read: of its last attempt that has one, else what the last one had
  /// written when it was cancelled.
  Optional<Bytes32> result(Job.View view) {
    return deals(view).reversed().stream().map(this::deal).flatMap(deal -> deal.result().stream()).findFirst()
        .map(result -> result.word().commitment())
        .or(() -> deals(view).reversed().stream().findFirst().flatMap(ports.reports()::partial));
  }
}
