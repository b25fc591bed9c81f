package network.lilypad.node.gateway;

import com.google.protobuf.ByteString;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import network.lilypad.actors.job.Job;
import network.lilypad.node.store.AccountContent;
import network.lilypad.protocol.Rejection;
import network.lilypad.protocol.content.ContentException;
import network.lilypad.protocol.content.ContentException.Reason;
import network.lilypad.protocol.message.Bridge;
import network.lilypad.protocol.value.Address;
import network.lilypad.protocol.value.Bytes32;
import network.lilypad.protocol.value.Engine;
import network.lilypad.protocol.value.JobId;
import network.lilypad.protocol.value.JobOffer;
import network.lilypad.protocol.value.JobSpec;
import network.lilypad.protocol.value.Signed;
import network.lilypad.protocol.wire.Admission;
import network.lilypad.protocol.wire.WireDoor;

/// Takes a job into the market: everything that can be checked is checked, then the creator's budget is reserved, then
/// the job is posted. Repeating it is harmless: the same offer is the same job. Blocks.
final class Submission {
  /// How far ahead an offer may be valid: a reservation must end in sight.
  private static final long MAX_VALID_SECONDS = Duration.ofDays(1).toSeconds();
  private static final long RETRY_MILLIS = 10_000;
  /// Each costs a look at the folders on the way to it; modules name a few.
  private static final int REQUIRED_MAX = 100;
  /// The longest path of a system.
  private static final int PATH_CHARS_MAX = 4096;
  /// One creator's submissions take turns, so that its bound is exact; others seldom share its lock.
  private static final int LOCKS = 256;

  private final GatewayPorts ports;
  private final Asking asking;
  private final JobDesk desk;
  private final List<Lock> locks = Stream.<Lock>generate(ReentrantLock::new).limit(LOCKS).toList();

  /// A job that may be posted.
  record Checked(JobId job, Signed<JobOffer> offer) {
    Address creator() {
      return offer.word().creator();
    }
  }

  /// What comes with an offer.
  ///
  /// @param spec the encoded [JobSpec]
  /// @param required paths that must be in the inputs
  record Papers(ByteString spec, List<String> required) {}

  Submission(GatewayPorts ports, Asking asking, JobDesk desk) {
    this.ports = ports;
    this.asking = asking;
    this.desk = desk;
  }

  /// Posts a job.
  ///
  /// @return the job, also when it was posted before and still lives
  Job.View submit(Address caller, Admission<Signed<JobOffer>> admission, Papers papers) {
    var offer = Refused.unlessAdmitted(admission);
    requireParties(caller, offer);
    var job = ports.signatures().jobId(offer.word());
    var known = desk.view(job);
    if (!known.offers().isEmpty()) {
      Refused.unless(!known.ended(), new Rejection.JobEnded(job.toString(), known.phase()));
      return known;
    }
    requireTimesAndPrice(offer.word());
    requireContent(job, offer.word(), papers);
    var lock = locks.get(Math.floorMod(offer.word().creator().hashCode(), LOCKS));
    lock.lock();
    try {
      return post(new Checked(job, offer));
    } finally {
      lock.unlock();
    }
  }

  private void requireParties(Address caller, Signed<JobOffer> offer) {
    var word = offer.word();
    Refused.unless(offer.signer().equals(word.creator()),
        new Rejection.NotAParty(offer.signer().toString(), "the creator " + word.creator()));
    Refused.unless(caller.equals(word.creator()),
        new Rejection.NotAParty(caller.toString(), "the creator " + word.creator()));
    Refused.unless(word.solver().equals(ports.solver()),
        new Rejection.Mismatch("solver", word.solver() + " (this market's is " + ports.solver() + ")"));
    Refused.unless(word.market().equals(ports.config().market().id()),
        new Rejection.Mismatch("market", word.market() + " (here is " + ports.config().market().id() + ")"));
  }

  private void requireTimesAndPrice(JobOffer offer) {
    long now = ports.ledgerTime().getAsLong();
    Refused.unless(offer.validUntil() > now, new Rejection.TooLate("the offer", offer.validUntil(), now));
    Refused.unless(offer.validUntil() <= now + MAX_VALID_SECONDS, new Rejection.Malformed("validUntil",
        Long.toString(offer.validUntil()), "at most 24 hours ahead of " + now));
    var minimum = ports.config().market().minimumCharge();
    Refused.unless(offer.maxPrice().covers(minimum),
        new Rejection.TooExpensive(minimum.gwei(), offer.maxPrice().gwei()));
  }

  /// Everything is held before it is looked for: what is found then cannot be swept any more.
  private void requireContent(JobId job, JobOffer offer, Papers papers) {
    var work = offer.work();
    var spec = Refused.unlessAdmitted(WireDoor.admitSpec(work.module(), papers.spec()));
    Refused.unless(spec.engine() == work.engine(),
        new Rejection.BadContent("spec", "its engine is " + spec.engine() + ", the offer's is " + work.engine()));
    hold(job, spec, work.inputs());
    var content = ports.store().of(offer.creator());
    requireProgram(spec, content);
    if (!work.inputs().isZero()) {
      requireInputs(work.inputs(), content);
    }
    requirePaths(papers.required(), work.inputs(), content);
    ports.store().put(work.module(), papers.spec());
    ports.store().keep(work.module());
  }

  private void hold(JobId job, JobSpec spec, Bytes32 inputs) {
    var held = new HashMap<Bytes32, Boolean>();
    held.put(spec.image(), false);
    held.put(inputs, true);
    held.remove(Bytes32.ZERO);
    ports.store().holds().hold(job, held);
  }

  private static void requireProgram(JobSpec spec, AccountContent content) {
    boolean travels = spec.engine() == Engine.WASM || spec.imageName().isEmpty();
    Refused.unless(!travels || content.contains(spec.image()),
        new Rejection.BadContent("program " + spec.image(), "you have not stored it here: put it first"));
  }

  private static void requireInputs(Bytes32 root, AccountContent content) {
    try {
      content.requireInputs(root);
    } catch (ContentException e) {
      throw Refused.because(new Rejection.BadContent("inputs " + root, e.reason() == Reason.MISSING_BLOCK
          ? "you have not stored all of it here, and it is no result of a job of yours: import it first; "
              + e.getMessage()
          : String.valueOf(e.getMessage())));
    }
  }

  /// A module's wish, which is in no signature: of use to the creator alone.
  private static void requirePaths(List<String> paths, Bytes32 root, AccountContent content) {
    Refused.unless(paths.size() <= REQUIRED_MAX,
        new Rejection.TooLarge("required inputs", paths.size(), REQUIRED_MAX));
    for (var path : paths) {
      Refused.unless(path.length() <= PATH_CHARS_MAX,
          new Rejection.TooLarge("characters of a required input", path.length(), PATH_CHARS_MAX));
      Refused.unless(!root.isZero() && content.has(root, path),
          new Rejection.BadContent("inputs " + root, "input file " + path + " is missing, the module needs it"));
    }
  }

  private Job.View post(Checked checked) {
    int limit = ports.config().limits().unsettledJobs();
    Refused.unless(ports.jobs().unsettled(checked.creator()) < limit,
        new Rejection.Overloaded("unsettled jobs of one creator", limit, RETRY_MILLIS));
    Bridge.Reply reserved = asking.ask("the ledger", ports.neighbours().bridge(),
        replyTo -> new Bridge.Reserve(checked.offer(), checked.job(), replyTo));
    if (reserved instanceof Bridge.Refused(_, var why)) {
      throw Refused.because(why);
    }
    Job.Reply posted = asking.ask("the job", ports.neighbours().job(checked.job()),
        replyTo -> new Job.Post(checked.offer(), replyTo));
    return switch (posted) {
      case Job.Done(var view) -> {
        ports.jobs().posted(checked.job(), checked.creator(), view.postedAt());
        yield view;
      }
      case Job.Refused(var why) -> {
        giveBack(checked.job());
        throw Refused.because(why);
      }
    };
  }

  /// Best effort: a reservation that stays ends by itself with the offer.
  private void giveBack(JobId job) {
    ports.neighbours().bridge().tell(new Bridge.Unreserve(job, ports.system().ignoreRef()));
  }
}
