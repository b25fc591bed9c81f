package network.lilypad.executor.docker;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// Calls to the engine that meet others.
final class EngineClientTest {
  @Test void whoever_removes_what_is_being_removed_waits_until_it_is_gone() {
    var labels = Map.of(ContainerPlan.OWNER, Owners.fresh());
    var shared = TestEngine.shared();
    var image = "sha256:" + shared.image().toString().substring(2);
    try (var engine = new EngineClient(TestEngine.socketOf())) {
      var container = engine.create(image, labels.get(ContainerPlan.OWNER) + "-removed",
          command -> command.withLabels(labels).withCmd("/bin/sh", "-c", "while :; do sleep 1; done"));
      engine.start(container);
      var all = new CountDownLatch(1);
      var removals = IntStream.range(0, 8).mapToObj(_ -> CompletableFuture.runAsync(() -> {
        await(all);
        engine.remove(container);
        assertThat(engine.containers(labels)).isEmpty();
      }, Thread.ofPlatform()::start)).toList();
      all.countDown();
      assertThat(CompletableFuture.allOf(removals.toArray(CompletableFuture[]::new))).succeedsWithin(
          Duration.ofMinutes(5));
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
