package network.lilypad.chain.evm;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.List;
import java.util.stream.IntStream;
import network.lilypad.protocol.value.Address;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(OnAnvil.class)
final class LilypadTokenTest {
  private static final BigInteger LP = BigInteger.TEN.pow(18);
  private static final BigInteger CAP = LP.multiply(BigInteger.valueOf(1_000_000_000));

  private final Evm evm;
  private final Address holder;
  private final Address minter;
  private final Address bob;
  private final Contract token;

  LilypadTokenTest(Evm evm) {
    this.evm = evm;
    holder = evm.account(1);
    minter = evm.account(2);
    bob = evm.account(3);
    token = evm.deploy("LilypadToken", holder, LP, minter);
  }

  @Test void it_is_called_lilypad_and_its_first_supply_is_its_holders() {
    assertThat(token.call("name")).containsExactly("Lilypad");
    assertThat(token.call("symbol")).containsExactly("LP");
    assertThat(token.call("decimals")).containsExactly(18L);
    assertThat(token.call("balanceOf", holder)).containsExactly(LP);
    assertThat(token.call("totalSupply")).containsExactly(LP);
  }

  @Test void the_minter_mints_up_to_the_cap_and_not_one_more() {
    var transfer = token.event(token.send(minter, "mint", bob, CAP.subtract(LP)), "Transfer");
    assertThat(transfer.get("value")).isEqualTo(CAP.subtract(LP));
    var refusal = token.refusal(minter, "mint", bob, 1);
    assertThat(refusal.name()).isEqualTo("ERC20ExceededCap");
    assertThat(refusal.arguments()).containsExactly(CAP.add(BigInteger.ONE), CAP);
  }

  @Test void nobody_but_the_minter_mints() {
    var refusal = token.refusal(holder, "mint", holder, 1);
    assertThat(refusal.name()).isEqualTo("NotMinter");
    assertThat(refusal.arguments()).containsExactly(holder);
  }

  @Test void a_minter_hands_its_power_on_and_can_end_it_for_ever() {
    token.send(minter, "changeMinter", bob);
    assertThat(token.refusal(minter, "mint", holder, 1).name()).isEqualTo("NotMinter");
    token.send(bob, "changeMinter", Address.ZERO);
    assertThat(token.refusal(bob, "mint", holder, 1).name()).isEqualTo("NotMinter");
  }

  @Test void what_is_burned_leaves_the_supply() {
    token.send(holder, "burn", LP);
    assertThat(token.call("totalSupply")).containsExactly(BigInteger.ZERO);
  }

  @Test void nobody_moves_tokens_without_an_allowance() {
    for (var anybody : List.of(minter, bob)) {
      assertThat(token.refusal(anybody, "transferFrom", holder, anybody, 1).name())
          .isEqualTo("ERC20InsufficientAllowance");
    }
    token.send(holder, "approve", bob, 5);
    token.send(bob, "transferFrom", holder, bob, 5);
    assertThat(token.call("balanceOf", bob)).containsExactly(BigInteger.valueOf(5));
  }

  @Test void equal_tests_see_equal_times() {
    long deployed = evm.now();
    token.send(holder, "transfer", bob, 1);
    assertThat(deployed).isEqualTo(Anvil.GENESIS_TIME + 1);
    assertThat(evm.now()).isEqualTo(deployed + 1);
    evm.moveTo(deployed + 1000);
    assertThat(evm.now()).isEqualTo(deployed + 1000);
  }

  @Test void thousands_of_transfers_take_their_order_in_one_block() {
    var transfers = IntStream.range(0, 1000).mapToObj(_ -> token.tx(holder, "transfer", bob, 1)).toList();
    var receipts = evm.batch(transfers);
    assertThat(receipts).hasSize(1000).allMatch(Receipt::succeeded);
    assertThat(token.call("balanceOf", bob)).containsExactly(BigInteger.valueOf(1000));
  }
}
