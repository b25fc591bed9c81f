package network.lilypad.node.read;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import network.lilypad.node.read.LogClock.Mark;
import network.lilypad.node.store.Database;
import network.lilypad.protocol.value.DealId;
import network.lilypad.protocol.value.Keccak256;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogMarksTest {
  private static final DealId DEAL = new DealId(Keccak256.hash("deal"));
  private static final long BEGUN = 1_800_000_000L;

  @TempDir
  private Path folder = Path.of("");

  @Test void what_came_since_a_time_begins_rather_too_early_than_too_late() {
    // given
    var clock = new LogClock(BEGUN, List.of(new Mark(100, BEGUN + 60), new Mark(200, BEGUN + 120)), List.of());
    // when, then
    assertThat(clock.from(false, BEGUN, BEGUN + 130)).hasValue(0);
    assertThat(clock.from(false, BEGUN + 9, BEGUN + 130)).hasValue(0);
    assertThat(clock.from(false, BEGUN + 61, BEGUN + 130)).hasValue(100);
    assertThat(clock.from(false, BEGUN + 125, BEGUN + 130)).hasValue(200);
    assertThat(clock.from(false, BEGUN + 130, BEGUN + 130)).isEmpty();
    assertThat(clock.from(true, BEGUN + 61, BEGUN + 130)).isEmpty();
  }

  @Test void what_is_older_than_an_hour_is_told_apart_by_ten_minutes() {
    // given
    var clock = new LogClock(BEGUN, List.of(new Mark(100, BEGUN + 60)), List.of());
    // when, then
    assertThat(clock.from(false, BEGUN + 600, BEGUN + 10_000)).hasValue(0);
    assertThat(clock.from(false, BEGUN + 650, BEGUN + 10_000)).hasValue(100);
    assertThat(clock.from(false, BEGUN + 700, BEGUN + 10_000)).isEmpty();
  }

  @Test void a_byte_has_the_time_of_the_mark_before_it() {
    // given
    var clock = new LogClock(BEGUN, List.of(new Mark(100, BEGUN + 60)), List.of());
    // when, then
    assertThat(clock.at(false, 99)).isEqualTo(BEGUN);
    assertThat(clock.at(false, 100)).isEqualTo(BEGUN + 60);
    assertThat(new LogClock(0, List.of(), List.of()).at(true, 5)).isZero();
    assertThat(clock.last(false)).isEqualTo(100);
  }

  @Test void a_day_of_chatter_keeps_an_hour_of_marks_and_one_for_each_ten_minutes_before() {
    try (var database = Database.open(folder)) {
      // given
      var marks = new LogMarks(database.connections());
      int day = 24 * 3600;
      // when
      for (int second = 0; second < day; second += 30) {
        marks.put(DEAL, false, new Mark(second, BEGUN + second));
        marks.put(DEAL, false, new Mark(second, BEGUN + second));
      }
      // then
      var kept = marks.of(DEAL, BEGUN).stdout();
      assertThat(kept).hasSizeBetween(day / LogClock.COARSE_SECONDS, day / LogClock.COARSE_SECONDS + 140);
      assertThat(kept).extracting(Mark::offset).isSorted().endsWith((long) day - 30);
      assertThat(marks.of(DEAL, BEGUN).stderr()).isEmpty();
    }
  }

  @Test void marks_of_old_runs_go_when_new_ones_come() {
    try (var database = Database.open(folder)) {
      // given
      var marks = new LogMarks(database.connections());
      marks.put(DEAL, true, new Mark(1, BEGUN));
      // when
      marks.put(new DealId(Keccak256.hash("later")), true, new Mark(1, BEGUN + LogMarks.KEPT_SECONDS + 1L));
      // then
      assertThat(marks.of(DEAL, 0).stderr()).isEmpty();
    }
  }
}
