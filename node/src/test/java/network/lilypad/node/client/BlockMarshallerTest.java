package network.lilypad.node.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.google.protobuf.ByteString;
import com.google.protobuf.MessageLite;
import com.google.protobuf.UnknownFieldSet;
import io.grpc.StatusRuntimeException;
import java.io.ByteArrayInputStream;
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
    return BlockMarshaller.receiving(MarketGrpc.getGetResultMethod()).getResponseMarshaller()
        .parse(new ByteArrayInputStream(message.toByteArray()));
  }

  private static Block.Builder block() {
    return Block.newBuilder().setCid(ByteString.copyFrom(NAME.toBytes())).setData(ByteString.copyFrom(DATA));
  }

  @Test void a_block_is_what_was_sent_and_what_a_later_version_adds_is_passed_over() {
    // given
    var later = UnknownFieldSet.Field.newBuilder().addVarint(1).addLengthDelimited(ByteString.copyFromUtf8("more"));
    var message = block().setUnknownFields(UnknownFieldSet.newBuilder().addField(100, later.build()).build()).build();
    // when
    var received = parsed(message);
    // then
    assertThat(received.cid()).isEqualTo(NAME);
    assertThat(received.data()).isEqualTo(DATA);
    assertThat(parsed(block().clearData().build()).data()).isEmpty();
  }

  @Test void a_block_without_a_name_ends_the_call() {
    assertThatExceptionOfType(StatusRuntimeException.class).isThrownBy(() -> parsed(block().clearCid().build()))
        .withMessageContaining("the gateway sent what is no block");
  }
}
