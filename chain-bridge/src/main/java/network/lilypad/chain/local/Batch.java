package network.lilypad.chain.local;

import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

import network.lilypad.chain.Intent;
import network.lilypad.protocol.Defect;
import network.lilypad.protocol.Rejection;
import network.lilypad.protocol.message.Bridge;
import network.lilypad.protocol.sign.Signatures;
import network.lilypad.protocol.value.Address;
import network.lilypad.protocol.value.Bytes32;
import network.lilypad.protocol.value.DealId;
import network.lilypad.protocol.value.DealPhase;
import network.lilypad.protocol.value.JobId;
import network.lilypad.protocol.value.Lp;
import network.lilypad.protocol.value.Signed;

/// One batch of intents inside one transaction: looks for the first answer, asks the rules, writes what they decide.
/// A refusal writes nothing (but its own words, where it is final), so it undoes nobody else's intent.
final class Batch {
  private final Books books;
  private final Signatures signatures;
  private final Evidence evidence;
  private final long now;
  private long entry;

  /// @param start the ledger's time for the whole batch, and the last entry before it
  Batch(Books books, Signatures signatures, Books.Clock start) {
    this.books = books;
    this.signatures = signatures;
    this.evidence = new Evidence(signatures);
    this.now = start.time();
    this.entry = start.entry();
  }

  /// Where the ledger stands after the batch.
  Books.Clock end() {
    return new Books.Clock(now, entry);
  }

  Bridge.Reply settle(Intent intent) throws SQLException {
    return switch (intent) {
      case Intent.Reserve reserve -> reserve(reserve);
      case Intent.Unreserve unreserve -> unreserve(unreserve);
      case Intent.Open open -> open(open);
      case Intent.OpenAndSettle pay -> openAndSettle(pay);
      case Intent.Revoke revoke -> revoke(revoke);
      case Intent.Annul annul -> annul(annul);
      case Intent.Submit submit -> submit(submit);
      case Intent.Check check -> check(check);
      case Intent.End end -> end(end);
      case Intent.SetAgent set -> setAgent(set);
      case Intent.RequestWithdrawal request -> requestWithdrawal(request);
      case Intent.CancelWithdrawal cancel -> cancelWithdrawal(cancel);
      case Intent.Withdraw withdraw -> withdraw(withdraw);
      case Intent.Faucet faucet -> faucet(faucet);
    };
  }

  private Bridge.Reply reserve(Intent.Reserve intent) throws SQLException {
    var first = books.reservation(intent.job());
    if (first.isPresent()) {
      return first.get();
    }
    var last = books.slot(intent.job());
    var funds = books.funds(intent.offer().word().creator(), intent.job(), now);
    var flaw = Check.all(evidence.check(intent), notRevoked(intent.job()), rules().reserve(intent.offer(), last, funds))
        .flaw();
    return flaw.isPresent() ? refused(intent, flaw.get()) : books.reserve(intent, now, ++entry);
  }

  private Bridge.Reply unreserve(Intent.Unreserve intent) throws SQLException {
    books.unreserve(intent.job());
    return Books.receipt(intent.job(), now, ++entry);
  }

  private Bridge.Reply open(Intent.Open intent) throws SQLException {
    var content = signatures.digest(intent.lease().word());
    var first = books.stored(intent.key());
    if (first.isPresent()) {
      return repeated(intent, first.get(), content);
    }
    var reply = carryOut(intent, intent.deal(), content, decideOpen(intent));
    if (reply instanceof Bridge.Refused) {
      books.store(intent.key(), content, reply);
    }
    return reply;
  }

  private Ruling decideOpen(Intent.Open intent) throws SQLException {
    if (books.stored(new Intent.Annul(intent.deal()).key()).isPresent()) {
      return new Ruling.Reject(
          new Rejection.LedgerConflict("deal " + intent.deal(), DealPhase.TIMEOUT_AGREE.name()));
    }
    var job = intent.lease().word().job();
    var last = books.slot(job);
    var creator = books.funds(intent.offer().word().creator(), job, now);
    var provider = books.funds(intent.lease().word().provider(), job, now);
    var rules = rules(intent.lease());
    return Check.all(evidence.check(intent), notRevoked(job))
        .orReject(() -> rules.open(intent, last, creator, provider));
  }

  private Bridge.Reply openAndSettle(Intent.OpenAndSettle intent) throws SQLException {
    var first = books.stored(intent.key());
    if (first.isPresent()) {
      return first.get().reply();
    }
    var open = intent.open();
    var job = open.lease().word().job();
    var last = books.slot(job);
    var creator = books.funds(open.offer().word().creator(), job, now);
    var rules = rules(open.lease(), intent.proof().result());
    var ruling = Check.all(evidence.check(intent), notRevoked(job))
        .orReject(() -> rules.openAndSettle(intent, last, creator));
    return carryOut(intent, open.deal(), Bytes32.ZERO, ruling);
  }

  private Bridge.Reply revoke(Intent.Revoke intent) throws SQLException {
    var first = books.stored(intent.key());
    if (first.isPresent()) {
      return first.get().reply();
    }
    var job = signatures.jobId(intent.offer().word());
    var flaw = Check.all(evidence.check(intent), LedgerRules.revoke(intent, job, books.slot(job))).flaw();
    if (flaw.isPresent()) {
      return refused(intent, flaw.get());
    }
    books.unreserve(job);
    entry++;
    return done(intent, DealPhase.CANCELLED);
  }

  private Check notRevoked(JobId job) throws SQLException {
    var revoked = books.stored(new Intent.Key(job.toString(), "REVOKE")).isPresent();
    return Check.that(!revoked, () -> new Rejection.JobEnded(job.toString(), DealPhase.CANCELLED.name()));
  }

  /// The rules at this moment, for words that a provider's agent may have signed.
  private LedgerRules rules(Signed<?>... words) throws SQLException {
    var principals = new HashMap<Address, Set<Address>>();
    for (var word : words) {
      principals.put(word.signer(), books.principals(word.signer(), now));
    }
    return new LedgerRules(now, new Agents(principals));
  }

  private Bridge.Reply annul(Intent.Annul intent) throws SQLException {
    var opened = books.stored(new Intent.Key(intent.key().subject(), "OPEN"));
    if (opened.isPresent() && opened.get().reply() instanceof Bridge.Receipt) {
      return held(intent.deal());
    }
    var first = books.stored(intent.key());
    if (first.isPresent()) {
      return first.get().reply();
    }
    var receipt = new Bridge.Receipt(intent.key().subject(), DealPhase.TIMEOUT_AGREE, now, Long.toString(++entry),
        Lp.ZERO, Lp.ZERO);
    books.store(intent.key(), Bytes32.ZERO, receipt);
    return receipt;
  }

  private Bridge.Reply submit(Intent.Submit intent) throws SQLException {
    var content = signatures.digest(intent.result().word());
    var first = books.stored(intent.key());
    return first.isPresent()
        ? repeated(intent, first.get(), content)
        : submit(intent, content, rules(intent.result()));
  }

  private Bridge.Reply submit(Intent.Submit intent, Bytes32 content, LedgerRules rules) throws SQLException {
    return step(intent, intent.deal(), content, slot -> rules.submit(slot, intent.result()));
  }

  private Bridge.Reply check(Intent.Check intent) throws SQLException {
    var first = books.stored(intent.key());
    if (first.isPresent()) {
      return first.get().reply();
    }
    var slot = books.slot(intent.deal());
    var rules = rules();
    var creator = slot.isPresent()
        ? books.funds(slot.get().terms().creator(), slot.get().terms().job(), now)
        : new LedgerRules.Funds(Address.ZERO, 0, 0);
    return step(intent, intent.deal(), Bytes32.ZERO, live -> rules.check(live, intent, creator));
  }

  private Bridge.Reply end(Intent.End intent) throws SQLException {
    var rules = switch (intent.proof()) {
      case Intent.Accepted(var result, _) -> rules(result);
      case Intent.Released(var release) -> rules(release);
      case Intent.Silence _,Intent.NoResult _,Intent.Cancelled _,Intent.Lapsed _ -> rules();
      case Intent.Decided _,Intent.PanelSilent _ -> rules();
    };
    return step(intent, intent.deal(), Bytes32.ZERO, slot -> rules.end(slot, intent.proof()));
  }

  /// A step of a deal that has opened; one that has ended answers with its end.
  private Bridge.Reply step(Intent intent, DealId deal, Bytes32 content, Function<Slot.Live, Ruling> rules)
      throws SQLException {
    var ended = books.stored(new Intent.Key(deal.toString(), "END"));
    if (ended.isPresent()) {
      return ended.get().reply();
    }
    var slot = books.slot(deal);
    if (slot.isEmpty()) {
      return refused(intent, new Rejection.NotFound("deal", deal.toString()));
    }
    if (!(slot.get() instanceof Slot.Live live)) {
      throw new Defect("deal " + deal + ": " + slot.get().phase() + " without a receipt (expected: one)");
    }
    return carryOut(intent, deal, content,
        evidence.check(intent).orReject(() -> rules.apply(live)));
  }

  private Bridge.Reply carryOut(Intent intent, DealId deal, Bytes32 content, Ruling ruling) throws SQLException {
    return switch (ruling) {
      case Ruling.Move move -> move(intent, content, move);
      case Ruling.Stands _ -> held(deal);
      case Ruling.Reject(var why) -> refused(intent, why);
    };
  }

  private Bridge.Receipt move(Intent intent, Bytes32 content, Ruling.Move move) throws SQLException {
    var after = move.after();
    books.write(after);
    books.post(++entry, intent.key(), move.postings());
    var paid = Lp.ZERO;
    var refunded = Lp.ZERO;
    if (after instanceof Slot.Ended ended) {
      paid = ended.paid();
      refunded = ended.refunded();
      if (ended.endsJob()) {
        books.unreserve(ended.terms().job());
      }
    }
    var receipt = new Bridge.Receipt(intent.key().subject(), after.phase(), now, Long.toString(entry), paid, refunded);
    books.store(intent.key(), content, receipt);
    return receipt;
  }

  private Bridge.Reply faucet(Intent.Faucet intent) throws SQLException {
    var first = books.stored(intent.key());
    if (first.isPresent()) {
      return first.get().reply();
    }
    var flaw = LedgerRules.faucet(intent.amount(), -books.account(Posting.ISSUED).free()).flaw();
    if (flaw.isPresent()) {
      return refused(intent, flaw.get());
    }
    books.post(++entry, intent.key(), Posting.issue(intent.account(), intent.amount()));
    return done(intent, DealPhase.NEGOTIATING);
  }

  private Bridge.Reply setAgent(Intent.SetAgent intent) throws SQLException {
    books.setAgent(intent);
    return new Bridge.Receipt(intent.key().subject(), DealPhase.NEGOTIATING, now, Long.toString(++entry), Lp.ZERO,
        Lp.ZERO);
  }

  private Bridge.Reply requestWithdrawal(Intent.RequestWithdrawal intent) throws SQLException {
    var first = books.stored(intent.key());
    if (first.isPresent()) {
      return first.get().reply();
    }
    var account = intent.account();
    var funds = books.funds(account, LocalLedger.NO_JOB, now);
    var flaw = LedgerRules.requestWithdrawal(intent.amount(), funds).flaw();
    if (flaw.isPresent()) {
      return refused(intent, flaw.get());
    }
    long gwei = intent.amount().gwei();
    books.post(++entry, intent.key(), List.of(Posting.free(account, -gwei), Posting.leaving(account, gwei)));
    books.leavesAt(account, now + Intent.WITHDRAWAL_DELAY_SECONDS);
    return done(intent, DealPhase.NEGOTIATING);
  }

  private Bridge.Reply cancelWithdrawal(Intent.CancelWithdrawal intent) throws SQLException {
    var account = intent.account();
    long gwei = books.account(account.toString()).leaving();
    return leave(intent, account, Check.PASSED,
        List.of(Posting.leaving(account, -gwei), Posting.free(account, gwei)));
  }

  private Bridge.Reply withdraw(Intent.Withdraw intent) throws SQLException {
    var account = intent.account();
    var held = books.account(account.toString());
    return leave(intent, account, Check.notBefore("payout", held.leavingAt(), now),
        Posting.retire(account, held.leaving()));
  }

  /// Moves all that is leaving an account.
  private Bridge.Reply leave(Intent intent, Address account, Check inTime, List<Posting> postings)
      throws SQLException {
    var first = books.stored(intent.key());
    if (first.isPresent()) {
      return first.get().reply();
    }
    var held = books.account(account.toString());
    var flaw = Check.all(LedgerRules.leaving(account, held), inTime).flaw();
    if (flaw.isPresent()) {
      return refused(intent, flaw.get());
    }
    books.post(++entry, intent.key(), postings);
    return done(intent, DealPhase.NEGOTIATING);
  }

  /// The receipt of something that concerns no deal, for good.
  private Bridge.Receipt done(Intent intent, DealPhase phase) throws SQLException {
    var receipt = new Bridge.Receipt(intent.key().subject(), phase, now, Long.toString(entry), Lp.ZERO, Lp.ZERO);
    books.store(intent.key(), Bytes32.ZERO, receipt);
    return receipt;
  }

  private Bridge.Reply held(DealId deal) throws SQLException {
    return books.latest(deal)
        .orElseThrow(() -> new Defect("deal " + deal + ": live without a receipt (expected: one)"));
  }

  /// The first answer; a receipt only for the word that earned it.
  private static Bridge.Reply repeated(Intent intent, Books.Stored first, Bytes32 content) {
    return first.reply() instanceof Bridge.Receipt receipt && !first.content().equals(content)
        ? refused(intent, new Rejection.LedgerConflict(
            intent.key().step() + " of deal " + receipt.key() + " under another word", receipt.phase().name()))
        : first.reply();
  }

  private static Bridge.Refused refused(Intent intent, Rejection why) {
    return new Bridge.Refused(intent.key().subject(), why);
  }
}
