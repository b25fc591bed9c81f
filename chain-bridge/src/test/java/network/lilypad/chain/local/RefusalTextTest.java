package network.lilypad.chain.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;

import org.junit.jupiter.api.Test;

import network.lilypad.protocol.Defect;
import network.lilypad.protocol.Rejection;

final class RefusalTextTest {
  @Test void every_refusal_of_an_opening_is_read_back_as_it_was() {
    for (var why : List.of(new Rejection.NotAParty("0xa", "0xb"), new Rejection.TooLate("opening", 5, 6),
        new Rejection.BadSignature("lease", "0xa"), new Rejection.JobEnded("0xj", "CANCELLED"),
        new Rejection.InsufficientFunds("0xa", 5, 4), new Rejection.TooExpensive(7, 6),
        new Rejection.Mismatch("target", "0xa is not 0xb"), new Rejection.LedgerConflict("deal 0xd", "AGREED"))) {
      assertThat(RefusalText.read(RefusalText.write(why))).isEqualTo(why);
    }
  }

  @Test void the_text_is_for_ever() {
    assertThat(RefusalText.write(new Rejection.InsufficientFunds("0xa", 5, 4))).isEqualTo("1007|0xa|5|4");
  }

  @Test void a_refusal_that_no_opening_gives_is_a_defect() {
    assertThatThrownBy(() -> RefusalText.write(new Rejection.AgentRefused("no"))).isInstanceOf(Defect.class);
    assertThatThrownBy(() -> RefusalText.read("9999|x")).isInstanceOf(Defect.class);
  }
}
