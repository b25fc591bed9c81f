package network.lilypad.chain.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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
import network.lilypad.protocol.value.Bytes32;
import network.lilypad.protocol.value.Cancel;
import network.lilypad.protocol.value.DealId;
import network.lilypad.protocol.value.DealPhase;
import network.lilypad.protocol.value.JobId;
import network.lilypad.protocol.value.JobOffer;
import network.lilypad.protocol.value.Lapse;
import network.lilypad.protocol.value.Lease;
import network.lilypad.protocol.value.Lp;
import network.lilypad.protocol.value.Release;
import network.lilypad.protocol.value.Result;
import network.lilypad.protocol.value.Signable;
import network.lilypad.protocol.value.Signed;

/// A small market played against a real ledger. One creator and provider is the victim, who never signs anything,
/// and in whose name others do.
final class LedgerWorld {
  private static final Wallet VICTIM = Cast.wallet("victim");
  private static final List<Wallet> SIGNERS = List.of(Cast.CREATOR, Cast.PROVIDER, Cast.STRANGER, Cast.ACCEPTOR,
      Cast.SOLVER);
  /// The first one's creator is the victim.
  static final int JOBS = 12;
  /// Deals that each job may have.
  static final int ATTEMPTS = 6;
  private static final Lp START = Lp.of(300);

  private final TestClock clock = new TestClock();
  private final DataSource database = Databases.memory();
  private final LocalLedger ledger = LocalLedger.open(database, clock, new Random(1));
  private final Cast cast = new Cast(ledger.domain());
  private final List<JobOffer> offers = IntStream.range(0, JOBS).mapToObj(LedgerWorld::offer).toList();
  private final List<JobId> jobs = offers.stream().map(cast::job).toList();
  private final Map<DealId, JobId> jobOf = new HashMap<>();
  private final Map<Intent, Bridge.Receipt> receipts = new LinkedHashMap<>();
  private final List<DealId> opened = new ArrayList<>();
  private final Map<DealId, Bridge.Receipt> ends = new HashMap<>();

  private static JobOffer offer(int job) {
    var creator = job == 0 ? VICTIM : job % 3 == 0 ? Cast.STRANGER : Cast.CREATOR;
    return Cast.offer(creator, job, Cast.MAX_PRICE.plus(Lp.of(5L * job)), Address.ZERO);
  }

  LedgerWorld() {
    jobs.forEach(job -> IntStream.rangeClosed(1, ATTEMPTS).forEach(attempt -> jobOf.put(job.deal(attempt), job)));
    for (var wallet : List.of(Cast.CREATOR, Cast.PROVIDER, Cast.STRANGER, VICTIM)) {
      settle(new Intent.Faucet(wallet.address(), START, 0));
    }
  }

  /// A move as numbers, so that a failing run shrinks well.
  ///
  /// @param verb what is done
  /// @param job whose job
  /// @param attempt which deal of it, where none is open
  /// @param party who signs; what the numbers mean depends on the verb
  /// @param amount LP or seconds
  /// @param target which opened deal, the latest first
  record Move(int verb, int job, int attempt, int party, int amount, int target) {}

  void play(Move move) {
    if (move.verb() == 0) {
      clock.pass(move.amount() / 2 - 10L);
    } else {
      if (patient(move)) {
        clock.pass(Cast.REVIEW_SECONDS);
      }
      settle(intent(move));
    }
  }

  /// Whether somebody who wants to end a deal by silence waits for the end of the review first.
  private static boolean patient(Move move) {
    return move.verb() == 8 && move.party() == 0;
  }

  private void settle(Intent intent) {
    if (ledger.settle(List.of(intent)).getFirst() instanceof Bridge.Receipt receipt
        && receipts.putIfAbsent(intent, receipt) == null && intent instanceof Intent.Open open) {
      opened.addFirst(open.deal());
    }
  }

  private Intent intent(Move move) {
    var offer = offers.get(move.job());
    var job = jobs.get(move.job());
    var deal = opened.isEmpty() ? job.deal(move.attempt()) : opened.get(move.target() % opened.size());
    var signer = SIGNERS.get(move.party() % SIGNERS.size());
    return switch (move.verb()) {
      case 1 -> new Intent.Reserve(inTheNameOf(offer.creator(), offer), job);
      case 2 -> new Intent.Unreserve(job);
      case 3 -> new Intent.Annul(job.deal(move.attempt()));
      case 4 -> new Intent.Faucet(signer.address(), Lp.of(move.amount()), move.attempt());
      case 5 -> new Intent.Submit(deal, cast.sign(signer, result(deal, move)));
      case 6 -> new Intent.Submit(deal, cast.sign(Cast.PROVIDER, result(deal, move)));
      case 7 -> new Intent.End(deal, proof(move, deal, signer));
      case 8 -> new Intent.End(deal, proof(move, deal, party(move.party(), offerOf(deal))));
      default -> open(move, offer);
    };
  }

  private JobOffer offerOf(DealId deal) {
    return offers.get(jobs.indexOf(job(deal)));
  }

  private JobId job(DealId deal) {
    return Objects.requireNonNull(jobOf.get(deal), "job of deal");
  }

  private Intent open(Move move, JobOffer offer) {
    var provider = switch (move.party()) {
      case 0 -> VICTIM;
      case 1 -> Cast.STRANGER;
      default -> Cast.PROVIDER;
    };
    var lease = new Lease(jobs.get(move.job()), move.attempt(), provider.address(), Bytes32.ZERO, 1,
        Lp.of(20 + move.amount()), Cast.COLLATERAL, 15, Cast.VALID_UNTIL, TestClock.START + 4L * move.amount(),
        Bytes32.ZERO);
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
      case 2 -> new Intent.Cancelled(cast.sign(signer, new Cancel(job(deal))));
      case 3 -> new Intent.Released(cast.sign(signer, new Release(deal)));
      case 4 -> new Intent.Lapsed(cast.sign(signer, new Lapse(deal, TestClock.START)));
      default -> new Intent.Accepted(cast.sign(Cast.PROVIDER, result),
          cast.sign(signer, new Acceptance(deal, Cast.ROOT, result.cost())));
    };
  }

  private static Result result(DealId deal, Move move) {
    return new Result(deal, Cast.ROOT, Lp.of(move.amount() > 100 ? 30 : 20), TestClock.START,
        TestClock.START + Cast.RUN_SECONDS);
  }

  /// What must hold after every call.
  void check() {
    var totals = ledger.totals();
    assertThat(totals.free().plus(totals.locked()).plus(totals.leaving()).plus(totals.pool())).as("I1")
        .isEqualTo(totals.issued());
    assertThat(ledger.balance(VICTIM.address())).as("I13")
        .isEqualTo(new Bridge.Balance(VICTIM.address(), START, Lp.ZERO, Lp.ZERO));
    var held = opened.stream().map(ledger::deal).map(Bridge.Receipt.class::cast).toList();
    assertThat(held.stream().filter(receipt -> !receipt.phase().terminal())
        .map(receipt -> job(DealId.parse(receipt.key())))).as("I14").doesNotHaveDuplicates();
    held.stream().filter(receipt -> receipt.phase().terminal()).forEach(this::checkEnd);
  }

  private void checkEnd(Bridge.Receipt end) {
    var deal = DealId.parse(end.key());
    assertThat(end).as("I6").isEqualTo(ends.getOrDefault(deal, end));
    assertThat(end.paid()).as("I8").isLessThanOrEqualTo(offerOf(deal).maxPrice());
    ends.put(deal, end);
  }

  /// Recomputes everything from the postings.
  void audit() throws SQLException {
    assertThat(rows("select entry from ledger.posting group by entry having sum(gwei) <> 0")).as("double entry")
        .isEmpty();
    assertThat(rows("""
        select subject from ledger.posting where step = 'END' group by subject having count(distinct entry) > 1"""))
        .as("I5").isEmpty();
    assertThat(rows("""
        select a.holder from ledger.account a where a.free + a.locked + a.leaving <>
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
