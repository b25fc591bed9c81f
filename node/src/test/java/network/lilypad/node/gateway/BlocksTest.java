package network.lilypad.node.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import network.lilypad.node.files.LocalDirectory;
import network.lilypad.node.store.ContentRefusedException;
import network.lilypad.node.store.ContentStore;
import network.lilypad.node.store.Database;
import network.lilypad.protocol.Rejection;
import network.lilypad.protocol.content.Cid;
import network.lilypad.protocol.content.TreeLimits;
import network.lilypad.protocol.proto.v1.Block;
import network.lilypad.protocol.value.Address;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BlocksTest {
  private static final int MIB = 1 << 20;
  /// Blocks of a mebibyte in one batch.
  private static final int BATCH = 8;
  private static final int STORE_BYTES = 20 * MIB;

  @TempDir
  Path directory;
  private Database database;
  private ContentStore store;
  private Blocks blocks;

  @BeforeEach void open() throws IOException {
    database = Database.open(directory);
    store = ContentStore.open(database.connections(), LocalDirectory.open(directory.resolve("content")),
        new ContentStore.Setting(directory.resolve("spool"), new TreeLimits(STORE_BYTES, 100), STORE_BYTES,
            Duration.ofDays(1), _ -> Optional.empty()),
        InstantSource.system());
    blocks = blocks();
  }

  @AfterEach void close() {
    database.close();
  }

  private Blocks blocks() {
    return new Blocks(store.of(Address.ZERO), 100 * MIB);
  }

  private static byte[] bytes(int seed) {
    var bytes = new byte[MIB];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  private static Cid name(int seed) {
    return Cid.ofBlock(Cid.Codec.RAW, bytes(seed));
  }

  private static Block block(int seed) {
    return Blocks.block(name(seed), bytes(seed));
  }

  private List<Integer> there(int most) {
    return IntStream.range(0, most).filter(seed -> store.get(name(seed)).isPresent()).boxed().toList();
  }

  private void refused(int from, int to, Class<? extends Rejection> why) {
    assertThatExceptionOfType(ContentRefusedException.class).isThrownBy(() -> {
      for (int seed = from; seed < to; seed++) {
        blocks.take(block(seed));
      }
      blocks.flush();
    }).extracting(ContentRefusedException::why).isInstanceOf(why);
  }

  @Test void every_block_of_several_batches_is_stored_as_it_came() {
    // when
    for (int seed = 0; seed < 2 * BATCH + 3; seed++) {
      blocks.take(block(seed));
    }
    blocks.flush();
    // then
    assertThat(blocks.stored()).isEqualTo(2 * BATCH + 3);
    assertThat(blocks.bytes()).isEqualTo((2 * BATCH + 3) * (long) MIB);
    for (int seed = 0; seed < 2 * BATCH + 3; seed++) {
      assertThat(store.get(name(seed))).contains(bytes(seed));
    }
  }

  @Test void a_wrong_block_in_a_batch_keeps_the_batch_out_and_leaves_the_one_before() {
    // given
    for (int seed = 0; seed < BATCH + 3; seed++) {
      blocks.take(block(seed));
    }
    blocks.take(Block.newBuilder().setCid(ByteString.copyFrom(name(99).toBytes()))
        .setData(ByteString.copyFrom(bytes(98))).build());
    // when, then
    refused(BATCH + 3, BATCH + 5, Rejection.BadContent.class);
    assertThat(there(BATCH + 5)).isEqualTo(IntStream.range(0, BATCH).boxed().toList());
  }

  @Test void nothing_is_being_stored_any_more_when_a_batch_has_been_refused() {
    // given a first batch that is refused at once
    blocks.take(Block.newBuilder().setCid(ByteString.copyFrom(name(99).toBytes()))
        .setData(ByteString.copyFrom(bytes(98))).build());
    // when
    refused(1, 2 * BATCH, Rejection.BadContent.class);
    // then the one beside it is there
    assertThat(there(2 * BATCH)).isEqualTo(IntStream.range(BATCH, 2 * BATCH).boxed().toList());
  }

  @Test void a_store_that_gets_full_within_a_batch_keeps_the_batch_out_and_goes_on_with_what_it_has_room_for() {
    // when: 24 do not fit where 20 do
    refused(0, 3 * BATCH, Rejection.Overloaded.class);
    // then
    assertThat(there(3 * BATCH)).hasSize(2 * BATCH);
    blocks = blocks();
    for (int seed = 0; seed < 2 * BATCH + 4; seed++) {
      blocks.take(block(seed));
    }
    blocks.flush();
    assertThat(there(3 * BATCH)).hasSize(2 * BATCH + 4);
  }
}
