package network.lilypad.node.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import network.lilypad.node.files.FileBody;
import network.lilypad.node.files.FileDirectory;
import network.lilypad.node.files.LocalDirectory;
import network.lilypad.protocol.content.Cid;
import network.lilypad.protocol.content.FolderBlocks;
import network.lilypad.protocol.content.TreeLimits;
import network.lilypad.protocol.value.Address;
import network.lilypad.protocol.value.Bytes32;
import network.lilypad.protocol.value.JobId;
import network.lilypad.protocol.value.Keccak256;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What is needed stays, what is not goes, at every crash and in every order.
class SweeperTest {
  private static final TreeLimits TREES = new TreeLimits(64 << 20, 1000);
  private static final long DAY = 86_400;

  @TempDir
  Path directory;
  private Database database;
  private Faulty files;
  private ContentStore store;
  private AccountContent content;
  private long now = 1_800_000_000;
  private int made;

  @BeforeEach void open() throws IOException {
    database = Database.open(directory);
    files = new Faulty(LocalDirectory.open(directory.resolve("content")));
    store = ContentStore.open(database.connections(), files, new ContentStore.Setting(directory.resolve("spool"), TREES,
        20 << 20, Duration.ofSeconds(DAY), _ -> Optional.empty()), () -> Instant.ofEpochSecond(now));
    content = store.of(Address.ZERO);
  }

  @AfterEach void close() {
    database.close();
  }

  /// A directory that can be told to fail.
  private static final class Faulty implements FileDirectory {
    private final FileDirectory files;
    private boolean fails;

    Faulty(FileDirectory files) {
      this.files = files;
    }

    private void check() throws IOException {
      if (fails) {
        throw new IOException("the disk is on fire");
      }
    }

    @Override public void put(Bytes32 digest, FileBody body) throws IOException {
      check();
      files.put(digest, body);
    }

    @Override public Optional<InputStream> open(Bytes32 digest) throws IOException {
      check();
      return files.open(digest);
    }

    @Override public void delete(Bytes32 digest) throws IOException {
      check();
      files.delete(digest);
    }

    @Override public boolean shared() {
      return false;
    }

    @Override public void close() {}
  }

  /// A tree with a large and a small file that no other has.
  private FolderBlocks tree() throws IOException {
    made++;
    var folder = Files.createDirectories(directory.resolve("tree" + made + "/outputs"));
    var large = new byte[(2 << 20) + made];
    new Random(made).nextBytes(large);
    Files.write(folder.resolve("large"), large);
    Files.writeString(folder.resolve("small"), "small " + made);
    return FolderBlocks.of(directory.resolve("tree" + made), TREES);
  }

  private FolderBlocks put() throws IOException {
    var blocks = tree();
    put(blocks);
    return blocks;
  }

  private void put(FolderBlocks blocks) throws IOException {
    var named = new ArrayList<ContentStore.Named>();
    for (var cid : blocks.cids()) {
      named.add(new ContentStore.Named(cid, ByteString.copyFrom(blocks.get(cid).orElseThrow())));
    }
    content.putBlocks(named);
  }

  private static JobId job(String name) {
    return new JobId(Keccak256.hash(name));
  }

  private void hold(JobId job, FolderBlocks tree) {
    store.holds().hold(job, Map.of(tree.root().digest(), true));
    content.requireTree(tree.root().digest());
  }

  private void job(JobId job, long endedAt) {
    Sql.transaction(database.connections(), sql -> sql.update("delete from job_list where job = ?", job.toString())
        + sql.update("insert into job_list values (?, '', 0, 0, ?)", job.toString(), endedAt));
  }

  private void sweep() {
    store.sweeper(new Random(made)).round();
  }

  private boolean whole(FolderBlocks tree) {
    return tree.cids().stream().allMatch(cid -> store.contains(cid.digest()));
  }

  private boolean gone(FolderBlocks tree) throws IOException {
    for (var cid : tree.cids()) {
      if (store.contains(cid.digest()) || files.open(cid.digest()).isPresent()) {
        return false;
      }
    }
    return store.tree(tree.root().digest()).isEmpty();
  }

  @Test void what_nobody_holds_goes_after_the_retention_and_not_before() throws IOException {
    // given
    var tree = put();
    now += DAY - 1;
    sweep();
    assertThat(whole(tree)).isTrue();
    // when
    now += 2;
    sweep();
    // then
    assertThat(gone(tree)).isTrue();
  }

  @Test void what_a_live_job_holds_stays_for_years_and_goes_a_day_after_its_end() throws IOException {
    // given
    var tree = put();
    hold(job("live"), tree);
    job(job("live"), 0);
    for (int year = 0; year < 3; year++) {
      now += 365 * DAY;
      sweep();
      assertThat(whole(tree)).isTrue();
    }
    // when
    job(job("live"), now);
    now += DAY;
    sweep();
    assertThat(whole(tree)).isTrue();
    now++;
    sweep();
    // then
    assertThat(gone(tree)).isTrue();
  }

  @Test void what_two_jobs_share_stays_for_the_longer() throws IOException {
    // given
    var tree = put();
    hold(job("a"), tree);
    hold(job("b"), tree);
    job(job("a"), now);
    job(job("b"), now + 10 * DAY);
    // when, then
    now += 9 * DAY;
    sweep();
    assertThat(whole(tree)).isTrue();
    now += 3 * DAY;
    sweep();
    assertThat(gone(tree)).isTrue();
  }

  @Test void what_a_job_that_never_came_to_be_held_goes() throws IOException {
    var tree = put();
    hold(job("refused"), tree);
    now += DAY + 1;
    sweep();
    assertThat(gone(tree)).isTrue();
  }

  @Test void what_somebody_counts_on_again_is_young_again() throws IOException {
    // given
    var tree = put();
    now += DAY - 10;
    // when: a transfer asks what is missing
    assertThat(content.known(tree.cids().stream().map(Cid::digest).toList())).hasSameSizeAs(tree.cids());
    now += 20;
    sweep();
    // then
    assertThat(whole(tree)).isTrue();
  }

  @Test void a_spec_is_kept_for_ever() throws IOException {
    var tree = put();
    store.keep(tree.root().digest());
    now += 100 * DAY;
    sweep();
    assertThat(store.contains(tree.root().digest())).isTrue();
    assertThat(tree.cids().stream().filter(cid -> store.contains(cid.digest()))).hasSize(1);
  }

  @Test void a_round_that_cannot_see_everything_that_is_held_sweeps_nothing() throws IOException {
    // given: a held tree whose root is a file of the broken directory
    var folder = Files.createDirectories(directory.resolve("wide"));
    for (int i = 0; i < 9_000; i++) {
      Files.createFile(folder.resolve("x".repeat(100) + i));
    }
    var limits = new TreeLimits(64 << 20, 10_000);
    var blocks = FolderBlocks.of(folder, limits);
    assertThat(blocks.get(blocks.root()).orElseThrow().length).isGreaterThan(ContentStore.INLINE_BYTES);
    put(blocks);
    store.holds().hold(job("live"), Map.of(blocks.root().digest(), true));
    job(job("live"), 0);
    var other = put();
    now += 2 * DAY;
    files.fails = true;
    // when, then
    assertThatExceptionOfType(StoreUnavailableException.class).isThrownBy(this::sweep);
    files.fails = false;
    assertThat(whole(other)).isTrue();
  }

  @Test void what_could_not_be_deleted_is_unknown_and_goes_in_a_later_round_also_after_a_crash() throws IOException {
    // given
    var tree = put();
    now += DAY + 1;
    files.fails = true;
    sweep();
    files.fails = false;
    assertThat(tree.cids().stream().anyMatch(cid -> store.contains(cid.digest()))).isFalse();
    // when
    database.close();
    open();
    sweep();
    // then
    assertThat(gone(tree)).isTrue();
    assertThat(new ContentRows(database.connections()).bytes()).isZero();
  }

  @Test void what_was_announced_and_never_came_goes_after_an_hour() {
    var digest = Keccak256.hash("never came");
    new ContentRows(database.connections()).announce(List.of(new ContentRows.Row(digest, 5 << 20, null)), now);
    sweep();
    assertThat(new ContentRows(database.connections()).bytes()).isEqualTo(5 << 20);
    now += 3601;
    sweep();
    assertThat(new ContentRows(database.connections()).bytes()).isZero();
  }

  @Test void sweeping_makes_room_in_a_full_store() throws IOException {
    // given
    for (int i = 0; i < 8; i++) {
      put();
    }
    now += DAY + 1;
    sweep();
    // when, then
    for (int i = 0; i < 8; i++) {
      put();
    }
  }

  @Test void in_any_order_of_puts_holds_ends_and_sweeps_nothing_that_is_held_goes() throws IOException {
    // given
    long seed = new Random().nextLong();
    var random = new Random(seed);
    var held = new HashMap<JobId, FolderBlocks>();
    var free = new ArrayList<FolderBlocks>();
    for (int step = 0; step < 60; step++) {
      // when
      switch (random.nextInt(6)) {
        case 0 -> {
          try {
            free.add(put());
          } catch (ContentRefusedException _) {
            now += DAY; // some orders fill the store, which says so: the next sweep may make room
          }
        }
        case 1 -> {
          if (!free.isEmpty()) {
            var tree = free.get(random.nextInt(free.size()));
            var job = job("job" + step);
            store.holds().hold(job, Map.of(tree.root().digest(), true));
            if (whole(tree)) {
              held.put(job, tree);
              job(job, 0);
            }
          }
        }
        case 2 -> held.keySet().stream().findFirst().ifPresent(job -> {
          job(job, now);
          held.remove(job);
        });
        case 3 -> now += random.nextLong(DAY);
        default -> sweep();
      }
      // then
      assertThat(held.values()).as("seed " + seed + " step " + step).allMatch(this::whole);
    }
  }

  @Test void marks_never_forget_and_seldom_err() {
    // given
    var random = new Random(1);
    var marks = new Marks(random.nextLong());
    var in = new HashSet<Bytes32>();
    for (int i = 0; i < 200_000; i++) {
      in.add(digest(random));
    }
    in.forEach(marks::add);
    // when, then
    assertThat(in).allMatch(marks::has);
    long wrong = 0;
    for (int i = 0; i < 100_000; i++) {
      wrong += marks.has(digest(random)) ? 1 : 0;
    }
    assertThat(wrong).isLessThan(100);
  }

  private static Bytes32 digest(Random random) {
    var bytes = new byte[32];
    random.nextBytes(bytes);
    return Bytes32.of(bytes);
  }
}
