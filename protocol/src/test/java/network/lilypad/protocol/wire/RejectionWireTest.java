package network.lilypad.protocol.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import network.lilypad.protocol.Rejection;
import org.junit.jupiter.api.Test;

class RejectionWireTest {
  @Test void every_kind_comes_back_as_it_was() {
    for (var why : RejectionSamples.all()) {
      assertThat(RejectionWire.fromProto(RejectionWire.toProto(why))).isEqualTo(why);
    }
  }

  @Test void the_extremes_of_numbers_come_back() {
    var why = new Rejection.TooLarge("", Long.MIN_VALUE, Long.MAX_VALUE);
    assertThat(RejectionWire.fromProto(RejectionWire.toProto(why))).isEqualTo(why);
  }

  @Test void any_attributes_make_a_sentence() {
    assertThat(new Rejection.TooExpensive(Long.MIN_VALUE, Long.MAX_VALUE).message())
        .contains("-9223372036.854775808 LP", "9223372036.854775807 LP");
  }

  @Test void codes_are_unique() {
    assertThat(RejectionSamples.all()).extracting(Rejection::code).doesNotHaveDuplicates();
  }

  @Test void every_kind_has_a_sentence() {
    assertThat(RejectionSamples.all()).extracting(Rejection::message).allSatisfy(text -> assertThat(text).isNotBlank());
  }

  @Test void a_message_carries_code_name_attributes_sentence_and_retry_advice() {
    // given
    var why = new Rejection.Overloaded("unsettled deals", 32, 1500);
    // when
    var proto = RejectionWire.toProto(why);
    // then
    assertThat(proto.getCode()).isEqualTo(1900);
    assertThat(proto.getName()).isEqualTo("Overloaded");
    assertThat(proto.getAttributesList()).containsExactly("unsettled deals", "32", "1500");
    assertThat(proto.getMessage()).isEqualTo(why.message());
    assertThat(proto.getRetryAfterMillis()).isEqualTo(1500);
    assertThat(why.retryAfter()).contains(Duration.ofMillis(1500));
  }

  @Test void a_code_of_a_newer_program_is_kept_with_its_sentence() {
    var newer = network.lilypad.protocol.proto.v1.Rejection.newBuilder().setCode(1777).setName("Sanctioned")
        .setMessage("not in this country").build();
    assertThat(RejectionWire.fromProto(newer))
        .isEqualTo(new Rejection.Unrecognised(1777, "Sanctioned", "not in this country"));
  }

  @Test void attributes_that_do_not_fit_their_code_are_not_guessed() {
    var why = RejectionWire.toProto(new Rejection.TooExpensive(5, 4));
    for (var attributes : List.of(List.of("5"), List.of("5", "4", "3"), List.of("5", "four"), List.<String>of())) {
      var proto = why.toBuilder().clearAttributes().addAllAttributes(attributes).build();
      assertThat(RejectionWire.fromProto(proto))
          .isEqualTo(new Rejection.Unrecognised(1010, "TooExpensive", why.getMessage()));
    }
  }

  @Test void a_code_above_the_signed_range_is_not_wrapped() {
    var proto = network.lilypad.protocol.proto.v1.Rejection.newBuilder().setCode(-1).build();
    assertThat(RejectionWire.fromProto(proto)).isEqualTo(new Rejection.Unrecognised(4_294_967_295L, "", ""));
  }
}
