package network.lilypad.node.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.google.protobuf.ByteString;
import com.google.protobuf.MessageLite;
import com.google.protobuf.UnknownFieldSet;
import io.grpc.StatusRuntimeException;
import java.io.ByteArrayInputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import network.lilypad.protocol.content.Cid;
import network.lilypad.protocol.proto.v1.Block;
import network.lilypad.protocol.proto.v1.MarketGrpc;
import org.junit.jupiter.api.Test;

class BlockMarshallerTest {
  private static final byte[] DATA = data();
  private static final Cid NAME = Cid.ofBlock(Cid.Codec.RAW, DATA);

  private static byte[] data() {
    var data = new byte[1 << 20];
    new Random(7).nextBytes(data);
    return data;
  }

  private static BlockMarshaller.Received parsed(MessageLite message) {
    return parsed(message.toByteArray());
  }

  private static BlockMarshaller.Received parsed(byte[] message) {
    return BlockMarshaller.receiving(MarketGrpc.getGetResultMethod()).getResponseMarshaller()
        .parse(new ByteArrayInputStream(message));
  }

  private static Block.Builder block() {
    return Block.newBuilder().setCid(ByteString.copyFrom(NAME.toBytes())).setData(ByteString.copyFrom(DATA));
  }

  @Test void a_block_is_what_was_sent_and_what_a_later_version_adds_is_passed_over() {
    // given
    var later = UnknownFieldSet.Field.newBuilder().addVarint(1L << 63).addFixed32(2).addFixed64(3)
        .addLengthDelimited(ByteString.copyFromUtf8("more"));
    var message = block().setUnknownFields(UnknownFieldSet.newBuilder().addField(100, later.build()).build()).build();
    // when
    var received = parsed(message);
    // then
    assertThat(received.cid()).isEqualTo(NAME);
    assertThat(received.data()).isEqualTo(DATA);
    assertThat(parsed(block().clearData().build()).data()).isEmpty();
  }

  @Test void an_array_that_was_given_back_holds_the_next_block_and_only_that() {
    // given
    byte[] first = parsed(block().build()).data();
    var other = DATA.clone();
    other[0]++;
    // when
    BlockMarshaller.give(first);
    byte[] second = parsed(block().setData(ByteString.copyFrom(other)).build()).data();
    // then
    assertThat(second).isSameAs(first).isEqualTo(other);
    BlockMarshaller.give(second);
    assertThat(parsed(block().setData(ByteString.copyFrom(DATA, 0, 1000)).build()).data()).hasSize(1000);
  }

  @Test void what_ends_early_or_says_that_it_is_endless_ends_the_call() {
    byte[] whole = block().build().toByteArray();
    var broken = List.of(Arrays.copyOf(whole, whole.length - 1), new byte[]{(2 << 3) | 2}, new byte[]{(2 << 3) | 2, -1},
        new byte[]{(2 << 3) | 2, -1, -1, -1, -1, 7}, new byte[]{(2 << 3) | 2, -1, -1, -1, -1, 15},
        new byte[]{(9 << 3) | 7});
    for (var bytes : broken) {
      assertThatExceptionOfType(StatusRuntimeException.class).isThrownBy(() -> parsed(bytes))
          .withMessageContaining("the gateway sent what is no block");
    }
  }

  @Test void a_block_without_a_name_ends_the_call() {
    assertThatExceptionOfType(StatusRuntimeException.class).isThrownBy(() -> parsed(block().clearCid().build()))
        .withMessageContaining("the gateway sent what is no block");
  }
}
