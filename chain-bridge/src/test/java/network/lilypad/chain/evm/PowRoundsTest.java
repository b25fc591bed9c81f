package network.lilypad.chain.evm;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import network.lilypad.protocol.value.Address;
import network.lilypad.protocol.value.Bytes32;
import network.lilypad.protocol.value.Keccak256;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(OnAnvil.class)
final class PowRoundsTest {
  private static final long INTERVAL = 3600;
  private static final long WINDOW = 600;
  private static final long REWARD = 1_000_000_000_007L;
  private static final long WANTED = 4;
  private static final BigInteger TARGET = BigInteger.TWO.pow(250);
  private static final BigInteger GWEI = BigInteger.valueOf(1_000_000_000);
  private static final Bytes32 NODE = Keccak256.hash("node");
  private static final Bytes32 NODE_2 = Keccak256.hash("node 2");
  private static final long CLAIM_SECONDS = Duration.ofDays(30).toSeconds();

  private final Evm evm;
  private final Contract token;
  private final Contract rounds;
  private final Address funder;
  private final Address alice;
  private final Address bob;

  PowRoundsTest(Evm evm) {
    this.evm = evm;
    funder = evm.account(1);
    alice = evm.account(2);
    bob = evm.account(3);
    token = evm.deploy("PlainToken");
    rounds = evm.deploy("PowRounds", token, List.of(INTERVAL, WINDOW, REWARD, WANTED, TARGET));
    token.send(funder, "mint", funder, BigInteger.valueOf(10 * REWARD).multiply(GWEI));
    token.send(funder, "approve", rounds, BigInteger.valueOf(10 * REWARD).multiply(GWEI));
    rounds.send(funder, "fund", 10 * REWARD);
  }

  private Bytes32 challenge(Address sender, Bytes32 node) {
    return (Bytes32) rounds.callAs(sender, "generateChallenge", node).getFirst();
  }

  private static BigInteger hash(Bytes32 challenge, long nonce) {
    return new BigInteger(1, Keccak256.hash(challenge.bytes(), padded(nonce)).bytes());
  }

  private static byte[] padded(long nonce) {
    var word = new byte[32];
    var bytes = BigInteger.valueOf(nonce).toByteArray();
    System.arraycopy(bytes, 0, word, 32 - bytes.length, bytes.length);
    return word;
  }

  private BigInteger target() {
    var round = (List<?>) rounds.call("roundOf", rounds.get(BigInteger.class, "latest")).getFirst();
    return (BigInteger) round.get(1);
  }

  private long mine(Bytes32 challenge) {
    var target = target();
    return IntStream.range(0, 1_000_000).filter(nonce -> hash(challenge, nonce).compareTo(target) < 0).findFirst()
        .orElseThrow();
  }

  private Receipt work(Address sender, Bytes32 node) {
    return rounds.send(sender, "submitWork", node, mine(challenge(sender, node)));
  }

  private long openedAt() {
    rounds.send(bob, "openRound");
    return evm.now();
  }

  private long claimed(Address sender, long... numbers) {
    var before = balance(sender);
    rounds.send(sender, "claim", IntStream.range(0, numbers.length).mapToObj(i -> numbers[i]).toList());
    return balance(sender).subtract(before).divide(GWEI).longValueExact();
  }

  private BigInteger balance(Address who) {
    return (BigInteger) token.call("balanceOf", who).getFirst();
  }

  @Test void anybody_opens_a_round_on_schedule_and_nobody_before() {
    openedAt();
    assertThat(rounds.refusal(alice, "openRound").name()).isEqualTo("TooEarly");
    evm.pass(INTERVAL);
    rounds.send(alice, "openRound");
    assertThat(rounds.call("latest")).containsExactly(BigInteger.TWO);
  }

  @Test void a_round_needs_something_to_give_away() {
    var poor = evm.deploy("PowRounds", token, List.of(INTERVAL, WINDOW, REWARD, WANTED, TARGET));
    assertThat(poor.refusal(alice, "openRound").name()).isEqualTo("EmptyPool");
  }

  @Test void there_is_no_challenge_before_the_round_and_none_after_its_window() {
    assertThat(rounds.refusal(alice, "submitWork", NODE, 0).name()).isEqualTo("TooLate");
    openedAt();
    var late = mine(challenge(alice, NODE));
    evm.pass(WINDOW);
    assertThat(rounds.refusal(alice, "submitWork", NODE, late).name()).isEqualTo("TooLate");
  }

  @Test void too_little_work_is_refused() {
    openedAt();
    var challenge = challenge(alice, NODE);
    long bad = IntStream.range(0, 1000).filter(nonce -> hash(challenge, nonce).compareTo(target()) >= 0).findFirst()
        .orElseThrow();
    assertThat(rounds.refusal(alice, "submitWork", NODE, bad).name()).isEqualTo("NotEnoughWork");
  }

  @Test void a_node_has_one_place_in_a_round_and_nobody_else_can_take_it() {
    openedAt();
    var nonce = mine(challenge(alice, NODE));
    assertThat(challenge(bob, NODE)).isNotEqualTo(challenge(alice, NODE));
    work(bob, NODE);
    rounds.send(alice, "submitWork", NODE, nonce);
    assertThat(rounds.refusal(alice, "submitWork", NODE, nonce).name()).isEqualTo("AlreadyAccepted");
  }

  @Test void work_is_worth_nothing_for_another_sender_node_or_round() {
    openedAt();
    var mine = challenge(alice, NODE);
    assertThat(mine).isNotEqualTo(challenge(alice, NODE_2));
    evm.pass(INTERVAL);
    openedAt();
    assertThat(challenge(alice, NODE)).isNotEqualTo(mine);
  }

  @Test void a_round_is_split_evenly_once_it_is_closed_and_the_rest_returns_to_the_pool() {
    openedAt();
    work(alice, NODE);
    work(alice, NODE_2);
    work(bob, NODE);
    assertThat(rounds.refusal(alice, "claim", List.of(1)).name()).isEqualTo("TooEarly");
    evm.pass(INTERVAL);
    openedAt();
    assertThat(claimed(alice, 1)).isEqualTo(REWARD / 3 * 2);
    assertThat(claimed(bob, 1)).isEqualTo(REWARD / 3);
    assertThat(rounds.call("pool")).containsExactly(10 * REWARD - REWARD - REWARD / 3 * 3);
  }

  @Test void shares_are_paid_once() {
    openedAt();
    work(alice, NODE);
    evm.pass(WINDOW);
    claimed(alice, 1);
    assertThat(rounds.refusal(alice, "claim", List.of(1)).name()).isEqualTo("NothingDue");
    assertThat(rounds.refusal(bob, "claim", List.of(1)).name()).isEqualTo("NothingDue");
    assertThat(rounds.refusal(alice, "claim", List.of(1, 1)).name()).isEqualTo("NothingDue");
  }

  @Test void a_claim_is_bounded() {
    var many = IntStream.rangeClosed(1, 65).boxed().toList();
    assertThat(rounds.refusal(alice, "claim", many).arguments()).isNotEmpty();
  }

  @Test void a_round_without_work_gives_its_reward_back() {
    openedAt();
    evm.pass(INTERVAL);
    openedAt();
    assertThat(rounds.call("pool")).containsExactly(9 * REWARD);
  }

  @Test void what_nobody_claims_in_time_returns_to_the_pool() {
    openedAt();
    work(alice, NODE);
    work(bob, NODE);
    evm.pass(WINDOW);
    claimed(bob, 1);
    assertThat(rounds.refusal(bob, "reclaim", 1).name()).isEqualTo("TooEarly");
    evm.pass(CLAIM_SECONDS + 1);
    rounds.send(bob, "reclaim", 1);
    assertThat(rounds.call("pool")).containsExactly(10 * REWARD - REWARD / 2);
    assertThat(rounds.refusal(alice, "claim", List.of(1)).name()).isEqualTo("TooLate");
    assertThat(rounds.refusal(bob, "reclaim", 1).name()).isEqualTo("NothingDue");
    assertThat(balance(rounds.address())).isEqualTo(BigInteger.valueOf(10 * REWARD - REWARD / 2).multiply(GWEI));
  }

  @Test void difficulty_follows_the_nodes_by_at_most_a_factor_of_two() {
    openedAt();
    for (int i = 0; i < 5; i++) {
      work(alice, Keccak256.hash("node " + i));
    }
    evm.pass(INTERVAL);
    openedAt();
    assertThat(target()).isEqualTo(TARGET.divide(BigInteger.valueOf(5)).multiply(BigInteger.valueOf(WANTED)));
    var before = target();
    evm.pass(INTERVAL);
    openedAt();
    assertThat(target()).isEqualTo(before.multiply(BigInteger.TWO));
    for (int i = 0; i < 20; i++) {
      work(alice, Keccak256.hash("node " + i));
    }
    evm.pass(INTERVAL);
    openedAt();
    assertThat(target()).isEqualTo(before);
  }

  @Test void difficulty_never_falls_below_sixteen_hashes() {
    for (int i = 0; i < 5; i++) {
      openedAt();
      evm.pass(INTERVAL);
    }
    assertThat(target()).isEqualTo(BigInteger.TWO.pow(252));
  }
}
