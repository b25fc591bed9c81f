package network.lilypad.node.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import network.lilypad.protocol.value.Resources;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DiskRoomTest {
  private static final long MIB = 1L << 20;
  private static final long GIB = 1L << 30;

  private final AtomicLong free = new AtomicLong(40 * GIB);

  private DiskRoom room(long totalBytes, long reserveMib) {
    return new DiskRoom(free::get, () -> totalBytes, reserveMib);
  }

  /// A deal that may write 288 MiB: its disk and two streams.
  private static SpooledDeal deal(long epoch) {
    var job = Offers.job(Offers.work(), epoch);
    return new SpooledDeal(Offers.run(job, Offers.lease(job, epoch)), true, Optional.empty(), Optional.empty(), 0);
  }

  @Test void five_gibibytes_are_kept_and_of_a_small_disk_a_twentieth_unless_the_owner_says_how_much() {
    assertThat(room(100 * GIB, 0).reserveBytes()).isEqualTo(5 * GIB);
    assertThat(room(100 * GIB - 20, 0).reserveBytes()).isEqualTo(5 * GIB - 1);
    assertThat(room(10 * GIB, 0).reserveBytes()).isEqualTo(GIB / 2);
    assertThat(room(100 * GIB, 1).reserveBytes()).isEqualTo(MIB);
    assertThat(room(100 * GIB, 50 << 10).reserveBytes()).isEqualTo(50 * GIB);
  }

  @Test void no_more_is_left_than_is_free_less_the_reserve_less_all_that_deals_may_write() {
    var room = room(100 * GIB, 0);
    assertThat(room.bytes(List.of())).isEqualTo(35 * GIB);
    assertThat(room.bytes(List.of(deal(1), deal(2)))).isEqualTo(35 * GIB - 2 * 288 * MIB);
    free.set(5 * GIB + 2 * 288 * MIB);
    assertThat(room.bytes(List.of(deal(1)))).isEqualTo(DiskRoom.most(deal(2).offer().work().resources()));
    free.decrementAndGet();
    assertThat(room.bytes(List.of(deal(1)))).isEqualTo(288 * MIB - 1);
    free.set(GIB);
    assertThat(room.bytes(List.of(deal(1)))).isZero();
    assertThat(room.bytes()).isZero();
  }

  @Test void no_more_is_offered_than_there_is_room_for() {
    var found = Resources.cpu(1000, 64, 4096);
    var room = room(100 * GIB, 0);
    assertThat(room.bounded(found)).isEqualTo(found);
    free.set(5 * GIB + 4096 * MIB - 1);
    assertThat(room.bounded(found)).isEqualTo(Resources.cpu(1000, 64, 3072));
    free.set(5 * GIB + 1000 * MIB - 1);
    assertThat(room.bounded(found)).isEqualTo(Resources.cpu(1000, 64, 999));
    free.set(0);
    assertThat(room.bounded(found)).isEqualTo(Resources.cpu(1000, 64, 0));
  }

  @Test void a_folder_that_is_not_there_has_no_room(@TempDir Path folder) {
    assertThat(DiskRoom.of(folder, 1).bytes()).isPositive();
    assertThat(DiskRoom.of(folder.resolve("none"), 1).bytes()).isZero();
  }
}
