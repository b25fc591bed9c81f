package network.lilypad.chain.fuzz;

import static network.lilypad.chain.fuzz.Players.ACCEPTOR;
import static network.lilypad.chain.fuzz.Players.AGENT;
import static network.lilypad.chain.fuzz.Players.CREATORS;
import static network.lilypad.chain.fuzz.Players.MEDIATORS;
import static network.lilypad.chain.fuzz.Players.PANEL;
import static network.lilypad.chain.fuzz.Players.PROVIDERS;
import static network.lilypad.chain.fuzz.Players.SOLVER;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;

import network.lilypad.chain.Intent;
import network.lilypad.chain.evm.Contract;
import network.lilypad.protocol.sign.Eip712;
import network.lilypad.protocol.sign.Wallet;
import network.lilypad.protocol.value.Acceptance;
import network.lilypad.protocol.value.Address;
import network.lilypad.protocol.value.Bytes32;
import network.lilypad.protocol.value.Cancel;
import network.lilypad.protocol.value.DealId;
import network.lilypad.protocol.value.Dispute;
import network.lilypad.protocol.value.Domain;
import network.lilypad.protocol.value.Engine;
import network.lilypad.protocol.value.JobId;
import network.lilypad.protocol.value.JobOffer;
import network.lilypad.protocol.value.Keccak256;
import network.lilypad.protocol.value.Lapse;
import network.lilypad.protocol.value.Lease;
import network.lilypad.protocol.value.Lp;
import network.lilypad.protocol.value.NetworkPolicy;
import network.lilypad.protocol.value.Release;
import network.lilypad.protocol.value.Resources;
import network.lilypad.protocol.value.Result;
import network.lilypad.protocol.value.Signed;
import network.lilypad.protocol.value.Verdict;
import network.lilypad.protocol.value.Verification;
import network.lilypad.protocol.value.Work;

/// Draws calls that a market may see: of all verbs, by everybody, mostly about deals that are live, and often wrong.
final class Moves {
  static final int JOBS = 5;
  private static final int RUN_SECONDS = 50;
  private static final Set<Integer> LOCKED = Set.of(1, 2, 4);
  private static final Set<Integer> VACANT = Set.of(0, 6, 8, 10, 12, 13, 15);
  private static final List<Long> REVIEWS = List.of(0L, 60L, 60L, 200L);

  private final Players players;
  private final Contract controller;
  private final Random random;
  private final List<JobOffer> offers;
  private final List<JobId> jobs;
  private final List<Live> opened = new ArrayList<>();
  private final Set<DealId> refused = new HashSet<>();
  private final Map<JobId, Integer> attempts = new HashMap<>();
  private final Map<DealId, Result> submitted = new HashMap<>();
  private final Map<JobId, Integer> states = new HashMap<>();
  private long now;
  private long nonce;

  /// A deal that may be live.
  private record Live(JobOffer offer, Lease lease) {}

  Moves(Domain domain, Contract controller, Random random, long start) {
    this.players = new Players(domain, random);
    this.controller = controller;
    this.random = random;
    this.now = start;
    this.offers = IntStream.range(0, JOBS).mapToObj(this::draw).toList();
    this.jobs = offers.stream().map(offer -> new JobId(Eip712.digest(domain, offer))).toList();
  }

  List<JobId> jobs() {
    return jobs;
  }

  private JobOffer draw(int number) {
    var creator = players.any(CREATORS).address();
    var work = new Work(Engine.WASM, Keccak256.hash("module"), Bytes32.ZERO, Bytes32.ZERO,
        Resources.cpu(1000, 512, 512), RUN_SECONDS, NetworkPolicy.NONE, Bytes32.ZERO, Bytes32.ZERO);
    return new JobOffer(creator, random.nextBoolean() ? ACCEPTOR.address() : Address.ZERO, SOLVER.address(),
        Keccak256.hash("market"), players.seldom() ? PROVIDERS.getFirst().address() : Address.ZERO,
        players.seldom() ? Bytes32.ZERO : PANEL.id(), work, Lp.gwei(100_000_000_007L),
        random.nextBoolean() ? Lp.ZERO : Lp.gwei(1_000_000_001L), Lp.of(5), Verification.EXACT, 9,
        players.any(REVIEWS).intValue(), now + 2_000, now + 4_000, number, Bytes32.ZERO);
  }

  /// What happens next, a little or a long time later.
  Step next(long at) {
    now = at;
    var live = opened.isEmpty() || random.nextInt(10) == 0 ? null
        : players.seldom() ? unopened() : recent();
    int roll = random.nextInt(100);
    if (live == null || roll < 22) {
      return roll < 6 ? account() : open(roll);
    }
    return roll < 34 ? account() : about(live, random.nextInt(4) == 0 ? roll : fitting(live));
  }

  /// A deal that no ledger knows.
  private Live unopened() {
    var known = opened.getLast();
    var lease = known.lease();
    return new Live(known.offer(), new Lease(lease.job(), 250, lease.provider(), lease.offer(), lease.epoch(),
        lease.price().plus(Lp.gwei(1)), lease.collateral(), lease.ttlSeconds(), lease.openBy(), lease.submitBy(),
        lease.extra()));
  }

  /// Mostly a deal whose money is locked, else one of the latest.
  private Live recent() {
    var locked = opened.stream().filter(live -> LOCKED.contains(states.getOrDefault(live.lease().job(), 0))).toList();
    return locked.isEmpty() || random.nextInt(6) == 0
        ? opened.get(opened.size() - 1 - random.nextInt(Math.min(opened.size(), 3)))
        : players.any(locked);
  }

  /// Mostly a job that can be opened.
  private int someJob() {
    var vacant = IntStream.range(0, JOBS).boxed()
        .filter(index -> VACANT.contains(states.getOrDefault(jobs.get(index), 0))).toList();
    return vacant.isEmpty() || random.nextInt(5) == 0 ? random.nextInt(JOBS) : players.any(vacant);
  }

  /// Hears what a step came to. An opening that the model has refused stays refused there; a chain forgets refusals.
  void ended(Step step, boolean happened) {
    switch (step.intent()) {
      case Intent.Open open when happened -> opened.add(new Live(open.offer().word(), open.lease().word()));
      case Intent.Open open -> refused.add(open.deal());
      case Intent.Submit submit when happened -> submitted.put(submit.deal(), submit.result().word());
      default -> {
      }
    }
  }

  private Step open(int roll) {
    int index = someJob();
    var offer = offers.get(index);
    var creator = byAddress(offer.creator());
    var provider = players.any(PROVIDERS);
    int attempt = attempt(jobs.get(index));
    var lease = new Lease(jobs.get(index), attempt, provider.address(), Keccak256.hash("machine"), 1,
        Lp.gwei(players.seldom() ? 200_000_000_000L : 1 + random.nextLong(100_000_000_007L)),
        Lp.gwei(players.seldom() ? random.nextLong(5_000_000_000L) : 5_000_000_000L + random.nextLong(40_000_000_000L)),
        15, now + (players.seldom() ? -1 : 50), now + (players.seldom() ? 9_000 : 10 + random.nextInt(150)),
        Bytes32.ZERO);
    var signedOffer = players.sign(creator, offer);
    var signedLease = players.sign(random.nextInt(4) == 0 ? AGENT : provider, lease);
    var sender = random.nextBoolean() ? SOLVER : players.anybody();
    var fee = sender == SOLVER && random.nextBoolean() ? Lp.ZERO : offer.maxFee();
    var open = new Intent.Open(signedOffer, signedLease, fee);
    if (roll < 10 || refused.contains(open.deal())) {
      return openAndSettle(open, sender);
    }
    return step("openDeal", open, sender, Encoding.offer(offer), signedOffer.signature(), Encoding.lease(lease),
        signedLease.signature(), fee);
  }

  private int attempt(JobId job) {
    int attempt = Math.max(1, attempts.getOrDefault(job, 0) + (players.seldom() ? 0 : 1));
    attempts.put(job, attempt);
    return attempt;
  }

  private Step openAndSettle(Intent.Open open, Wallet sender) {
    var offer = open.offer().word();
    var lease = open.lease().word();
    var result = result(offer, lease);
    var signedResult = players.sign(byAddress(lease.provider()), result);
    var acceptance = players.sign(byAddress(offer.creator()),
        new Acceptance(result.deal(), result.commitment(), result.cost()));
    return step("openAndSettle", new Intent.OpenAndSettle(open, new Intent.Accepted(signedResult, acceptance)), sender,
        Encoding.offer(offer), open.offer().signature(), Encoding.lease(lease), open.lease().signature(),
        Encoding.outcome(result), signedResult.signature(), acceptance.signature(), open.fee());
  }

  private Result result(JobOffer offer, Lease lease) {
    long ran = players.seldom() ? 3 : RUN_SECONDS;
    var root = players.seldom() ? Keccak256.hash("other") : Keccak256.hash("root" + offer.nonce());
    return new Result(lease.deal(), root, lease.price().times(players.seldom() ? 1 : 2, 2), now, now + ran);
  }

  /// Hears the states of all jobs' latest deals, so that most calls make sense.
  void states(Map<JobId, List<Integer>> slots) {
    slots.forEach((job, slot) -> states.put(job, slot.getFirst()));
  }

  /// Whether a panel has something to judge.
  boolean disputed() {
    return states.containsValue(4);
  }

  /// A number that [#about] makes a fitting call of.
  private int fitting(Live live) {
    return switch (states.getOrDefault(live.lease().job(), 0)) {
      case 2 -> random.nextInt(2) == 0 ? 80 : 50 + random.nextInt(14);
      case 4 -> random.nextInt(3) == 0 ? 99 : 90;
      default -> 34 + random.nextInt(45);
    };
  }

  private Step about(Live live, int roll) {
    var provider = byAddress(live.lease().provider());
    var creator = byAddress(live.offer().creator());
    var result = result(live.offer(), live.lease());
    var deal = live.lease().deal();
    return switch (Integer.valueOf(roll)) {
      case Integer r when r < 48 -> submit(live, players.sign(random.nextInt(4) == 0 ? AGENT : provider, result));
      case Integer r when r < 56 -> accept(live, result, creator);
      case Integer r when r < 64 -> settle(live, result);
      case Integer r when r < 68 -> cancel(live, creator);
      case Integer r when r < 71 -> release(live, players.sign(random.nextInt(4) == 0 ? AGENT : provider,
          new Release(deal)));
      case Integer r when r < 74 -> lapse(live, players.sign(SOLVER, new Lapse(deal, now)));
      case Integer r when r < 79 -> timeoutSubmit(live);
      case Integer r when r < 87 -> check(live, result, creator);
      case Integer r when r < 95 -> decide(live, result);
      case Integer r when r < 97 -> revoke(live, creator);
      default -> timeoutMediate(live);
    };
  }

  private Step submit(Live live, Signed<Result> result) {
    return step("submitResult", new Intent.Submit(live.lease().deal(), result), players.anybody(), job(live),
        terms(live), Encoding.outcome(result.word()), result.signature());
  }

  /// A submitted result is accepted by its commitment and cost, another one with the provider's signature.
  private Step accept(Live live, Result drawn, Wallet creator) {
    var by = random.nextInt(3) == 0 ? ACCEPTOR : creator;
    var known = submitted.get(drawn.deal());
    if (known != null) {
      var result = players.seldom() ? new Result(known.deal(), known.commitment(), Lp.ZERO, now, now + 1) : known;
      var acceptance = players.sign(by, new Acceptance(result.deal(), result.commitment(), result.cost()));
      var proof = new Intent.Accepted(byAddress(live.lease().provider()).sign(domain(), result), acceptance);
      return end("acceptResult", live, proof, terms(live), result.commitment(), result.cost(),
          acceptance.signature());
    }
    return acceptOutcome(live, drawn, by);
  }

  private Step acceptOutcome(Live live, Result result, Wallet by) {
    var signedResult = players.sign(byAddress(live.lease().provider()), result);
    var acceptance = players.sign(by, new Acceptance(result.deal(), result.commitment(), result.cost()));
    var proof = new Intent.Accepted(signedResult, acceptance);
    return end("acceptOutcome", live, proof, terms(live), Encoding.outcome(result), signedResult.signature(),
        acceptance.signature());
  }

  private Step timeoutMediate(Live live) {
    var result = submitted(live);
    return end("timeoutMediate", live, new Intent.PanelSilent(), terms(live), result.commitment(), result.cost());
  }

  /// The result that the ledgers hold; any other where they hold none.
  private Result submitted(Live live) {
    var known = submitted.get(live.lease().deal());
    return known == null ? result(live.offer(), live.lease()) : known;
  }

  private Step settle(Live live, Result drawn) {
    var result = players.seldom() ? drawn : submitted(live);
    var proof = new Intent.Silence(byAddress(live.lease().provider()).sign(domain(), result));
    return end("settle", live, proof, terms(live), result.commitment(), result.cost());
  }

  private Step cancel(Live live, Wallet creator) {
    var cancel = players.sign(creator, new Cancel(live.lease().job()));
    return end("cancel", live, new Intent.Cancelled(cancel), terms(live), cancel.signature());
  }

  private Step release(Live live, Signed<Release> release) {
    return end("release", live, new Intent.Released(release), terms(live), release.signature());
  }

  private Step lapse(Live live, Signed<Lapse> lapse) {
    return end("lapse", live, new Intent.Lapsed(lapse), terms(live), lapse.word().at(), lapse.signature());
  }

  private Step timeoutSubmit(Live live) {
    var keeper = players.anybody();
    return new Step("timeoutSubmit", new Intent.End(live.lease().deal(), new Intent.NoResult(keeper.address())),
        controller.tx(keeper.address(), "timeoutSubmit", job(live), terms(live)));
  }

  private Step check(Live live, Result drawn, Wallet creator) {
    var by = random.nextInt(3) == 0 ? ACCEPTOR : creator;
    var known = submitted(live);
    var commitment = players.seldom() ? drawn.commitment() : known.commitment();
    var dispute = players.sign(by, new Dispute(known.deal(), commitment));
    return step("checkResult", new Intent.Check(known.deal(), dispute, PANEL), players.anybody(), job(live),
        terms(live), commitment, known.cost(), dispute.signature());
  }

  private Step decide(Live live, Result drawn) {
    var result = submitted(live);
    int decision = 1 + random.nextInt(5);
    int voters = players.seldom() ? 1 : 2 + random.nextInt(2);
    var verdicts = new ArrayList<Signed<Verdict>>();
    for (var mediator : MEDIATORS.subList(0, voters)) {
      int said = players.seldom() ? 1 : decision;
      verdicts.add(players.sign(mediator, new Verdict(result.deal(), 1, said, drawn.commitment())));
    }
    int said = verdicts.getFirst().word().verdict();
    var votes = verdicts.stream().sorted(Comparator.comparing(Signed::signer))
        .map(verdict -> Encoding.vote(PANEL.mediators(), verdict)).toList();
    return end("decide", live, new Intent.Decided(PANEL, verdicts), terms(live), result.commitment(), result.cost(),
        PANEL.mediators(), 1, said, votes);
  }

  private Step revoke(Live live, Wallet creator) {
    var offer = creator.sign(domain(), live.offer());
    var cancel = players.sign(creator, new Cancel(live.lease().job()));
    return step("revoke", new Intent.Revoke(offer, cancel), players.anybody(), Encoding.offer(live.offer()),
        cancel.signature());
  }

  private Step account() {
    var who = players.any(CREATORS);
    var address = who.address();
    return switch (random.nextInt(6)) {
      case 0 -> {
        var amount = Lp.gwei(players.seldom() ? 0 : random.nextLong(60_000_000_000L));
        yield step("requestWithdrawal", new Intent.RequestWithdrawal(address, amount, nonce++), who, amount);
      }
      case 1 -> step("cancelWithdrawal", new Intent.CancelWithdrawal(address, nonce++), who);
      case 2, 3 -> step("withdraw", new Intent.Withdraw(address, nonce++), who, address);
      default -> {
        long expiry = random.nextInt(3) == 0 ? 0 : now + random.nextInt(300);
        var provider = players.any(PROVIDERS);
        yield step("setAgent", new Intent.SetAgent(provider.address(), AGENT.address(), expiry), provider,
            AGENT.address(), expiry);
      }
    };
  }

  private Step end(String verb, Live live, Intent.Proof proof, Object... parameters) {
    var all = new ArrayList<Object>(List.of(job(live)));
    all.addAll(List.of(parameters));
    return step(verb, new Intent.End(live.lease().deal(), proof), players.anybody(), all.toArray());
  }

  private Step step(String verb, Intent intent, Wallet sender, Object... parameters) {
    return new Step(verb, intent, controller.tx(sender.address(), verb, parameters));
  }

  private static Bytes32 job(Live live) {
    return live.lease().job().digest();
  }

  private static List<Object> terms(Live live) {
    return Encoding.terms(live.offer(), live.lease());
  }

  private Domain domain() {
    return players.domain();
  }

  private static Wallet byAddress(Address address) {
    return Players.ALL.stream().filter(wallet -> wallet.address().equals(address)).findFirst().orElseThrow();
  }
}
