package network.lilypad.protocol.content;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import network.lilypad.protocol.content.ContentException.Reason;
import network.lilypad.protocol.value.Bytes32;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResumedFolderTest {
  private static final TreeLimits ROOMY = new TreeLimits(1 << 30, 20_000);

  @TempDir
  Path directory;
  private FolderBlocks blocks;
  private Path tree;
  private Path target;

  @BeforeEach void a_tree_with_everything_in_it() throws IOException {
    tree = Files.createDirectories(directory.resolve("tree"));
    var large = new byte[(5 << 20) + 100_000];
    new Random(1).nextBytes(large);
    Files.write(tree.resolve("large"), large);
    Files.write(tree.resolve("same"), large);
    Files.writeString(tree.resolve("small"), "small");
    Files.writeString(tree.resolve("small too"), "small");
    Files.createDirectories(tree.resolve("empty"));
    Files.createDirectories(tree.resolve("empty too"));
    blocks = FolderBlocks.of(tree, ROOMY);
    target = directory.resolve("target");
  }

  /// What a gateway sends: every block once, in order, without those that the other side has; breaks after some.
  private final class Line implements BlockSource {
    private final List<Cid> sent = new ArrayList<>();
    private final Set<Cid> nodes = new HashSet<>();
    private final Set<Bytes32> without;
    private final int breaksAfter;

    Line(Set<Bytes32> without, int breaksAfter) {
      this.without = without;
      this.breaksAfter = breaksAfter;
    }

    @Override public Optional<byte[]> get(Cid cid) throws IOException {
      if (sent.size() == breaksAfter) {
        throw new IOException("the line broke");
      }
      if (without.contains(cid.digest()) || cid.codec() == Cid.Codec.RAW && sent.contains(cid)) {
        return Optional.empty();
      }
      if (cid.codec() == Cid.Codec.RAW || nodes.add(cid)) {
        sent.add(cid);
      }
      return blocks.get(cid);
    }

    /// Uses the array again at once.
    @Override public void done(byte[] leaf) {
      Arrays.fill(leaf, (byte) 7);
    }
  }

  @Test void equal_chunks_travel_once_and_the_folder_has_its_name_only_in_the_end() throws IOException {
    // when
    var line = new Line(Set.of(), Integer.MAX_VALUE);
    new ResumedFolder(target).read(blocks.root(), line, ROOMY);
    // then
    assertThat(Scratch.listing(target)).isEqualTo(Scratch.listing(tree));
    assertThat(line.sent).hasSize(blocks.cids().size()).doesNotHaveDuplicates();
    assertThat(directory).isDirectoryNotContaining("glob:**partial*");
  }

  @Test void wherever_it_breaks_it_goes_on_and_full_chunks_do_not_travel_again() throws IOException {
    for (int breaksAfter = 0; breaksAfter < blocks.cids().size(); breaksAfter++) {
      // given
      var first = new Line(Set.of(), breaksAfter);
      assertThatExceptionOfType(ContentException.class)
          .isThrownBy(() -> new ResumedFolder(target).read(blocks.root(), first, ROOMY))
          .extracting(ContentException::reason).isEqualTo(Reason.IO);
      assertThat(target).doesNotExist();
      // when
      var again = new ResumedFolder(target);
      var second = new Line(again.have(), Integer.MAX_VALUE);
      again.read(blocks.root(), second, ROOMY);
      // then
      assertThat(Scratch.listing(target)).isEqualTo(Scratch.listing(tree));
      var twice = new ArrayList<>(first.sent);
      twice.retainAll(second.sent);
      for (var cid : twice) {
        assertThat(cid.codec() == Cid.Codec.DAG_PB || blocks.get(cid).orElseThrow().length < 65_536).isTrue();
      }
      assertThat(directory).isDirectoryNotContaining("glob:**partial*");
      target = directory.resolve("target" + breaksAfter);
    }
  }

  @Test void it_may_break_again_and_again() throws IOException {
    for (int i = 0; i < 20; i++) {
      var resumed = new ResumedFolder(target);
      var line = new Line(resumed.have(), 3);
      assertThatExceptionOfType(ContentException.class)
          .isThrownBy(() -> resumed.read(blocks.root(), line, ROOMY));
    }
    var last = new ResumedFolder(target);
    last.read(blocks.root(), new Line(last.have(), Integer.MAX_VALUE), ROOMY);
    assertThat(Scratch.listing(target)).isEqualTo(Scratch.listing(tree));
    assertThat(directory).isDirectoryNotContaining("glob:**partial*");
  }

  @Test void over_a_line_that_lets_one_chunk_through_at_a_time_all_of_them_arrive() throws IOException {
    // given
    var chunks = 31;
    var random = new Random(2);
    var many = Files.createDirectories(directory.resolve("many"));
    for (int i = 0; i < chunks; i++) {
      var chunk = new byte[64 << 10];
      random.nextBytes(chunk);
      Files.write(many.resolve("chunk" + i), chunk);
    }
    blocks = FolderBlocks.of(many, ROOMY);
    // when the root and one chunk come each time
    for (int i = 0; i < chunks - 1; i++) {
      var resumed = new ResumedFolder(target);
      assertThat(resumed.have()).hasSize(i);
      var line = new Line(resumed.have(), 2);
      assertThatExceptionOfType(ContentException.class).isThrownBy(() -> resumed.read(blocks.root(), line, ROOMY));
    }
    var last = new ResumedFolder(target);
    last.read(blocks.root(), new Line(last.have(), 2), ROOMY);
    // then
    assertThat(Scratch.listing(target)).isEqualTo(Scratch.listing(many));
    assertThat(directory).isDirectoryNotContaining("glob:**partial*");
  }

  @Test void what_lies_there_is_not_believed() throws IOException {
    // given: a partial folder with other bytes, a link and no sense
    var partial = Files.createDirectory(directory.resolve("target.partial-0"));
    Files.write(partial.resolve("large"), new byte[3 << 20]);
    Files.createSymbolicLink(partial.resolve("link"), tree.resolve("large"));
    // when
    var resumed = new ResumedFolder(target);
    assertThat(resumed.have()).hasSize(1);
    resumed.read(blocks.root(), new Line(resumed.have(), Integer.MAX_VALUE), ROOMY);
    // then
    assertThat(Scratch.listing(target)).isEqualTo(Scratch.listing(tree));
    assertThat(tree.resolve("large")).exists();
  }

  @Test void an_occupied_target_is_refused() throws IOException {
    Files.createDirectory(target);
    assertThatExceptionOfType(ContentException.class).isThrownBy(() -> new ResumedFolder(target))
        .extracting(ContentException::reason).isEqualTo(Reason.TARGET_OCCUPIED);
  }
}
