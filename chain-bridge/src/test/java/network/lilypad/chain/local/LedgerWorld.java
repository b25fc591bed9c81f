package network.lilypad.chain.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;

import javax.sql.DataSource;

import network.lilypad.chain.Cast;
import network.lilypad.chain.Intent;
import network.lilypad.chain.TestClock;
import network.lilypad.protocol.message.Bridge;
import network.lilypad.protocol.sign.Wallet;
import network.lilypad.protocol.value.Acceptance;
import network.lilypad.protocol.value.Address;
import network.lilypad.protocol.value.Cancel;
import network.lilypad.protocol.value.DealId;
import network.lilypad.protocol.value.DealPhase;
import network.lilypad.protocol.value.JobOffer;
import network.lilypad.protocol.value.Lapse;
import network.lilypad.protocol.value.Lp;
import network.lilypad.protocol.value.Release;
import network.lilypad.protocol.value.Result;
import network.lilypad.protocol.value.Signable;
import network.lilypad.protocol.value.Signed;

/// A small market played against a real ledger. Four jobs; the last one's creator is the victim, who never signs
/// anything, and in whose name others do.
final class LedgerWorld {
  /// How many things a [Move] can be.
  static final int VERBS = 12;
  private static final Wallet VICTIM = Cast.wallet("victim");
  private static final List<Wallet> SIGNERS = List.of(Cast.CREATOR, Cast.PROVIDER, Cast.STRANGER, Cast.ACCEPTOR,
      Cast.SOLVER);
  private static final Lp START = Lp.of(300);

  private final TestClock clock = new TestClock();
  private final DataSource database = Databases.memory();
  private final LocalLedger ledger = LocalLedger.open(database, clock, new Random(1));
  private final Cast cast = new Cast(ledger.domain());
  private final List<JobOffer> offers = List.of(Cast.offer(0), Cast.offer(1),
      Cast.offer(Cast.STRANGER, 2, Lp.of(250), Address.ZERO), Cast.offer(VICTIM, 3, Cast.MAX_PRICE, Address.ZERO));
  private final Map<Intent, Bridge.Receipt> receipts = new LinkedHashMap<>();
  private final Map<DealId, Bridge.Receipt> ends = new HashMap<>();

  LedgerWorld() {
    for (var wallet : List.of(Cast.CREATOR, Cast.PROVIDER, Cast.STRANGER, VICTIM)) {
      settle(new Intent.Faucet(wallet.address(), START, 0));
    }
  }

  /// A move as numbers, so that a failing run shrinks well.
  ///
  /// @param verb what is done
  /// @param job whose job
  /// @param attempt which deal of it
  /// @param party who signs; what the numbers mean depends on the verb
  /// @param amount LP or seconds
  record Move(int verb, int job, int attempt, int party, int amount) {}

  void play(Move move) {
    if (move.verb() == 0) {
      clock.pass(move.amount() * 5L - 20);
    } else {
      settle(intent(move));
    }
  }

  private void settle(Intent intent) {
    if (ledger.settle(List.of(intent)).getFirst() instanceof Bridge.Receipt receipt) {
      receipts.putIfAbsent(intent, receipt);
    }
  }

  private Intent intent(Move move) {
    var offer = offers.get(move.job());
    var job = cast.job(offer);
    var deal = job.deal(move.attempt());
    var signer = SIGNERS.get(move.party() % SIGNERS.size());
    return switch (move.verb()) {
      case 1 -> new Intent.Reserve(inTheNameOf(offer.creator(), offer), job);
      case 2 -> new Intent.Unreserve(job);
      case 3 -> new Intent.Annul(deal);
      case 4 -> new Intent.Faucet(signer.address(), Lp.of(move.amount()), move.attempt());
      case 5 -> new Intent.Submit(deal, cast.sign(signer, result(deal, move)));
      case 6 -> new Intent.Submit(deal, cast.sign(Cast.PROVIDER, result(deal, move)));
      case 7 -> new Intent.End(deal, proof(move, deal, signer));
      case 8 -> new Intent.End(deal, proof(move, deal, party(move.party(), offer)));
      default -> open(move, offer);
    };
  }

  private Intent open(Move move, JobOffer offer) {
    var provider = switch (move.party()) {
      case 0 -> VICTIM;
      case 1 -> Cast.STRANGER;
      default -> Cast.PROVIDER;
    };
    var lease = cast.lease(offer, move.attempt(), provider, Lp.of(move.amount()), Cast.COLLATERAL);
    return new Intent.Open(inTheNameOf(offer.creator(), offer), inTheNameOf(provider.address(), lease));
  }

  /// Signed by the party itself; the victim's name is put under it by a stranger's key.
  private <T extends Signable> Signed<T> inTheNameOf(Address party, T word) {
    return SIGNERS.stream().filter(wallet -> wallet.address().equals(party)).findFirst()
        .map(wallet -> cast.sign(wallet, word))
        .orElseGet(() -> new Signed<>(word, party, cast.sign(Cast.STRANGER, word).signature()));
  }

  /// Who may end a deal in the way that [#proof] makes of the same number.
  private static Wallet party(int kind, JobOffer offer) {
    var creator = offer.creator().equals(Cast.STRANGER.address()) ? Cast.STRANGER : Cast.CREATOR;
    return switch (kind) {
      case 3 -> Cast.PROVIDER;
      case 4 -> Cast.SOLVER;
      default -> creator;
    };
  }

  private Intent.Proof proof(Move move, DealId deal, Wallet signer) {
    var result = result(deal, move);
    return switch (move.party()) {
      case 0 -> new Intent.Silence(cast.sign(Cast.PROVIDER, result));
      case 1 -> new Intent.NoResult();
      case 2 -> new Intent.Cancelled(cast.sign(signer, new Cancel(cast.job(offers.get(move.job())))));
      case 3 -> new Intent.Released(cast.sign(signer, new Release(deal)));
      case 4 -> new Intent.Lapsed(cast.sign(signer, new Lapse(deal, TestClock.START)));
      default -> new Intent.Accepted(cast.sign(Cast.PROVIDER, result),
          cast.sign(signer, new Acceptance(deal, Cast.ROOT, result.cost())));
    };
  }

  private static Result result(DealId deal, Move move) {
    return new Result(deal, Cast.ROOT, Lp.of(move.amount() / 40 * 20L), TestClock.START,
        TestClock.START + Cast.RUN_SECONDS);
  }

  /// What must hold after every call.
  void check() {
    var totals = ledger.totals();
    assertThat(totals.free().plus(totals.locked()).plus(totals.pool())).as("I1").isEqualTo(totals.issued());
    assertThat(ledger.balance(VICTIM.address())).as("I13")
        .isEqualTo(new Bridge.Balance(VICTIM.address(), START, Lp.ZERO, Lp.ZERO));
    for (var offer : offers) {
      var deals = IntStream.rangeClosed(1, 3).mapToObj(cast.job(offer)::deal).toList();
      assertThat(deals.stream().filter(this::live)).as("I14").hasSizeLessThan(2);
      deals.forEach(deal -> checkEnd(deal, offer));
    }
  }

  private boolean live(DealId deal) {
    return ledger.deal(deal) instanceof Bridge.Receipt receipt && !receipt.phase().terminal();
  }

  private void checkEnd(DealId deal, JobOffer offer) {
    if (ledger.deal(deal) instanceof Bridge.Receipt receipt && receipt.phase().terminal()) {
      assertThat(receipt).as("I6").isEqualTo(ends.getOrDefault(deal, receipt));
      assertThat(receipt.paid()).as("I8").isLessThanOrEqualTo(offer.maxPrice());
      ends.put(deal, receipt);
    }
  }

  /// Recomputes everything from the postings.
  void audit() throws SQLException {
    assertThat(rows("select entry from ledger.posting group by entry having sum(gwei) <> 0")).as("double entry")
        .isEmpty();
    assertThat(rows("""
        select subject from ledger.posting where step = 'END' group by subject having count(distinct entry) > 1"""))
        .as("I5").isEmpty();
    assertThat(rows("""
        select a.holder from ledger.account a where a.free + a.locked <>
          (select sum(p.gwei) from ledger.posting p where p.holder = a.holder)""")).as("balances").isEmpty();
    assertThat(rows("""
        select s.job from ledger.slot s where s.phase in (1, 2) and s.price + s.collateral <>
          (select sum(p.gwei) from ledger.posting p where p.subject = s.deal and p.kind = 'LOCKED')"""))
        .as("locked").isEmpty();
  }

  private List<String> rows(String query) throws SQLException {
    try (var connection = database.getConnection(); var sql = new Sql(connection)) {
      return sql.all(query, row -> row.getString(1));
    }
  }

  /// The first receipts of the steps that are done once.
  List<Bridge.Receipt> receipts() {
    return receipts.entrySet().stream().filter(entry -> repeatable(entry.getKey())).map(Map.Entry::getValue).toList();
  }

  /// What the same steps answer when they are all asked again.
  List<Bridge.Reply> replayed() {
    var again = new ArrayList<Bridge.Reply>();
    receipts.keySet().stream().filter(LedgerWorld::repeatable)
        .forEach(intent -> again.addAll(ledger.settle(List.of(intent))));
    check();
    return again;
  }

  private static boolean repeatable(Intent intent) {
    return intent instanceof Intent.Open || intent instanceof Intent.Faucet;
  }

  /// How the deals of this run have ended.
  List<DealPhase> phases() {
    return ends.values().stream().map(Bridge.Receipt::phase).toList();
  }
}
