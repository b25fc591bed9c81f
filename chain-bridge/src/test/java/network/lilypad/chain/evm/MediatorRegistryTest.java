package network.lilypad.chain.evm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.math.BigInteger;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import network.lilypad.protocol.sign.Wallet;
import network.lilypad.protocol.value.Address;
import network.lilypad.protocol.value.Bytes32;
import network.lilypad.protocol.value.Domain;
import network.lilypad.protocol.value.JobId;
import network.lilypad.protocol.value.Keccak256;
import network.lilypad.protocol.value.Verdict;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(OnAnvil.class)
final class MediatorRegistryTest {
  private static final long MINIMUM = 1_000_000_000_000L;
  private static final long DELAY = Duration.ofDays(7).toSeconds();
  private static final BigInteger GWEI = BigInteger.valueOf(1_000_000_000);
  private static final JobId JOB = new JobId(Keccak256.hash("job"));
  private static final Bytes32 DEAL = JOB.deal(1).digest();
  private static final int OK = 1;
  private static final int BAD = 2;

  private final Evm evm;
  private final Wallet mediator = Wallet.of(Keccak256.hash("mediator"));
  private final Address reporter;
  private final Contract token;
  private final Contract controller;
  private final Contract registry;

  MediatorRegistryTest(Evm evm) {
    this.evm = evm;
    reporter = evm.account(5);
    token = evm.deploy("PlainToken");
    controller = evm.deploy("Controller", token, Address.ZERO);
    registry = evm.deploy("MediatorRegistry", controller, MINIMUM, DELAY);
    fund(mediator.address());
  }

  private void fund(Address who) {
    token.send(who, "mint", who, BigInteger.valueOf(10 * MINIMUM).multiply(GWEI));
    token.send(who, "approve", registry, BigInteger.TWO.pow(256).subtract(BigInteger.ONE));
  }

  private void staked(long amount) {
    registry.send(mediator.address(), "stake", amount);
  }

  private List<Object> word(Wallet signer, int round, int verdict, String commitment) {
    var said = new Verdict(JOB.deal(1), round, verdict, Keccak256.hash(commitment));
    var domain = new Domain(Anvil.CHAIN_ID, controller.address());
    return List.of(verdict, said.commitment(), signer.sign(domain, said).signature());
  }

  private Reverted slashRefused(List<Object> one, List<Object> other) {
    return registry.refusal(reporter, "slash", mediator.address(), DEAL, 1, one, other);
  }

  private Receipt slash() {
    return registry.send(reporter, "slash", mediator.address(), DEAL, 1, word(mediator, 1, OK, "a"),
        word(mediator, 1, BAD, "a"));
  }

  private boolean active() {
    return registry.get(Boolean.class, "active", mediator.address());
  }

  private BigInteger balance(Address who) {
    return (BigInteger) token.call("balanceOf", who).getFirst();
  }

  @Test void a_mediator_is_active_from_the_minimum_stake_on() {
    staked(MINIMUM - 1);
    assertThat(active()).isFalse();
    staked(1);
    assertThat(active()).isTrue();
  }

  @Test void who_leaves_is_not_active_and_waits_for_its_stake() {
    staked(MINIMUM);
    registry.send(mediator.address(), "requestExit");
    assertThat(active()).isFalse();
    assertThat(registry.refusal(mediator.address(), "withdraw", reporter).name()).isEqualTo("TooEarly");
    evm.pass(DELAY);
    registry.send(mediator.address(), "withdraw", mediator.address());
    assertThat(registry.call("standing", mediator.address())).containsExactly(0L, 0L, false);
    assertThat(balance(mediator.address())).isEqualTo(BigInteger.valueOf(10 * MINIMUM).multiply(GWEI));
  }

  @Test void who_leaves_can_stay_after_all_but_not_add_to_its_stake_meanwhile() {
    staked(MINIMUM);
    registry.send(mediator.address(), "requestExit");
    assertThat(registry.refusal(mediator.address(), "stake", 1).name()).isEqualTo("WrongStanding");
    assertThat(registry.refusal(mediator.address(), "requestExit").name()).isEqualTo("WrongStanding");
    registry.send(mediator.address(), "cancelExit");
    assertThat(active()).isTrue();
    assertThat(registry.refusal(mediator.address(), "withdraw", reporter).name()).isEqualTo("WrongStanding");
  }

  @Test void a_contradiction_costs_the_whole_stake_a_tenth_of_it_for_the_reporter() {
    staked(MINIMUM);
    var event = registry.event(slash(), "Contradicted");
    assertThat(event.get("amount")).isEqualTo(MINIMUM);
    assertThat(event.get("reward")).isEqualTo(MINIMUM / 10);
    assertThat(balance(reporter)).isEqualTo(BigInteger.valueOf(MINIMUM / 10).multiply(GWEI));
    assertThat(active()).isFalse();
    registry.send(reporter, "payPool");
    assertThat(controller.call("totals").get(1)).isEqualTo(MINIMUM - MINIMUM / 10);
    assertThat(balance(registry.address())).isEqualTo(BigInteger.ZERO);
  }

  @Test void a_contradiction_reaches_a_mediator_that_is_leaving() {
    staked(MINIMUM);
    registry.send(mediator.address(), "requestExit");
    evm.pass(DELAY);
    slash();
    assertThat(registry.refusal(mediator.address(), "withdraw", reporter).name()).isEqualTo("WrongStanding");
  }

  @Test void who_contradicted_itself_never_stakes_again_and_is_not_slashed_twice() {
    staked(MINIMUM);
    slash();
    assertThat(registry.refusal(mediator.address(), "stake", MINIMUM).name()).isEqualTo("Banned");
    assertThat(catchThrowableOfType(Reverted.class, this::slash).name()).isEqualTo("WrongStanding");
  }

  @Test void equal_verdicts_with_different_commitments_are_a_contradiction_too() {
    staked(MINIMUM);
    registry.send(reporter, "slash", mediator.address(), DEAL, 1, word(mediator, 1, OK, "a"),
        word(mediator, 1, OK, "b"));
    assertThat(active()).isFalse();
  }

  @Test void nobody_is_slashed_without_two_different_words_of_its_own_on_the_same_round() {
    staked(MINIMUM);
    var one = word(mediator, 1, OK, "a");
    var otherRound = word(mediator, 2, BAD, "a");
    var forged = word(Wallet.of(Keccak256.hash("enemy")), 1, BAD, "a");
    var dressedUp = List.<Object>of(BAD, one.get(1), one.get(2));
    assertThat(slashRefused(one, one).name()).isEqualTo("NoContradiction");
    assertThat(slashRefused(one, otherRound).name()).isEqualTo("BadSignature");
    assertThat(slashRefused(one, forged).name()).isEqualTo("BadSignature");
    assertThat(slashRefused(one, dressedUp).name()).isEqualTo("BadSignature");
    assertThat(active()).isTrue();
  }

  @Test void a_verdict_of_another_market_is_no_evidence_here() {
    staked(MINIMUM);
    var elsewhere = new Domain(Anvil.CHAIN_ID, reporter);
    var said = new Verdict(JOB.deal(1), 1, BAD, Keccak256.hash("a"));
    var foreign = List.<Object>of(BAD, said.commitment(), mediator.sign(elsewhere, said).signature());
    assertThat(slashRefused(word(mediator, 1, OK, "a"), foreign).name()).isEqualTo("BadSignature");
  }

  @Test void what_arrives_is_what_is_staked_when_the_token_keeps_a_fee() {
    var fee = evm.deploy("FeeToken");
    var market = evm.deploy("Controller", fee, Address.ZERO);
    var odd = evm.deploy("MediatorRegistry", market, MINIMUM, DELAY);
    fee.send(reporter, "mint", reporter, BigInteger.valueOf(MINIMUM).multiply(GWEI));
    fee.send(reporter, "approve", odd, BigInteger.valueOf(MINIMUM).multiply(GWEI));
    odd.send(reporter, "stake", MINIMUM);
    assertThat(odd.call("standing", reporter).getFirst()).isEqualTo(MINIMUM - MINIMUM / 100);
  }

  @Test void a_token_that_says_false_is_not_believed() {
    var liar = evm.deploy("FalseToken");
    var market = evm.deploy("Controller", liar, Address.ZERO);
    var odd = evm.deploy("MediatorRegistry", market, MINIMUM, DELAY);
    liar.send(reporter, "mint", reporter, BigInteger.valueOf(MINIMUM).multiply(GWEI));
    assertThat(odd.refusal(reporter, "stake", MINIMUM).name()).isEqualTo("SafeERC20FailedOperation");
  }

  @Test void a_token_with_a_hook_cannot_slash_twice() {
    var hook = evm.deploy("HookToken");
    var market = evm.deploy("Controller", hook, Address.ZERO);
    var odd = evm.deploy("MediatorRegistry", market, MINIMUM, DELAY);
    hook.send(mediator.address(), "mint", mediator.address(), BigInteger.valueOf(MINIMUM).multiply(GWEI));
    hook.send(mediator.address(), "approve", odd, BigInteger.valueOf(MINIMUM).multiply(GWEI));
    odd.send(mediator.address(), "stake", MINIMUM);
    var domain = new Domain(Anvil.CHAIN_ID, market.address());
    var words = Stream.of(OK, BAD).map(verdict -> new Verdict(JOB.deal(1), 1, verdict, Bytes32.ZERO)).map(
        said -> List.of(said.verdict(), said.commitment(), mediator.sign(domain, said).signature())).toList();
    var slash = odd.tx(reporter, "slash", mediator.address(), DEAL, 1, words.getFirst(), words.getLast());
    hook.send(reporter, "hook", odd, slash.data());
    evm.send(slash);
    assertThat(hook.call("reentered")).containsExactly(false);
    assertThat(hook.call("balanceOf", reporter)).containsExactly(BigInteger.valueOf(MINIMUM / 10).multiply(GWEI));
  }

  @Test void stake_and_permit_go_in_one_transaction_and_a_permit_used_before_does_no_harm() {
    var lp = evm.deploy("LilypadToken", mediator.address(), BigInteger.valueOf(MINIMUM).multiply(GWEI), Address.ZERO);
    var market = evm.deploy("Controller", lp, Address.ZERO);
    var other = evm.deploy("MediatorRegistry", market, MINIMUM, DELAY);
    var value = BigInteger.valueOf(MINIMUM).multiply(GWEI);
    var deadline = evm.now() + DELAY;
    var signature = mediator.sign(permit(lp, other.address(), value, deadline)).bytes();
    var r = Bytes32.of(Arrays.copyOfRange(signature, 0, 32));
    var s = Bytes32.of(Arrays.copyOfRange(signature, 32, 64));
    lp.send(reporter, "permit", mediator.address(), other, value, deadline, signature[64], r, s);
    other.send(mediator.address(), "stakeWithPermit", MINIMUM, deadline, signature[64], r, s);
    assertThat(other.call("active", mediator.address())).containsExactly(true);
  }

  /// EIP-2612: what a holder signs to allow a spender, by its first nonce.
  private Bytes32 permit(Contract lp, Address spender, BigInteger value, long deadline) {
    var type = Keccak256.hash("Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)");
    var types = Stream.of("bytes32", "address", "address", "uint256", "uint256", "uint256")
        .map(name -> new Abi.Parameter("", name, false, List.of())).toList();
    var struct = Keccak256.hash(Abi.encode(types, List.of(type, mediator.address(), spender, value, 0, deadline)));
    var domain = (Bytes32) lp.call("DOMAIN_SEPARATOR").getFirst();
    return Keccak256.hash(new byte[]{0x19, 0x01}, domain.bytes(), struct.bytes());
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 172_799, 7_776_001}) void an_exit_delay_out_of_bounds_is_refused(long seconds) {
    var refusal = catchThrowableOfType(Reverted.class,
        () -> evm.deploy("MediatorRegistry", controller, MINIMUM, seconds));
    assertThat(refusal.name()).isEqualTo("Malformed");
  }
}
