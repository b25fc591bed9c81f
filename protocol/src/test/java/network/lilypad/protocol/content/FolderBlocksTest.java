package network.lilypad.protocol.content;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.OptionalInt;
import java.util.Random;
import network.lilypad.protocol.content.ContentException.Reason;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FolderBlocksTest {
  private static final TreeLimits ROOMY = new TreeLimits(1 << 30, 20_000);

  @TempDir
  Path directory;

  private Path tree() throws IOException {
    var tree = Files.createDirectory(directory.resolve("tree"));
    RandomTree.of(3, new Layout(1, 4)).fill(tree);
    var random = new Random(5);
    for (int size : new int[]{0, 1, (1 << 20) - 1, 1 << 20, (1 << 20) + 1, (33 << 20) + 7}) {
      var bytes = new byte[size];
      random.nextBytes(bytes);
      Files.write(tree.resolve("size" + size), bytes);
    }
    return tree;
  }

  @Test void it_has_the_very_blocks_that_the_writer_makes_in_the_writers_order() throws IOException {
    // given
    var tree = tree();
    var written = new LinkedHashMap<Cid, byte[]>();
    var root = new UnixFsWriter(written::putIfAbsent, ROOMY).writeDirectory(tree);
    // when
    var blocks = FolderBlocks.of(tree, ROOMY);
    // then
    assertThat(blocks.root()).isEqualTo(root);
    assertThat(blocks.cids()).containsExactlyElementsOf(written.keySet());
    assertThat(blocks.bytes()).isEqualTo(written.values().stream().mapToLong(block -> block.length).sum());
    for (var block : written.entrySet()) {
      assertThat(blocks.get(block.getKey()).orElseThrow()).isEqualTo(block.getValue());
    }
    assertThat(blocks.get(Cid.ofBlock(Cid.Codec.RAW, new byte[]{42, 42}))).isEmpty();
  }

  @Test void a_tree_out_of_it_can_be_read_again() throws IOException {
    var tree = tree();
    var blocks = FolderBlocks.of(tree, ROOMY);
    new UnixFsReader(blocks, ROOMY).read(blocks.root(), directory.resolve("again"));
    assertThat(Scratch.listing(directory.resolve("again"))).isEqualTo(Scratch.listing(tree));
  }

  @Test void a_file_that_shrank_is_told_and_one_that_changed_does_not_hash() throws IOException {
    // given
    var tree = Files.createDirectory(directory.resolve("tree"));
    var file = Files.write(tree.resolve("file"), new byte[]{1, 2, 3});
    var blocks = FolderBlocks.of(tree, ROOMY);
    // when, then
    Files.write(file, new byte[]{3, 2, 1});
    refused(Reason.HASH_MISMATCH, blocks);
    Files.write(file, new byte[]{1});
    refused(Reason.IO, blocks);
  }

  private static void refused(Reason reason, FolderBlocks blocks) {
    assertThatExceptionOfType(ContentException.class)
        .isThrownBy(() -> new UnixFsReader(blocks, ROOMY).verify(blocks.root()))
        .extracting(ContentException::reason).isEqualTo(reason);
  }

  @Test void links_and_fifos_are_refused_by_their_names_and_never_opened() throws Exception {
    var tree = Files.createDirectory(directory.resolve("tree"));
    Scratch.run("mkfifo", tree.resolve("fifo").toString());
    assertThatExceptionOfType(ContentException.class).isThrownBy(() -> FolderBlocks.of(tree, ROOMY))
        .withMessageContaining("fifo").extracting(ContentException::reason).isEqualTo(Reason.UNSUPPORTED_FILE);
    Files.delete(tree.resolve("fifo"));
    Files.createSymbolicLink(tree.resolve("link"), Path.of("/etc/passwd"));
    assertThatExceptionOfType(ContentException.class).isThrownBy(() -> FolderBlocks.of(tree, ROOMY))
        .withMessageContaining("link").extracting(ContentException::reason).isEqualTo(Reason.UNSUPPORTED_FILE);
  }

  @Test void ten_thousand_tiny_files_are_indexed_and_walked() throws IOException {
    // given
    var tree = Files.createDirectory(directory.resolve("tree"));
    for (int i = 0; i < 10_000; i++) {
      Files.writeString(tree.resolve("datei-ä-" + i), "file " + i);
    }
    // when
    var blocks = FolderBlocks.of(tree, ROOMY);
    // then
    var walked = new ArrayList<Cid>();
    new UnixFsReader(blocks, ROOMY).blocks(blocks.root(), (cid, _) -> walked.add(cid));
    assertThat(walked).hasSize(10_001).startsWith(blocks.root());
    assertThatExceptionOfType(ContentException.class)
        .isThrownBy(() -> FolderBlocks.of(tree, new TreeLimits(1 << 20, 9_999)))
        .extracting(ContentException::reason).isEqualTo(Reason.TOO_MANY_ENTRIES);
  }

  @Test void an_outline_names_every_block_without_reading_a_leaf_and_misses_what_is_missing() throws IOException {
    // given
    var tree = tree();
    var blocks = FolderBlocks.of(tree, ROOMY);
    var sizes = new LinkedHashMap<Cid, Integer>();
    for (var cid : blocks.cids()) {
      sizes.put(cid, blocks.get(cid).orElseThrow().length);
    }
    BlockSource nodes = cid -> {
      assertThat(cid.codec()).isEqualTo(Cid.Codec.DAG_PB);
      return blocks.get(cid);
    };
    UnixFsReader.LeafSizes known = cid -> sizes.containsKey(cid) ? OptionalInt.of(sizes.get(cid)) : OptionalInt.empty();
    var walked = new ArrayList<Cid>();
    new UnixFsReader(blocks, ROOMY).blocks(blocks.root(), (cid, _) -> walked.add(cid));
    var outlined = new ArrayList<Cid>();
    // when
    new UnixFsReader(nodes, ROOMY).outline(blocks.root(), known, outlined::add);
    // then
    assertThat(outlined.stream().distinct()).containsExactlyElementsOf(walked);
    sizes.keySet().removeIf(cid -> cid.codec() == Cid.Codec.RAW);
    assertThatExceptionOfType(ContentException.class)
        .isThrownBy(() -> new UnixFsReader(nodes, ROOMY).outline(blocks.root(), known, _ -> {}))
        .extracting(ContentException::reason).isEqualTo(Reason.MISSING_BLOCK);
  }
}
