package network.lilypad.protocol.content;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.google.protobuf.CodedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import network.lilypad.protocol.content.ContentException.Reason;
import network.lilypad.protocol.content.DagNode.Directory;
import network.lilypad.protocol.content.DagNode.Entry;
import network.lilypad.protocol.content.DagNode.FileNode;
import network.lilypad.protocol.content.DagNode.Link;
import network.lilypad.protocol.content.DagNode.Part;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UnixFsReaderTest {
  private static final Layout SMALL = new Layout(4, 3);
  private static final TreeLimits ROOMY = new TreeLimits(1 << 20, 10_000);

  private final MemoryBlocks store = new MemoryBlocks();
  @TempDir
  Path around;
  private Path target = Path.of("");
  private Link file = store.leaf(new byte[]{1, 2, 3});

  @BeforeEach void a_neighbour_that_nobody_may_touch() throws IOException {
    target = around.resolve("target");
    Files.writeString(around.resolve("neighbour"), "untouched");
  }

  @Test void a_right_tree_is_written_and_a_wrong_one_leaves_nothing() {
    var root = store.directory("a", store.directory("file", file));
    new UnixFsReader(store, ROOMY).read(root.cid(), target);
    assertThat(target.resolve("a/file")).hasBinaryContent(new byte[]{1, 2, 3});
  }

  @Test void a_path_is_found_by_the_folders_on_its_way_alone() {
    var root = store.directory("a", store.directory("file", new Link(Cid.ofBlock(Cid.Codec.RAW, new byte[]{9}), 1)));
    for (var there : List.of("a", "a/file")) {
      assertThat(UnixFsReader.has(store, root.cid(), there)).as(there).isTrue();
    }
    for (var not : List.of("", "/", "b", "a/", "/a", "a/b", "a/file/", "a/file/b", "a//file", "./a", "a/../a")) {
      assertThat(UnixFsReader.has(store, root.cid(), not)).as(not).isFalse();
    }
    assertThat(UnixFsReader.has(store, file.cid(), "a")).isFalse();
    store.blocks.put(root.cid(), new byte[]{1});
    assertThatExceptionOfType(ContentException.class).isThrownBy(() -> UnixFsReader.has(store, root.cid(), "a"));
  }

  @Test void a_missing_block_is_named() {
    var missing = Cid.ofBlock(Cid.Codec.RAW, new byte[]{9});
    refused(Reason.MISSING_BLOCK, store.directory("file", new Link(missing, 1)), "file: " + missing);
  }

  @Test void bytes_that_do_not_hash_to_their_name_are_refused_in_root_node_and_leaf() {
    var root = store.directory("a", store.directory("file", file));
    for (var cid : List.copyOf(store.blocks.keySet())) {
      var right = store.get(cid).orElseThrow();
      var wrong = right.clone();
      wrong[wrong.length - 1] ^= 1;
      store.blocks.put(cid, wrong);
      refused(Reason.HASH_MISMATCH, root, cid.toString());
      store.blocks.put(cid, right);
    }
  }

  @Test void a_raw_block_served_for_a_directory_is_refused_and_a_raw_root_too() {
    refused(Reason.NOT_A_DIRECTORY, file, "the CID of a directory");
    refused(Reason.NOT_A_DIRECTORY, store.node(new FileNode(List.of(part(leaf(4)), part(leaf(1))))), "not a file");
  }

  @Test void a_block_above_two_mebibytes_is_refused_before_it_is_hashed() {
    var large = new byte[BlockSink.MAX_BLOCK_BYTES + 1];
    store.blocks.put(file.cid(), large);
    refused(Reason.BLOCK_TOO_LARGE, store.directory("file", file), "2097153 bytes");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ".", "..", "../neighbour", "/etc/passwd", "a/b", "a\\b", "..\\x", "nul\0",
      "a\0/../b"}) void a_name_that_climbs_or_separates_is_refused(String name) {
    refused(Reason.BAD_NAME, store.directory(name, file), "name in /: ");
  }

  @Test void a_name_is_at_most_255_bytes_of_well_formed_utf_8() {
    accepted(store.directory("ü".repeat(127) + "x", file));
    refused(Reason.BAD_NAME, store.directory("ü".repeat(128), file), "at most 255 bytes");
    var badName = node(out -> {
      out.writeByteArray(DagPb.NODE_LINKS, link(new byte[]{(byte) 0xc0, (byte) 0xaf}, file));
      out.writeByteArray(DagPb.NODE_DATA, new byte[]{8, 1});
    });
    refused(Reason.BAD_NAME, badName, "well-formed UTF-8");
  }

  @Test void a_name_twice_is_refused_and_so_is_a_wrong_order() {
    refused(Reason.DUPLICATE_NAME, directory(entry("a"), entry("a")), "a");
    refused(Reason.UNSORTED_NAMES, directory(entry("b"), entry("a")), "a");
    refused(Reason.UNSORTED_NAMES, directory(entry("\uD83D\uDE00"), entry("\uFF61")), "UTF-8 bytes");
    accepted(directory(entry("\uFF61"), entry("\uD83D\uDE00")));
  }

  @Test void a_tree_may_be_32_levels_deep_and_no_more() {
    var tree = file;
    for (int i = 0; i < Place.MAX_DEPTH; i++) {
      tree = store.directory("d", tree);
    }
    accepted(tree);
    refused(Reason.TOO_DEEP, store.directory("d", tree), "at most 32 levels");
  }

  @Test void bytes_and_entries_admit_their_last_value_and_refuse_the_next() {
    var root = directory(entry("a"), entry("b"));
    new UnixFsReader(store, new TreeLimits(6, 2)).verify(root.cid());
    refused(Reason.TOO_MANY_BYTES, new TreeLimits(5, 2), root, "b: 6 bytes up to here");
    refused(Reason.TOO_MANY_ENTRIES, new TreeLimits(6, 1), root, "/: 2 entries up to here");
  }

  @Test void a_bomb_of_directories_that_all_link_to_one_another_stops_at_the_entry_limit() {
    var tree = file;
    for (int level = 0; level < 8; level++) {
      var entries = new ArrayList<Entry>();
      for (int i = 10; i < 100; i++) {
        entries.add(new Entry("e" + i, tree));
      }
      tree = store.node(new Directory(entries));
    }
    refused(Reason.TOO_MANY_ENTRIES, tree, "at most 10000");
  }

  @Test void a_bomb_of_file_nodes_over_short_leaves_stops_at_the_second_leaf() {
    var leaf = store.leaf(new byte[0]);
    var tree = new Part(leaf, 0);
    for (int level = 0; level < TreeWalk.MAX_FILE_LEVELS; level++) {
      var node = new FileNode(Collections.nCopies(174, tree));
      tree = new Part(store.node(node), node.fileBytes());
    }
    refused(Reason.NOT_CANONICAL, store.directory("bomb", tree.link()), "only the last one shorter");
  }

  @Test void file_nodes_without_end_are_refused() {
    var part = part(leaf(4));
    for (int level = 0; level <= TreeWalk.MAX_FILE_LEVELS; level++) {
      part = new Part(store.node(new FileNode(List.of(part))), 4);
    }
    refused(Reason.TOO_DEEP, store.directory("file", part.link()), "file node level 9");
  }

  @Test void a_file_laid_out_otherwise_is_refused_although_its_bytes_are_the_same() {
    // four full leaves, three links per node: (4 4 4) (4) is the one layout
    var leaf = part(leaf(4));
    var three = inner(leaf, leaf, leaf);
    var two = inner(leaf, leaf);
    accepted(store.directory("file", inner(three, inner(leaf)).link()));
    refused(Reason.NOT_CANONICAL, store.directory("file", inner(two, two).link()), "file: ");
    refused(Reason.NOT_CANONICAL, store.directory("file", inner(three, leaf).link()), "file: ");
    refused(Reason.NOT_CANONICAL, store.directory("file", inner(leaf, leaf, leaf, leaf).link()), "file: ");
    refused(Reason.NOT_CANONICAL, store.directory("file", inner(leaf).link()), "file: ");
    refused(Reason.NOT_CANONICAL, store.directory("file", leaf(5)), "full chunks of 4 bytes");
    refused(Reason.NOT_CANONICAL, store.directory("file", inner(part(leaf(1)), leaf).link()), "only the last");
  }

  @Test void a_claimed_size_that_is_not_the_real_one_is_refused() {
    refused(Reason.NOT_CANONICAL, store.directory("file", new Link(file.cid(), 4)), "of 4 bytes");
    var inside = store.directory("file", file);
    refused(Reason.NOT_CANONICAL, store.directory("d", new Link(inside.cid(), inside.dagBytes() + 1)), "d: ");
    var wrongPart = new FileNode(List.of(part(leaf(4)), new Part(leaf(1), 2)));
    refused(Reason.NOT_CANONICAL, store.directory("file", store.node(wrongPart)), "file: ");
  }

  @Test void a_directory_inside_a_file_is_refused() {
    var node = new FileNode(List.of(part(leaf(4)), new Part(store.directory("x", file), 3)));
    refused(Reason.UNSUPPORTED_NODE, store.directory("file", store.node(node)), "a directory inside a file");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 3, 4, 5, 6, 99}) void a_unixfs_type_other_than_file_and_directory_is_refused(int type) {
    var node = unixFs(out -> {
      out.writeEnum(DagPb.UNIXFS_TYPE, type);
      out.writeByteArray(DagPb.UNIXFS_DATA, "/etc/passwd".getBytes(UTF_8));
    });
    refused(Reason.UNSUPPORTED_NODE, store.directory("link", node), "link: UnixFS type " + type);
  }

  @Test void metadata_and_inline_bytes_are_refused() {
    refused(Reason.UNSUPPORTED_NODE, unixFs(out -> {
      out.writeEnum(DagPb.UNIXFS_TYPE, DagPb.TYPE_DIRECTORY);
      out.writeUInt32(DagPb.UNIXFS_MODE, 0755);
    }), "a file mode");
    refused(Reason.UNSUPPORTED_NODE, unixFs(out -> {
      out.writeEnum(DagPb.UNIXFS_TYPE, DagPb.TYPE_DIRECTORY);
      out.writeByteArray(DagPb.UNIXFS_MTIME, new byte[]{8, 1});
    }), "a modification time");
    refused(Reason.UNSUPPORTED_NODE, unixFs(out -> {
      out.writeEnum(DagPb.UNIXFS_TYPE, DagPb.TYPE_FILE);
      out.writeByteArray(DagPb.UNIXFS_DATA, new byte[]{1});
    }), "file bytes inside a node");
    refused(Reason.UNSUPPORTED_NODE, unixFs(out -> {
      out.writeEnum(DagPb.UNIXFS_TYPE, DagPb.TYPE_DIRECTORY);
      out.writeUInt32(6, 256);
    }), "UnixFS field 6");
  }

  @Test void another_encoding_of_the_same_directory_is_refused() {
    refused(Reason.NOT_CANONICAL, node(out -> {
      out.writeByteArray(DagPb.NODE_DATA, new byte[]{8, 1});
      out.writeByteArray(DagPb.NODE_LINKS, link("data-first".getBytes(UTF_8), file));
    }), "links before data");
    refused(Reason.NOT_CANONICAL, node(out -> out.writeByteArray(DagPb.NODE_DATA, new byte[]{8, (byte) 0x81, 0})),
        "shortest varints");
    refused(Reason.NOT_CANONICAL, node(out -> {
      out.writeByteArray(DagPb.NODE_DATA, new byte[]{8, 1});
      out.writeByteArray(DagPb.NODE_DATA, new byte[]{8, 1});
    }), "no unknown or repeated field");
    refused(Reason.UNSUPPORTED_NODE, node(out -> {
      out.writeByteArray(DagPb.NODE_DATA, new byte[]{8, 1});
      out.writeString(3, "smuggled");
    }), "dag-pb field 3");
  }

  @Test void a_block_that_is_no_node_is_refused() {
    for (var block : List.of(new byte[0], new byte[]{1}, new byte[]{10, 127}, new byte[]{10, 0}, new byte[]{8, 1},
        new byte[]{18, 0, 10, 2, 8, 1}, new byte[]{10, 2, 8, 2}, new byte[]{10, 2, 10, 1},
        new byte[]{18, (byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 0xff, 7})) {
      var cid = store.add(Cid.Codec.DAG_PB, block);
      refused(Reason.MALFORMED_BLOCK, new Link(cid, block.length), "a dag-pb block with UnixFS data");
    }
  }

  @Test void a_target_with_something_in_it_is_left_alone() throws IOException {
    Files.createDirectory(target);
    Files.writeString(target.resolve("mine"), "kept");
    refusedTarget(target);
    assertThat(target.resolve("mine")).hasContent("kept");
    refusedTarget(around.resolve("neighbour"));
    refusedTarget(Files.createSymbolicLink(around.resolve("link"), Files.createDirectory(around.resolve("empty"))));
    assertThat(around.resolve("empty")).isEmptyDirectory();
  }

  @Test void a_failing_source_is_an_input_output_fault_and_leaves_nothing() {
    var root = directory(entry("a"), new Entry("b", leaf(1)));
    BlockSource failing = cid -> {
      if (cid.equals(leaf(1).cid())) {
        throw new IOException("no route to store");
      }
      return store.get(cid);
    };
    assertThatExceptionOfType(ContentException.class).isThrownBy(() -> new UnixFsReader(failing, ROOMY).read(root.cid(),
        target)).withMessageContaining("no route to store").extracting(ContentException::reason).isEqualTo(Reason.IO);
    assertThat(target).isEmptyDirectory();
  }

  private void accepted(Link root) {
    new UnixFsReader(store, ROOMY, SMALL).verify(root.cid());
  }

  private void refused(Reason reason, Link root, String message) {
    refused(reason, ROOMY, root, message);
  }

  private void refused(Reason reason, TreeLimits limits, Link root, String message) {
    var reader = new UnixFsReader(store, limits, SMALL);
    assertThatExceptionOfType(ContentException.class).isThrownBy(() -> reader.verify(root.cid()))
        .withMessageContaining(message).extracting(ContentException::reason).isEqualTo(reason);
    assertThatExceptionOfType(ContentException.class).isThrownBy(() -> reader.read(root.cid(), target))
        .extracting(ContentException::reason).isEqualTo(reason);
    assertThat(target).isEmptyDirectory();
    assertThat(around).isDirectoryContaining("glob:**neighbour").isDirectoryNotContaining("glob:**x");
    assertThat(around.resolve("neighbour")).hasContent("untouched");
  }

  private void refusedTarget(Path occupied) {
    var root = directory(entry("a")).cid();
    assertThatExceptionOfType(ContentException.class)
        .isThrownBy(() -> new UnixFsReader(store, ROOMY).read(root, occupied)).extracting(ContentException::reason)
        .isEqualTo(Reason.TARGET_OCCUPIED);
  }

  private Entry entry(String name) {
    return new Entry(name, file);
  }

  private Link directory(Entry... entries) {
    return store.node(new Directory(List.of(entries)));
  }

  private Link leaf(int bytes) {
    return store.leaf(new byte[bytes]);
  }

  private static Part part(Link leaf) {
    return new Part(leaf, leaf.dagBytes());
  }

  private Part inner(Part... parts) {
    var node = new FileNode(List.of(parts));
    return new Part(store.node(node), node.fileBytes());
  }

  private interface Fields {
    void writeTo(CodedOutputStream out) throws IOException;
  }

  private Link unixFs(Fields fields) {
    return node(out -> out.writeByteArray(DagPb.NODE_DATA, message(fields)));
  }

  private Link node(Fields fields) {
    byte[] block = message(fields);
    return new Link(store.add(Cid.Codec.DAG_PB, block), block.length);
  }

  private static byte[] link(byte[] name, Link link) {
    return message(out -> {
      out.writeByteArray(DagPb.LINK_HASH, link.cid().toBytes());
      out.writeByteArray(DagPb.LINK_NAME, name);
      out.writeUInt64(DagPb.LINK_TSIZE, link.dagBytes());
    });
  }

  private static byte[] message(Fields fields) {
    var bytes = new ByteArrayOutputStream();
    var out = CodedOutputStream.newInstance(bytes);
    try {
      fields.writeTo(out);
      out.flush();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return bytes.toByteArray();
  }
}
