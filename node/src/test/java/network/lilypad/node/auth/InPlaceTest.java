package network.lilypad.node.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.google.protobuf.ByteString;
import io.grpc.MethodDescriptor.Marshaller;
import io.grpc.StatusRuntimeException;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.Arrays;
import java.util.Random;
import network.lilypad.protocol.proto.v1.AgentsGrpc;
import network.lilypad.protocol.proto.v1.Block;
import network.lilypad.protocol.proto.v1.ResultBlock;
import org.junit.jupiter.api.Test;

class InPlaceTest {
  private static final ResultBlock MESSAGE = message();

  private final Marshaller<ResultBlock> marshaller = InPlace.of(AgentsGrpc.getPutResultMethod().getRequestMarshaller());

  private static ResultBlock message() {
    var data = new byte[1 << 20];
    new Random(7).nextBytes(data);
    return ResultBlock.newBuilder().setDeal(ByteString.copyFromUtf8("deal")).setRoot(ByteString.copyFromUtf8("root"))
        .setBlock(Block.newBuilder().setCid(ByteString.copyFromUtf8("name")).setData(ByteString.copyFrom(data)))
        .build();
  }

  private static InputStream stream(byte[] bytes) {
    return new ByteArrayInputStream(bytes);
  }

  @Test void a_message_is_what_was_sent() {
    assertThat(marshaller.parse(stream(MESSAGE.toByteArray()))).isEqualTo(MESSAGE);
    assertThat(marshaller.parse(stream(new byte[0]))).isEqualTo(ResultBlock.getDefaultInstance());
    assertThat(marshaller.parse(marshaller.stream(MESSAGE))).isEqualTo(MESSAGE);
  }

  @Test void a_stream_that_does_not_know_its_length_is_read_to_its_end() {
    // given
    byte[] bytes = MESSAGE.toByteArray();
    var head = stream(Arrays.copyOf(bytes, 1000));
    var tail = stream(Arrays.copyOfRange(bytes, 1000, bytes.length));
    // when, then
    assertThat(marshaller.parse(new SequenceInputStream(head, tail))).isEqualTo(MESSAGE);
  }

  @Test void an_array_that_was_given_back_holds_the_next_message_and_only_that() {
    // given
    var first = marshaller.parse(stream(MESSAGE.toByteArray()));
    var data = first.getBlock().getData();
    var shorter = MESSAGE.toBuilder().setBlock(MESSAGE.getBlock().toBuilder().clearCid()).build();
    // when
    InPlace.give(data);
    var second = marshaller.parse(stream(shorter.toByteArray()));
    var third = marshaller.parse(stream(MESSAGE.toByteArray()));
    // then
    assertThat(second).isEqualTo(shorter);
    assertThat(third).isEqualTo(MESSAGE);
    assertThat(data).as("its array holds another message").isNotEqualTo(MESSAGE.getBlock().getData());
  }

  @Test void what_is_no_message_is_refused() {
    byte[] bytes = MESSAGE.toByteArray();
    assertThatExceptionOfType(StatusRuntimeException.class)
        .isThrownBy(() -> marshaller.parse(stream(Arrays.copyOf(bytes, bytes.length - 1))))
        .withMessageStartingWith("INTERNAL");
  }
}
