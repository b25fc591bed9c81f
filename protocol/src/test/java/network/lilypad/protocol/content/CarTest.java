package network.lilypad.protocol.content;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import network.lilypad.protocol.NodeScript;
import network.lilypad.protocol.content.ContentException.Reason;
import network.lilypad.protocol.content.DagNode.Directory;
import network.lilypad.protocol.content.DagNode.Entry;
import network.lilypad.protocol.content.DagNode.Link;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CarTest {
  private static final TreeLimits ROOMY = new TreeLimits(64 << 20, 20_000);
  private static final CarReader READER = new CarReader(64 << 20);

  @TempDir
  Path directory;
  private final MemoryBlocks store = new MemoryBlocks();

  private byte[] car(Cid root) throws IOException {
    var out = new ByteArrayOutputStream();
    CarWriter.write(out, store, ROOMY, root);
    return out.toByteArray();
  }

  private static Cid read(byte[] car, BlockSink sink) {
    return READER.read(new ByteArrayInputStream(car), sink);
  }

  private static void refused(Reason reason, byte[] car, String told) {
    assertThatExceptionOfType(ContentException.class).isThrownBy(() -> read(car, BlockSink.NONE))
        .withMessageContaining(told).extracting(ContentException::reason).isEqualTo(reason);
  }

  private static byte[] joined(byte[]... parts) {
    var out = new ByteArrayOutputStream();
    for (var part : parts) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }

  private Link tree() {
    return store.directory("a", store.directory("file", store.leaf(new byte[]{1, 2, 3})));
  }

  @Test void a_tree_goes_into_a_file_and_comes_back_root_first_and_each_block_once() throws IOException {
    // given
    var leaf = store.leaf("twice".getBytes(US_ASCII));
    var root = store.node(new Directory(List.of(new Entry("a", leaf), new Entry("b", leaf)))).cid();
    var order = new ArrayList<Cid>();
    // when
    var found = read(car(root), (cid, _) -> order.add(cid));
    // then
    assertThat(found).isEqualTo(root);
    assertThat(order).containsExactly(root, leaf.cid());
  }

  @Test void the_reference_library_reads_what_we_write() throws Exception {
    // given
    var tree = Files.createDirectory(directory.resolve("tree"));
    RandomTree.of(7, new Layout(1, 3)).fill(tree);
    Files.write(tree.resolve("large"), new byte[(3 << 20) + 1]);
    var blocks = FolderBlocks.of(tree, ROOMY);
    var file = directory.resolve("ours.car");
    try (var out = new BufferedOutputStream(Files.newOutputStream(file))) {
      CarWriter.write(out, blocks, ROOMY, blocks.root());
    }
    // when
    var read = NodeScript.run("car.js", List.of("read " + file)).getFirst().split(" ");
    // then
    assertThat(read[0]).isEqualTo(blocks.root().toString());
    assertThat(Arrays.copyOfRange(read, 1, read.length)).startsWith(blocks.root().toString())
        .containsExactlyInAnyOrderElementsOf(blocks.cids().stream().map(Cid::toString).toList());
  }

  @Test void we_read_what_the_reference_library_writes() throws Exception {
    // given
    var file = directory.resolve("theirs.car");
    var root = NodeScript.run("car.js", List.of("write " + file)).getFirst();
    // when
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
      assertThat(READER.read(in, store)).hasToString(root);
    }
    new UnixFsReader(store, ROOMY).read(Cid.parse(root), directory.resolve("out"));
    // then
    assertThat(directory.resolve("out/日本/語 \"quoted\"\n")).hasContent("small");
    assertThat(directory.resolve("out/large")).hasSize((3 << 20) + 1);
    assertThat(directory.resolve("out/empty")).isEmptyDirectory();
  }

  @Test void a_block_that_does_not_hash_to_its_name_is_refused() throws IOException {
    var car = car(tree().cid());
    car[car.length - 1] ^= 1;
    refused(Reason.HASH_MISMATCH, car, "car block");
  }

  @Test void a_file_cut_anywhere_is_refused_or_lacks_blocks() throws IOException {
    // given
    var root = tree().cid();
    var car = car(root);
    for (int length = 0; length < car.length; length++) {
      var cut = Arrays.copyOf(car, length);
      var blocks = new MemoryBlocks();
      // when, then
      assertThatExceptionOfType(ContentException.class).as("cut at " + length).isThrownBy(() -> {
        read(cut, blocks);
        new UnixFsReader(blocks, ROOMY).verify(root);
      });
    }
  }

  @Test void random_bytes_anywhere_are_refused_by_name_or_change_nothing() throws IOException {
    // given
    var root = tree().cid();
    var car = car(root);
    var random = new Random(11);
    for (int round = 0; round < 5_000; round++) {
      var bent = car.clone();
      bent[random.nextInt(bent.length)] = (byte) random.nextInt();
      // when, then
      try {
        assertThat(read(bent, BlockSink.NONE)).isEqualTo(root);
        assertThat(bent).isEqualTo(car);
      } catch (ContentException e) {
        assertThat(e.reason()).isNotEqualTo(Reason.IO);
      }
    }
  }

  @Test void a_length_that_never_ends_or_is_huge_is_refused_before_anything_is_allocated() throws IOException {
    var car = car(tree().cid());
    var endless = new byte[64];
    Arrays.fill(endless, (byte) 0xff);
    refused(Reason.MALFORMED_CAR, joined(car, endless), "more than five bytes");
    refused(Reason.MALFORMED_CAR, joined(car, new byte[]{(byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 0xff, 0x7f}),
        "34359738367 bytes");
    refused(Reason.MALFORMED_CAR, joined(car, new byte[]{0}), "0 bytes");
    refused(Reason.MALFORMED_CAR, endless, "more than five bytes");
  }

  @Test void a_file_without_roots_or_without_its_roots_block_is_refused() throws IOException {
    var header = header((byte) 0x80, new byte[0], (byte) 1);
    refused(Reason.MISSING_ROOT, header, "no root");
    var absent = Cid.ofBlock(Cid.Codec.DAG_PB, new byte[]{9});
    var out = new ByteArrayOutputStream();
    var leaf = new byte[]{5};
    new CarWriter(out, absent).put(Cid.ofBlock(Cid.Codec.RAW, leaf), leaf);
    refused(Reason.MISSING_ROOT, out.toByteArray(), absent.toString());
  }

  @Test void several_roots_and_other_versions_are_refused() {
    var link = joined(new byte[]{(byte) 0xd8, 0x2a, 0x58, 37, 0}, tree().cid().toBytes());
    refused(Reason.MALFORMED_CAR, header((byte) 0x82, joined(link, link), (byte) 1), "one root");
    refused(Reason.MALFORMED_CAR, header((byte) 0x81, link, (byte) 2), "another version");
    var versionTwo = joined(new byte[]{10, (byte) 0xa1, 0x67}, "version".getBytes(US_ASCII), new byte[]{2});
    refused(Reason.MALFORMED_CAR, versionTwo, "version 2");
    refused(Reason.MALFORMED_CAR, "PK\3\4 a zip file".getBytes(US_ASCII), "car");
  }

  private static byte[] header(byte count, byte[] links, byte version) {
    var map = joined(new byte[]{(byte) 0xa2, 0x65}, "roots".getBytes(US_ASCII), new byte[]{count}, links,
        new byte[]{0x67}, "version".getBytes(US_ASCII), new byte[]{version});
    return joined(new byte[]{(byte) map.length}, map);
  }

  @ParameterizedTest
  @ValueSource(ints = {0x71, 0x0129, 0x00}) void a_codec_that_is_not_ours_is_refused(int codec) throws IOException {
    var name = tree().cid().toBytes();
    name[1] = (byte) codec;
    refused(Reason.UNSUPPORTED_CODEC, joined(car(tree().cid()), new byte[]{37}, name, new byte[]{1}), "codec");
  }

  @Test void another_hash_and_a_name_of_version_zero_are_refused() throws IOException {
    var name = tree().cid().toBytes();
    name[2] = 0x13;
    refused(Reason.UNSUPPORTED_CODEC, joined(car(tree().cid()), new byte[]{37}, name, new byte[]{1}), "hash function");
    name[0] = 0x12;
    refused(Reason.UNSUPPORTED_CODEC, joined(car(tree().cid()), new byte[]{37}, name, new byte[]{1}), "version");
  }

  @Test void more_bytes_than_the_reader_may_take_are_refused() throws IOException {
    var car = car(tree().cid());
    assertThatExceptionOfType(ContentException.class)
        .isThrownBy(() -> new CarReader(100).read(new ByteArrayInputStream(car), BlockSink.NONE))
        .extracting(ContentException::reason).isEqualTo(Reason.TOO_MANY_BYTES);
  }

  @Test void a_small_file_that_stands_for_a_huge_tree_ends_at_the_limit() throws IOException {
    // given: 16 levels, each naming the one below ten times: 10^16 files in a few kilobytes
    var link = store.leaf(new byte[]{1});
    for (int level = 0; level < 16; level++) {
      var below = link;
      link = store.node(new Directory("0123456789".chars()
          .mapToObj(c -> new Entry(String.valueOf((char) c), below)).toList()));
    }
    var bomb = link.cid();
    var out = new ByteArrayOutputStream();
    var writer = new CarWriter(out, bomb);
    for (var block : store.blocks.entrySet()) {
      writer.put(block.getKey(), block.getValue());
    }
    assertThat(out.size()).isLessThan(20_000);
    // when: the file itself is fine, its tree is not
    assertThat(read(out.toByteArray(), BlockSink.NONE)).isEqualTo(bomb);
    assertThatExceptionOfType(ContentException.class)
        .isThrownBy(() -> new UnixFsReader(store, ROOMY).read(bomb, directory.resolve("out")))
        .extracting(ContentException::reason).isEqualTo(Reason.TOO_MANY_ENTRIES);
    // then
    assertThat(directory.resolve("out")).isEmptyDirectory();
  }
}
