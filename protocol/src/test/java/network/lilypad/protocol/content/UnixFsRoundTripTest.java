package network.lilypad.protocol.content;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.constraints.IntRange;

class UnixFsRoundTripTest {
  private static final TreeLimits ROOMY = new TreeLimits(1L << 30, 100_000);

  @Property(tries = 25,
      shrinking = ShrinkingMode.OFF) void what_is_written_reads_back_the_same_and_has_the_same_root_again(
          @ForAll long seed,
          @ForAll @IntRange(min = 1, max = 40) int chunkBytes, @ForAll @IntRange(min = 2, max = 6) int maxLinks)
          throws IOException {
    var layout = new Layout(chunkBytes, maxLinks);
    try (var scratch = Scratch.create()) {
      // given
      var source = Files.createDirectory(scratch.resolve("source"));
      RandomTree.of(seed, layout).fill(source);
      var store = new MemoryBlocks();
      // when
      var root = new UnixFsWriter(store, ROOMY, layout).writeDirectory(source);
      var copy = scratch.resolve("copy");
      new UnixFsReader(store, ROOMY, layout).read(root, copy);
      // then
      assertThat(Scratch.listing(copy)).isEqualTo(Scratch.listing(source));
      assertThat(new UnixFsWriter(BlockSink.NONE, ROOMY, layout).writeDirectory(copy)).isEqualTo(root);
    }
  }

  @Property(tries = 25,
      shrinking = ShrinkingMode.OFF) void any_block_altered_withheld_or_cut_short_is_refused_and_nothing_stays(
          @ForAll long seed) throws IOException {
    var layout = new Layout(8, 3);
    var random = new Random(seed);
    try (var scratch = Scratch.create()) {
      // given
      var source = Files.createDirectory(scratch.resolve("source"));
      RandomTree.of(seed, layout).fill(source);
      var store = new MemoryBlocks();
      var root = new UnixFsWriter(store, ROOMY, layout).writeDirectory(source);
      // when
      var victims = List.copyOf(store.blocks.keySet());
      var victim = victims.get(random.nextInt(victims.size()));
      damage(store, victim, random);
      // then
      var reader = new UnixFsReader(store, ROOMY, layout);
      var target = scratch.resolve("target");
      assertThatExceptionOfType(ContentException.class).isThrownBy(() -> reader.read(root, target))
          .satisfies(e -> assertThat(e.reason()).isIn(ContentException.Reason.HASH_MISMATCH,
              ContentException.Reason.MISSING_BLOCK));
      assertThat(target).isEmptyDirectory();
    }
  }

  private static void damage(MemoryBlocks store, Cid victim, Random random) {
    var block = store.get(victim).orElseThrow().clone();
    if (block.length == 0 || random.nextInt(3) == 0) {
      store.blocks.remove(victim);
    } else if (random.nextBoolean()) {
      block[random.nextInt(block.length)] ^= (byte) (1 << random.nextInt(8));
      store.put(victim, block);
    } else {
      store.put(victim, Arrays.copyOf(block, random.nextInt(block.length)));
    }
  }
}
