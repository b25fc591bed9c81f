package network.lilypad.node.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import network.lilypad.node.files.FileBody;
import network.lilypad.node.files.FileDirectory;
import network.lilypad.node.files.LocalDirectory;
import network.lilypad.protocol.Rejection;
import network.lilypad.protocol.content.BlockSink;
import network.lilypad.protocol.content.Cid;
import network.lilypad.protocol.content.ContentException;
import network.lilypad.protocol.content.TreeLimits;
import network.lilypad.protocol.content.UnixFsWriter;
import network.lilypad.protocol.value.Address;
import network.lilypad.protocol.value.Bytes32;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ContentStoreTest {
  private static final int LIMIT = 16 << 20;
  private static final TreeLimits TREES = new TreeLimits(8 << 20, 100);

  @TempDir
  Path directory;
  private Database database;
  private ContentStore store;
  private AccountContent content;
  private FileDirectory files;

  @BeforeEach void open() throws IOException {
    database = Database.open(directory);
    files = LocalDirectory.open(directory.resolve("content"));
    store = store();
    content = store.of(Address.ZERO);
  }

  @AfterEach void close() {
    database.close();
  }

  private ContentStore store() {
    return ContentStore.open(database.connections(), files, new ContentStore.Setting(directory.resolve("spool"), TREES,
        LIMIT, Duration.ofDays(1), _ -> Optional.empty()), InstantSource.system());
  }

  private void restart() throws IOException {
    database.close();
    open();
  }

  private static byte[] bytes(int size) {
    var bytes = new byte[size];
    new Random(size).nextBytes(bytes);
    return bytes;
  }

  private static Bytes32 digest(byte[] bytes) {
    return Cid.ofBlock(Cid.Codec.RAW, bytes).digest();
  }

  private long put(byte[] bytes) {
    try (var upload = content.upload(digest(bytes), LIMIT)) {
      for (int at = 0; at < bytes.length; at += 65_536) {
        upload.append(java.util.Arrays.copyOfRange(bytes, at, Math.min(bytes.length, at + 65_536)));
      }
      return upload.finish();
    }
  }

  private byte[] read(byte[] bytes) throws IOException {
    try (var stream = store.open(digest(bytes)).orElseThrow()) {
      return stream.readAllBytes();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, ContentStore.INLINE_BYTES, ContentStore.INLINE_BYTES + 1,
      3 << 20}) void what_was_put_is_there_after_a_restart_whatever_its_size(int size) throws IOException {
    // given
    var bytes = bytes(size);
    // when
    assertThat(put(bytes)).isEqualTo(size);
    assertThat(put(bytes)).isEqualTo(size);
    restart();
    // then
    assertThat(read(bytes)).isEqualTo(bytes);
    assertThat(store.size(digest(bytes))).contains((long) size);
  }

  @Test void content_that_does_not_hash_to_its_name_is_refused_and_leaves_nothing() throws IOException {
    // given
    var claimed = digest(bytes(5));
    // when
    assertThatExceptionOfType(ContentRefusedException.class).isThrownBy(() -> {
      try (var upload = content.upload(claimed, LIMIT)) {
        upload.append(bytes(2 << 20));
        upload.finish();
      }
    }).extracting(ContentRefusedException::why).isInstanceOf(Rejection.BadContent.class);
    // then
    assertThat(store.contains(claimed)).isFalse();
    assertThat(filesBelow(directory.resolve("content"))).isEmpty();
  }

  @Test void more_than_the_upload_may_have_is_refused() {
    // when, then
    assertThatExceptionOfType(ContentRefusedException.class).isThrownBy(() -> {
      try (var upload = content.upload(digest(bytes(11)), 10)) {
        upload.append(bytes(11));
      }
    }).extracting(ContentRefusedException::why).isEqualTo(new Rejection.TooLarge("content in bytes", 11, 10));
  }

  @Test void a_full_store_refuses_and_what_it_holds_is_counted_again_after_a_restart() throws IOException {
    // given
    put(bytes(10 << 20));
    restart();
    // when, then
    assertThatExceptionOfType(ContentRefusedException.class).isThrownBy(() -> put(bytes(7 << 20)))
        .extracting(ContentRefusedException::why).isInstanceOf(Rejection.Overloaded.class);
    assertThat(put(bytes(6 << 20))).isEqualTo(6 << 20);
  }

  @Test void a_crash_while_an_upload_is_written_leaves_nothing() throws IOException {
    // given: a process that died while it wrote
    var bytes = bytes(2 << 20);
    Files.write(store.spool(), java.util.Arrays.copyOf(bytes, 1000));
    Files.write(store.spool(), bytes);
    // when
    restart();
    // then
    assertThat(filesBelow(directory.resolve("spool"))).isEmpty();
    assertThat(store.contains(digest(bytes))).isFalse();
    put(bytes);
    assertThat(read(bytes)).isEqualTo(bytes);
  }

  @Test void a_crash_between_file_and_row_leaves_nothing_that_is_known_and_putting_again_heals() throws IOException {
    // given: a process that died after the file was announced and half of it written
    var bytes = bytes(2 << 20);
    new ContentRows(database.connections())
        .announce(List.of(new ContentRows.Row(digest(bytes), bytes.length, null)), 1);
    files.put(digest(bytes), new FileBody.Held(ByteString.copyFrom(bytes, 0, 1000)));
    // when
    restart();
    // then
    assertThat(store.contains(digest(bytes))).isFalse();
    assertThat(store.open(digest(bytes))).isEmpty();
    put(bytes);
    assertThat(read(bytes)).isEqualTo(bytes);
  }

  @Test void many_blocks_go_in_at_once_small_and_large_new_and_known() throws IOException {
    // given
    var large = bytes(ContentStore.INLINE_BYTES + 1);
    var small = bytes(100);
    put(small);
    var blocks = List.of(named(small), named(large), named(bytes(7)), named(bytes(7)), named(bytes(2 << 20)));
    // when
    assertThat(store.putBlocks(blocks)).isEqualTo(3);
    assertThat(store.putBlocks(blocks)).isZero();
    restart();
    // then
    for (var bytes : List.of(small, large, bytes(7), bytes(2 << 20))) {
      assertThat(read(bytes)).isEqualTo(bytes);
    }
    assertThat(filesBelow(directory.resolve("content"))).hasSize(2);
    assertThat(store.known(List.of(digest(small), digest(bytes(8))))).containsExactly(digest(small));
  }

  @Test void one_wrong_block_among_many_is_refused_and_none_is_stored() {
    var wrong = new ContentStore.Named(Cid.ofBlock(Cid.Codec.RAW, bytes(5)), ByteString.copyFrom(bytes(6)));
    assertThatExceptionOfType(ContentRefusedException.class)
        .isThrownBy(() -> store.putBlocks(List.of(named(bytes(10)), wrong)))
        .extracting(ContentRefusedException::why).isInstanceOf(Rejection.BadContent.class);
    assertThat(store.contains(digest(bytes(10)))).isFalse();
  }

  @Test void a_wrong_block_in_the_middle_of_large_ones_leaves_neither_row_nor_file() throws IOException {
    // given
    var right = Stream.of(1, 2, 3, 4).map(i -> named(bytes(ContentStore.INLINE_BYTES + i))).toList();
    var blocks = new ArrayList<>(right);
    blocks.add(2,
        new ContentStore.Named(named(bytes(5)).cid(), ByteString.copyFrom(bytes(ContentStore.INLINE_BYTES + 9))));
    // when
    assertThatExceptionOfType(ContentRefusedException.class).isThrownBy(() -> store.putBlocks(blocks))
        .extracting(ContentRefusedException::why).isInstanceOf(Rejection.BadContent.class);
    // then
    assertThat(new ContentRows(database.connections()).bytes()).isZero();
    assertThat(filesBelow(directory.resolve("content"))).isEmpty();
    assertThat(store.putBlocks(right)).isEqualTo(4);
  }

  @Test void a_batch_that_would_fill_the_store_is_refused_whole_and_what_is_known_of_it_counts_once() {
    // given
    var known = named(bytes(2 << 20));
    store.putBlocks(List.of(known));
    var blocks = Stream.of(0, 1, 2, 3, 4, 5, 6, 7).map(i -> named(bytes((2 << 20) - i))).toList();
    // when: 2 MiB and seven times nearly that fit
    assertThat(store.putBlocks(blocks)).isEqualTo(7);
    // then
    var more = List.of(named(bytes(10)), named(bytes(20)));
    assertThatExceptionOfType(ContentRefusedException.class).isThrownBy(() -> store.putBlocks(more))
        .extracting(ContentRefusedException::why).isInstanceOf(Rejection.Overloaded.class);
    assertThat(store.known(more.stream().map(named -> named.cid().digest()).toList())).isEmpty();
    assertThat(store.putBlocks(List.of(known, more.getFirst()))).isEqualTo(1);
  }

  @Test void a_batch_of_which_a_crash_left_some_announced_and_some_known_is_stored_and_counted() throws IOException {
    // given
    var large = Stream.of(1, 2, 3, 4).map(i -> named(bytes(ContentStore.INLINE_BYTES + i))).toList();
    store.putBlocks(large.subList(0, 1));
    var rows = new ContentRows(database.connections());
    rows.announce(large.subList(1, 3).stream()
        .map(named -> new ContentRows.Row(named.cid().digest(), named.block().size(), null)).toList(), 1);
    restart();
    // when
    assertThat(store.putBlocks(large)).isEqualTo(3);
    // then
    for (var named : large) {
      assertThat(store.get(named.cid())).contains(named.block().toByteArray());
    }
    assertThat(new ContentRows(database.connections()).bytes())
        .isEqualTo(large.stream().mapToLong(named -> named.block().size()).sum());
  }

  @Test void rows_that_another_writer_has_published_meanwhile_are_not_counted_again() {
    // given
    var rows = new ContentRows(database.connections());
    var large = Stream.of(1, 2, 3)
        .map(i -> new ContentRows.Row(digest(bytes(i)), ContentStore.INLINE_BYTES + i, null)).toList();
    var small = new ContentRows.Row(digest(bytes(10)), 10, ByteString.copyFrom(bytes(10)));
    rows.announce(large, 1);
    rows.publish(large.subList(1, 2), 1);
    // when, then
    assertThat(rows.publish(Stream.concat(large.stream(), Stream.of(small)).toList(), 2))
        .isEqualTo(large.getFirst().size() + large.getLast().size() + 10);
    assertThat(rows.publish(List.of(small), 3)).isZero();
  }

  private void put(Cid cid, byte[] block) {
    content.putBlocks(List.of(new ContentStore.Named(cid, ByteString.copyFrom(block))));
  }

  private static ContentStore.Named named(byte[] bytes) {
    return new ContentStore.Named(Cid.ofBlock(Cid.Codec.RAW, bytes), ByteString.copyFrom(bytes));
  }

  @Test void a_tree_is_known_when_every_block_is_there_and_hands_out_its_root_first() throws IOException {
    // given
    var tree = Files.createDirectory(directory.resolve("tree"));
    Files.write(tree.resolve("large"), bytes(3 << 20));
    Files.write(Files.createDirectory(tree.resolve("folder")).resolve("small"), bytes(10));
    var root = new UnixFsWriter(this::put, TREES).writeDirectory(tree).digest();
    // when
    assertThat(store.tree(root)).isEmpty();
    var known = content.requireTree(root);
    restart();
    // then
    assertThat(store.tree(root)).contains(known);
    var order = new ArrayList<Cid>();
    store.walk(root, Set.of(), (cid, _) -> order.add(cid));
    assertThat(order).hasSize(known.blocks()).doesNotHaveDuplicates().startsWith(Cid.ofDirectory(root));
    assertThat(known.blocks()).isEqualTo(7);
    var have = order.stream().filter(cid -> cid.codec() == Cid.Codec.RAW).limit(2).toList();
    var rest = new ArrayList<Cid>();
    store.walk(root, Set.of(have.getFirst().digest(), have.getLast().digest()), (cid, _) -> rest.add(cid));
    order.removeAll(have);
    assertThat(rest).isEqualTo(order);
  }

  @Test void a_tree_with_a_missing_block_is_not_known() throws IOException {
    // given
    var tree = Files.createDirectory(directory.resolve("tree"));
    Files.write(tree.resolve("file"), bytes(10));
    BlockSink withoutLeaves = (cid, block) -> {
      if (cid.codec() == Cid.Codec.DAG_PB) {
        put(cid, block);
      }
    };
    var root = new UnixFsWriter(withoutLeaves, TREES).writeDirectory(tree).digest();
    // when, then
    assertThatExceptionOfType(ContentException.class).isThrownBy(() -> content.requireTree(root))
        .extracting(ContentException::reason).isEqualTo(ContentException.Reason.MISSING_BLOCK);
    assertThat(store.tree(root)).isEmpty();
  }

  @Test void a_data_directory_belongs_to_one_node() {
    // when, then
    assertThatExceptionOfType(StoreUnavailableException.class)
        .isThrownBy(() -> Database.open(Files.createSymbolicLink(directory.resolve("link"), directory)))
        .withMessageContaining("another node");
  }

  private static Stream<Path> filesBelow(Path folder) throws IOException {
    try (var paths = Files.walk(folder)) {
      return paths.filter(Files::isRegularFile).toList().stream();
    }
  }
}
