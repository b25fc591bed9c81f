package network.lilypad.executor.docker;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import network.lilypad.executor.Guests;
import network.lilypad.executor.Outcome.Cancelled;
import network.lilypad.executor.Outcome.DeadlineExceeded;
import network.lilypad.executor.Task.OutputLimits;
import network.lilypad.protocol.value.Bytes32;
import network.lilypad.protocol.value.Engine;
import network.lilypad.protocol.value.JobSpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A run that was to be ended is asked to end until it has.
final class BrakeTest {
  /// Far longer than a machine that stands still for seconds needs.
  private static final long PATIENCE_SECONDS = 60;

  @TempDir
  private Path home;

  @Test void an_engine_that_was_away_when_it_was_asked_to_kill_is_asked_again_until_the_run_is_over() throws Exception {
    // given
    var brake = new Brake();
    var asked = new CountDownLatch(3);
    brake.acts(asked::countDown);
    var limits = new Guests.Limits(64, Duration.ofSeconds(1), new OutputLimits(1, 1, 1));
    var task = new Guests(home, 1, (_, _, arguments, environment, outputs) -> new JobSpec("x", "", Engine.DOCKER,
        Bytes32.ZERO, "x", arguments, environment, outputs)).task("x", limits, List.of(), Map.of());
    // when
    try (var _ = Guard.start(task, brake, Duration.ZERO)) {
      // then
      assertThat(asked.await(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
      assertThat(brake.settle()).contains(new DeadlineExceeded(Duration.ofSeconds(1)));
    }
  }

  @Test void one_that_was_not_pulled_or_is_settled_or_is_still_acting_does_nothing() throws Exception {
    var brake = new Brake();
    var acts = new AtomicInteger();
    var begun = new CountDownLatch(1);
    var end = new CountDownLatch(1);
    brake.acts(() -> {
      acts.incrementAndGet();
      begun.countDown();
      join(end);
    });
    brake.insist();
    joinAll();
    assertThat(acts).hasValue(0);
    brake.pull(new Cancelled());
    assertThat(begun.await(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
    brake.insist();
    brake.settle();
    end.countDown();
    joinAll();
    brake.insist();
    joinAll();
    assertThat(acts).hasValue(1);
  }

  /// Whatever was begun has had its turn.
  private static void joinAll() throws InterruptedException {
    for (var thread : Thread.getAllStackTraces().keySet()) {
      if ("docker-brake".equals(thread.getName())) {
        assertThat(thread.join(Duration.ofSeconds(PATIENCE_SECONDS))).isTrue();
      }
    }
  }

  private static void join(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
