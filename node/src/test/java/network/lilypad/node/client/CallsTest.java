package network.lilypad.node.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.grpc.StatusException;
import network.lilypad.node.auth.RejectionStatus;
import network.lilypad.protocol.Rejection;
import org.junit.jupiter.api.Test;

final class CallsTest {
  private static Object refused(Rejection why) {
    return Calls.run(() -> {
      throw new StatusException(RejectionStatus.status(why), RejectionStatus.trailers(why));
    });
  }

  @Test void what_cannot_answer_now_is_away_and_a_refusal_is_a_refusal() {
    assertThatExceptionOfType(GatewayUnavailableException.class)
        .isThrownBy(() -> refused(new Rejection.Unavailable("the deal", 1000))).withMessageContaining("the deal")
        .satisfies(away -> assertThat(away.busy()).contains(new Rejection.Unavailable("the deal", 1000)));
    for (var why : new Rejection[]{new Rejection.Overloaded("watchers", 4, 1000), new Rejection.NotFound("job", "1")}) {
      assertThatExceptionOfType(GatewayRefusedException.class).isThrownBy(() -> refused(why))
          .extracting(GatewayRefusedException::why).isEqualTo(why);
    }
  }
}
