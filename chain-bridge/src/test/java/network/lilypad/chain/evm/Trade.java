package network.lilypad.chain.evm;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import network.lilypad.protocol.sign.Eip712;
import network.lilypad.protocol.sign.Wallet;
import network.lilypad.protocol.value.Acceptance;
import network.lilypad.protocol.value.Address;
import network.lilypad.protocol.value.Bytes32;
import network.lilypad.protocol.value.Cancel;
import network.lilypad.protocol.value.DealId;
import network.lilypad.protocol.value.Dispute;
import network.lilypad.protocol.value.Domain;
import network.lilypad.protocol.value.JobOffer;
import network.lilypad.protocol.value.Lapse;
import network.lilypad.protocol.value.Lease;
import network.lilypad.protocol.value.Lp;
import network.lilypad.protocol.value.Release;
import network.lilypad.protocol.value.Result;
import network.lilypad.protocol.value.Signable;
import network.lilypad.protocol.value.Verdict;

/// One attempt at a job: its words, signed by whom they should be unless told otherwise, and every call about it.
///
/// @param market where
/// @param offer the creator's word
/// @param lease the provider's
/// @param outcome what the run gave
/// @param given signatures to use in place of the right ones
record Trade(Market market, JobOffer offer, Lease lease, Outcome outcome, Map<Word, byte[]> given) {
  /// When a solver says that it found a machine silent.
  static final long SILENT_AT = Anvil.GENESIS_TIME + 77;

  /// What is signed on the way of a deal.
  enum Word {
    OFFER, LEASE, RESULT, ACCEPTANCE, DISPUTE, CANCEL, RELEASE, LAPSE
  }

  /// Solidity's Outcome.
  record Outcome(Bytes32 commitment, long cost, long startedAt, long endedAt) {}

  /// Solidity's Terms.
  record Terms(Address creator, Address acceptor, Address solver, Address provider, Bytes32 panel,
      BigInteger figures) {}

  /// Solidity's Vote.
  record Vote(int seat, Bytes32 commitment, Bytes32 r, Bytes32 vs) {}

  Bytes32 job() {
    return lease.job().digest();
  }

  DealId deal() {
    return lease.deal();
  }

  BigInteger figures() {
    return BigInteger.valueOf(lease.price().gwei())
        .or(BigInteger.valueOf(lease.collateral().gwei()).shiftLeft(64))
        .or(BigInteger.valueOf(offer.work().runSeconds()).shiftLeft(128))
        .or(BigInteger.valueOf(offer.reviewSeconds()).shiftLeft(160))
        .or(BigInteger.valueOf(lease.submitBy()).shiftLeft(192));
  }

  Terms terms() {
    return new Terms(offer.creator(), offer.acceptor(), offer.solver(), lease.provider(), offer.panel(), figures());
  }

  // ------------------------------------------------------------------------------------------------ variations

  /// With another signature under a word.
  Trade with(Word word, byte[] signature) {
    var all = new EnumMap<Word, byte[]>(Word.class);
    all.putAll(given);
    all.put(word, signature);
    return new Trade(market, offer, lease, outcome, Map.copyOf(all));
  }

  /// A word signed by somebody else.
  Trade signed(Word word, Wallet by) {
    return with(word, by.sign(digest(word, market.domain)).bytes());
  }

  /// With every signature in the short form of EIP-2098.
  Trade packed() {
    var packed = this;
    for (var word : Word.values()) {
      packed = packed.with(word, Keys.compact(signature(word)));
    }
    return packed;
  }

  /// With another result.
  Trade with(Outcome other) {
    return new Trade(market, offer, lease, other, given);
  }

  /// The same job's next attempt, changed as the draft is.
  Trade again(int attempt, Consumer<Draft> change) {
    var draft = new Draft(market);
    change.accept(draft);
    draft.attempt = attempt;
    return new Trade(market, offer, draft.lease(lease.job()), outcome, Map.of());
  }

  // ------------------------------------------------------------------------------------------------ words

  /// The signature that goes with a word.
  byte[] signature(Word word) {
    var other = given.get(word);
    return other != null ? other : market.keys.of(party(word)).sign(digest(word, market.domain)).bytes();
  }

  /// Who should sign a word.
  Address party(Word word) {
    return switch (word) {
      case OFFER, ACCEPTANCE, DISPUTE, CANCEL -> offer.creator();
      case LEASE, RESULT, RELEASE -> lease.provider();
      case LAPSE -> offer.solver();
    };
  }

  Bytes32 digest(Word word, Domain domain) {
    return Eip712.digest(domain, signable(word));
  }

  private Signable signable(Word word) {
    var cost = Lp.gwei(outcome.cost());
    return switch (word) {
      case OFFER -> offer;
      case LEASE -> lease;
      case RESULT -> new Result(deal(), outcome.commitment(), cost, outcome.startedAt(), outcome.endedAt());
      case ACCEPTANCE -> new Acceptance(deal(), outcome.commitment(), cost);
      case CANCEL -> new Cancel(lease.job());
      case RELEASE -> new Release(deal());
      case LAPSE -> new Lapse(deal(), SILENT_AT);
      case DISPUTE -> new Dispute(deal(), outcome.commitment());
    };
  }

  // ------------------------------------------------------------------------------------------------ calls

  Call open() {
    return open(offer.maxFee().gwei());
  }

  Call open(long fee) {
    return market.call("openDeal", offerWords(), signature(Word.OFFER), leaseWords(), signature(Word.LEASE), fee);
  }

  Call openAndSettle() {
    return openAndSettle(offer.maxFee().gwei());
  }

  Call openAndSettle(long fee) {
    return market.call("openAndSettle", offerWords(), signature(Word.OFFER), leaseWords(), signature(Word.LEASE),
        outcome, signature(Word.RESULT), signature(Word.ACCEPTANCE), fee);
  }

  Call submit() {
    return market.call("submitResult", job(), terms(), outcome, signature(Word.RESULT));
  }

  Call accept() {
    return result("acceptResult", signature(Word.ACCEPTANCE));
  }

  Call acceptOutcome() {
    return market.call("acceptOutcome", job(), terms(), outcome, signature(Word.RESULT), signature(Word.ACCEPTANCE));
  }

  Call settle() {
    return result("settle");
  }

  Call cancel() {
    return market.call("cancel", job(), terms(), signature(Word.CANCEL));
  }

  Call revoke() {
    return market.call("revoke", offerWords(), signature(Word.CANCEL));
  }

  Call release() {
    return market.call("release", job(), terms(), signature(Word.RELEASE));
  }

  Call lapse() {
    return market.call("lapse", job(), terms(), SILENT_AT, signature(Word.LAPSE));
  }

  Call timeoutSubmit() {
    return market.call("timeoutSubmit", job(), terms());
  }

  Call check() {
    return result("checkResult", signature(Word.DISPUTE));
  }

  Call timeoutMediate() {
    return result("timeoutMediate");
  }

  /// A verdict in round 1, of the members in these seats.
  Call decide(Panel panel, int verdict, int... seats) {
    return decide(panel, 1, verdict, IntStream.of(seats).mapToObj(seat -> vote(seat, 1, verdict)).toList());
  }

  Call decide(Panel panel, int round, int verdict, List<Vote> votes) {
    return result("decide", panel.members(), round, verdict, votes);
  }

  /// The vote of the mediator that has this seat in a panel of [Keys#MEDIATORS].
  Vote vote(int seat, int round, int verdict) {
    return vote(seat, Keys.MEDIATORS.get(seat), new Verdict(deal(), round, verdict, outcome.commitment()));
  }

  Vote vote(int seat, Wallet by, Verdict verdict) {
    var packed = Keys.compact(by.sign(Eip712.digest(market.domain, verdict)).bytes());
    return new Vote(seat, verdict.commitment(), Keys.word(packed, 0), Keys.word(packed, 1));
  }

  private Call result(String function, Object... more) {
    var arguments = new ArrayList<Object>(List.of(job(), terms(), outcome.commitment(), outcome.cost()));
    arguments.addAll(List.of(more));
    return market.call(function, arguments.toArray());
  }

  /// Solidity's JobOffer.
  List<Object> offerWords() {
    var work = offer.work();
    var words = List.<Object>of(work.engine(), work.module(), work.inputs(), work.outputs(),
        Eip712.resources(work.resources()),
        work.runSeconds(), work.network(), work.comparator(), work.extra());
    return List.of(offer.creator(), offer.acceptor(), offer.solver(), offer.market(), offer.target(), offer.panel(),
        words, offer.maxPrice(), offer.maxFee(), offer.minCollateral(), offer.verification(), offer.maxAttempts(),
        offer.reviewSeconds(), offer.validUntil(), offer.deliverBy(), offer.nonce(), offer.extra());
  }

  /// Solidity's Lease.
  List<Object> leaseWords() {
    return List.of(lease.attempt(), lease.provider(), lease.offer(), lease.epoch(), lease.price(), lease.collateral(),
        lease.ttlSeconds(), lease.openBy(), lease.submitBy(), lease.extra());
  }
}
