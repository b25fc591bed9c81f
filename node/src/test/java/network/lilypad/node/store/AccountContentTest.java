package network.lilypad.node.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import network.lilypad.node.files.LocalDirectory;
import network.lilypad.protocol.content.Cid;
import network.lilypad.protocol.content.ContentException;
import network.lilypad.protocol.content.ContentException.Reason;
import network.lilypad.protocol.content.FolderBlocks;
import network.lilypad.protocol.content.TreeLimits;
import network.lilypad.protocol.value.Address;
import network.lilypad.protocol.value.Bytes32;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class AccountContentTest {
  private static final TreeLimits TREES = new TreeLimits(8 << 20, 100);
  private static final Duration DAY = Duration.ofDays(1);

  @TempDir
  Path directory;
  private Database database;
  private ContentStore store;
  private AccountContent alice;
  private AccountContent mallory;
  private final Map<Cid, byte[]> everybodys = new HashMap<>();
  private Instant now = Instant.ofEpochSecond(1_800_000_000);

  @BeforeEach void open() throws IOException {
    database = Database.open(directory);
    store = ContentStore.open(database.connections(), LocalDirectory.open(directory.resolve("content")),
        new ContentStore.Setting(directory.resolve("spool"), TREES, 64 << 20, DAY,
            cid -> Optional.ofNullable(everybodys.get(cid))),
        () -> now);
    alice = store.of(new Address(1, 1, 1));
    mallory = store.of(new Address(2, 2, 2));
  }

  @AfterEach void close() {
    database.close();
  }

  private FolderBlocks secret(String name) throws IOException {
    var folder = Files.createDirectories(directory.resolve(name));
    var large = new byte[2_500_000];
    new Random(name.hashCode()).nextBytes(large);
    Files.write(folder.resolve("large"), large);
    Files.writeString(folder.resolve("note"), "the secret of " + name);
    return FolderBlocks.of(folder, TREES);
  }

  private static List<ContentStore.Named> named(FolderBlocks blocks, List<Cid> cids) throws IOException {
    var named = new ArrayList<ContentStore.Named>();
    for (var cid : cids) {
      named.add(new ContentStore.Named(cid, ByteString.copyFrom(blocks.get(cid).orElseThrow())));
    }
    return named;
  }

  private static void bring(AccountContent account, FolderBlocks blocks) throws IOException {
    account.putBlocks(named(blocks, List.copyOf(blocks.cids())));
  }

  private static void refused(AccountContent account, Bytes32 root) {
    assertThatExceptionOfType(ContentException.class).isThrownBy(() -> account.requireInputs(root))
        .extracting(ContentException::reason).isEqualTo(Reason.MISSING_BLOCK);
    assertThat(account.tree(root)).isEmpty();
  }

  @Test void what_an_account_has_brought_is_looked_up_by_its_key_however_much_that_is() {
    var plan = Sql.transaction(database.connections(), sql -> sql.one("explain " + BroughtRows.AMONG,
        row -> row.getString(1), new byte[][]{new byte[32]}, new Address(1, 1, 1).toString())).orElseThrow();

    assertThat(plan).containsPattern("(?s)PRIMARY_KEY.*DIGEST = ASKED.DIGEST.*WHERE");
  }

  @Test void of_more_than_one_statement_asks_for_all_that_was_brought_is_known_and_nothing_else() {
    // given
    var brought = IntStream.range(0, 1_200).mapToObj(i -> new byte[]{(byte) i, (byte) (i >> 8)})
        .map(bytes -> new ContentStore.Named(Cid.ofBlock(Cid.Codec.RAW, bytes), ByteString.copyFrom(bytes))).toList();
    alice.putBlocks(brought);
    var asked = Stream.concat(brought.stream().map(named -> named.cid().digest()),
        IntStream.range(0, 1_200)
            .mapToObj(i -> Cid.ofBlock(Cid.Codec.RAW, new byte[]{(byte) i, 1, (byte) (i >> 8)}).digest()))
        .toList();
    // when, then
    assertThat(alice.known(asked)).hasSize(1_200).containsAll(asked.subList(0, 1_200));
    assertThat(mallory.known(asked)).isEmpty();
  }

  @Test void who_knows_only_the_root_of_a_strangers_tree_cannot_use_it_nor_learn_that_it_is_here() throws IOException {
    // given
    var tree = secret("alice");
    var root = tree.root().digest();
    bring(alice, tree);
    assertThat(alice.requireInputs(root).blocks()).isEqualTo(tree.cids().size());
    // then
    assertThat(mallory.known(tree.cids().stream().map(Cid::digest).toList())).isEmpty();
    assertThat(mallory.contains(root)).isFalse();
    assertThat(mallory.tree(root)).isEmpty();
    refused(mallory, root);
  }

  @Test void who_knows_the_nodes_of_a_strangers_tree_cannot_use_its_leaves() throws IOException {
    // given: every node, as somebody who was told the names of the leaves can make them
    var tree = secret("alice");
    bring(alice, tree);
    alice.requireTree(tree.root().digest());
    var nodes = tree.cids().stream().filter(cid -> cid.codec() == Cid.Codec.DAG_PB).toList();
    mallory.putBlocks(named(tree, nodes));
    // then
    refused(mallory, tree.root().digest());
  }

  @Test void who_has_the_bytes_brings_them_and_they_are_stored_once() throws IOException {
    // given
    var tree = secret("both");
    bring(alice, tree);
    // when
    assertThat(mallory.putBlocks(named(tree, List.copyOf(tree.cids())))).isZero();
    // then
    assertThat(mallory.known(tree.cids().stream().map(Cid::digest).toList())).hasSameSizeAs(tree.cids());
    assertThat(mallory.requireTree(tree.root().digest())).isEqualTo(alice.requireTree(tree.root().digest()));
  }

  @Test void a_tree_that_is_shared_can_be_read_and_used_but_its_blocks_are_not_its_readers() throws IOException {
    // given: a provider's result for its job's creator
    var tree = secret("result");
    var root = tree.root().digest();
    bring(alice, tree);
    alice.share(root, mallory);
    // then
    assertThat(mallory.tree(root)).isPresent();
    assertThat(mallory.requireInputs(root).root()).isEqualTo(root);
    assertThat(mallory.contains(tree.cids().getFirst().digest())).isFalse();
  }

  @Test void what_is_not_ones_own_cannot_be_shared() throws IOException {
    var tree = secret("alice");
    bring(alice, tree);
    alice.requireTree(tree.root().digest());
    assertThatExceptionOfType(ContentException.class)
        .isThrownBy(() -> mallory.share(tree.root().digest(), mallory));
    assertThat(mallory.tree(tree.root().digest())).isEmpty();
  }

  @Test void what_the_origin_has_is_everybodys_also_where_a_stranger_brought_it_first() throws IOException {
    // given
    var tree = secret("public");
    for (var cid : tree.cids()) {
      everybodys.put(cid, tree.get(cid).orElseThrow());
    }
    bring(alice, tree);
    // then
    assertThat(mallory.requireInputs(tree.root().digest()).blocks()).isEqualTo(tree.cids().size());
    everybodys.clear();
    assertThat(mallory.requireInputs(tree.root().digest()).blocks()).isEqualTo(tree.cids().size());
  }

  @Test void an_origin_that_lies_brings_nothing() throws IOException {
    var tree = secret("public");
    tree.cids().forEach(cid -> everybodys.put(cid, new byte[]{1, 2, 3}));
    refused(mallory, tree.root().digest());
  }

  @Test void what_was_swept_has_to_be_brought_again() throws IOException {
    // given
    var tree = secret("old");
    var root = tree.root().digest();
    bring(alice, tree);
    alice.share(root, mallory);
    // when
    now = now.plus(DAY).plusSeconds(1);
    store.sweeper(new Random(1)).round();
    // then: also when somebody else has brought it
    assertThat(alice.known(List.of(root))).isEmpty();
    var other = store.of(new Address(3, 3, 3));
    bring(other, tree);
    other.requireTree(root);
    assertThat(alice.tree(root)).isEmpty();
    assertThat(mallory.tree(root)).isEmpty();
    refused(alice, root);
  }

  @Test void an_upload_in_pieces_belongs_to_whoever_brought_it() {
    var bytes = "a program".getBytes(java.nio.charset.StandardCharsets.US_ASCII);
    var digest = Cid.ofBlock(Cid.Codec.RAW, bytes).digest();
    try (var upload = alice.upload(digest, 100)) {
      upload.append(bytes);
      assertThat(alice.contains(digest)).isFalse();
      upload.finish();
    }
    assertThat(alice.contains(digest)).isTrue();
    assertThat(mallory.contains(digest)).isFalse();
  }
}
