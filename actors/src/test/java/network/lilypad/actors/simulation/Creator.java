package network.lilypad.actors.simulation;

import network.lilypad.actors.deal.Deal;
import network.lilypad.actors.deal.DealState;
import network.lilypad.actors.job.Job;
import network.lilypad.protocol.message.Bridge;
import network.lilypad.protocol.value.Acceptance;
import network.lilypad.protocol.value.Address;
import network.lilypad.protocol.value.Bytes32;
import network.lilypad.protocol.value.Cancel;
import network.lilypad.protocol.value.Engine;
import network.lilypad.protocol.value.JobId;
import network.lilypad.protocol.value.JobOffer;
import network.lilypad.protocol.value.Lp;
import network.lilypad.protocol.value.NetworkPolicy;
import network.lilypad.protocol.value.Resources;
import network.lilypad.protocol.value.Signed;
import network.lilypad.protocol.value.Verification;
import network.lilypad.protocol.value.Work;

/// A job creator with one job: reserves and posts it, maybe twice, maybe without the money; accepts, lies or stays
/// silent; may cancel at any time; may vanish.
final class Creator {
  /// The latest a job is submitted, after the beginning.
  static final int SUBMIT_WITHIN_SECONDS = 100;
  /// The longest an offer waits to be opened.
  static final int LONGEST_VALID_SECONDS = 400;
  /// The longest run paid for.
  static final int LONGEST_RUN_SECONDS = 120;
  /// The longest review.
  static final int LONGEST_REVIEW_SECONDS = 90;
  private static final long LOOK_MILLIS = 1_500;

  final Signed<JobOffer> offer;
  private final World world;
  private final JobId job;
  private final Address account;
  private final boolean skipsReservation;
  private final boolean postsTwice;
  private final boolean accepts;
  private final boolean lies;
  private final long submitAt;
  private final long cancelAt;
  private final long vanishesAt;
  private boolean reserved;
  private boolean posted;
  private boolean stopped;

  Creator(World world, int number) {
    this.world = world;
    var random = world.random;
    this.account = new Address(1, random.nextInt(3) == 0 ? 0 : number, 0);
    this.job = new JobId(new Bytes32(1, number, 7, 7));
    this.submitAt = world.clock.seconds() + random.nextInt(SUBMIT_WITHIN_SECONDS);
    this.offer = world.sign(account, offer(number, submitAt));
    this.skipsReservation = random.nextInt(8) == 0;
    this.postsTwice = random.nextInt(4) == 0;
    this.accepts = random.nextInt(3) != 0;
    this.lies = random.nextInt(6) == 0;
    this.cancelAt = random.nextInt(3) == 0 ? submitAt + random.nextInt(random.nextBoolean() ? 12 : 300)
        : Long.MAX_VALUE;
    this.vanishesAt = random.nextInt(8) == 0 ? submitAt + random.nextInt(200) : Long.MAX_VALUE;
    world.creators.put(job, this);
    world.job(job);
    world.trace.name(account, "creator" + number);
    world.ledger.faucet(account, Lp.gwei(random.nextInt(8) == 0 ? 500 : 200_000));
  }

  void begin() {
    world.clock.after((submitAt - world.clock.seconds()) * 1000, "creator", "submits", this::act);
  }

  private JobOffer offer(int number, long submitAt) {
    var random = world.random;
    var wanted = new Resources(500 + 500 * random.nextInt(6), Math.max(0, random.nextInt(4) - 1), Bytes32.ZERO, 1_000,
        1_000, 1_000);
    var work = new Work(Engine.DOCKER, Bytes32.ZERO, Bytes32.ZERO, Bytes32.ZERO, wanted,
        1 + random.nextInt(LONGEST_RUN_SECONDS), NetworkPolicy.NONE, Bytes32.ZERO, Bytes32.ZERO);
    long validUntil = submitAt + 10 + random.nextInt(LONGEST_VALID_SECONDS - 10);
    return new JobOffer(account, Address.ZERO, Address.ZERO, Bytes32.ZERO, Address.ZERO, Bytes32.ZERO, work,
        Lp.gwei(500 + random.nextInt(9_000)), Lp.gwei(random.nextInt(2)), Lp.gwei(random.nextInt(2_100)),
        Verification.NONE, 1 + random.nextInt(3), random.nextInt(LONGEST_REVIEW_SECONDS), validUntil,
        validUntil + 60 + random.nextInt(600), number, Bytes32.ZERO);
  }

  private void act() {
    long now = world.clock.seconds();
    if (now >= vanishesAt || world.job(job).ended()) {
      return;
    }
    if (!posted && now <= offer.word().validUntil()) {
      submit();
    }
    if (now >= cancelAt && !stopped && posted) {
      world.tell(job, new Job.Stop(world.sign(account, new Cancel(job)), Refs.JOB_REPLY));
    }
    if (accepts) {
      accept();
    }
    world.clock.after(LOOK_MILLIS, "creator", "looks", this::act);
  }

  private void submit() {
    if (reserved || skipsReservation) {
      post();
      if (postsTwice) {
        post();
      }
    } else {
      world.line.ask("reserve", () -> world.ledger.reserve(offer, job), this::reserved);
    }
  }

  private void reserved(Bridge.Reply reply) {
    reserved = reserved || reply instanceof Bridge.Receipt;
  }

  private void post() {
    world.tell(job, new Job.Post(offer, Refs.JOB_REPLY));
  }

  void posted(boolean done) {
    posted = posted || done;
  }

  void stopped(boolean done) {
    stopped = stopped || done;
  }

  private void accept() {
    var deal = world.deals.get(job.deal(Math.max(1, world.job(job).state().view().attempt())));
    if (deal != null && deal.state() instanceof DealState.InReview review) {
      var result = review.result().word();
      boolean lie = lies && world.random.nextBoolean();
      var word = new Acceptance(result.deal(), result.commitment(),
          lie ? Lp.gwei(result.cost().gwei() / 2) : result.cost());
      var stranger = new Address(1, 77, 0);
      boolean strange = lies && world.random.nextInt(4) == 0;
      world.tell(deal, new Deal.Accept(world.sign(strange ? stranger : account, word), Refs.DEAL_REPLY));
    }
  }
}
