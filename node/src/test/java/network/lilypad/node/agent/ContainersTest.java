package network.lilypad.node.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import network.lilypad.executor.Execution;
import network.lilypad.executor.Executor;
import network.lilypad.executor.ExecutorUnavailableException;
import network.lilypad.executor.Sink;
import network.lilypad.executor.Task;
import network.lilypad.protocol.value.Engine;
import org.junit.jupiter.api.Test;

/// When a container engine counts as there.
final class ContainersTest {
  private final Scripted engine = new Scripted(new AtomicBoolean());
  private final AtomicInteger appearances = new AtomicInteger();

  @Test void an_engine_is_there_with_its_first_answer_and_gone_after_some_that_it_owes() {
    // given
    try (var containers = new Containers(engine, appearances::incrementAndGet)) {
      assertThat(containers.there()).isFalse();
      assertThat(containers.version()).isEqualTo("nobody answers");
      // when, then
      engine.answers.set(true);
      containers.look();
      assertThat(containers.there()).isTrue();
      assertThat(containers.version()).isEqualTo("scripted 1");
      engine.answers.set(false);
      for (int i = 1; i < Containers.MISSES_MAX; i++) {
        containers.look();
        assertThat(containers.there()).isTrue();
      }
      containers.look();
      assertThat(containers.there()).isFalse();
      assertThat(appearances).hasValue(1);
      engine.answers.set(true);
      containers.look();
      assertThat(containers.there()).isTrue();
      assertThat(appearances).hasValue(2);
    }
  }

  @Test void an_engine_that_answers_in_time_again_has_never_been_gone() {
    // given
    engine.answers.set(true);
    try (var containers = new Containers(engine, appearances::incrementAndGet)) {
      // when
      for (int i = 0; i < 2 * Containers.MISSES_MAX; i++) {
        engine.answers.set(i % Containers.MISSES_MAX == 0);
        containers.look();
        // then
        assertThat(containers.there()).isTrue();
      }
      assertThat(appearances).hasValue(1);
    }
  }

  /// Answers when told to; runs nothing.
  private record Scripted(AtomicBoolean answers) implements Executor {
    @Override public Engine engine() {
      return Engine.DOCKER;
    }

    @Override public Probe probe() {
      return answers.get() ? new Probe(true, "scripted 1") : new Probe(false, "nobody answers");
    }

    @Override public Execution start(Task task, Sink sink) {
      throw new ExecutorUnavailableException("scripted");
    }
  }
}
