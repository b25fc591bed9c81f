package network.lilypad.executor.docker;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.dockerjava.api.model.PullResponseItem;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import network.lilypad.executor.Sink;
import org.junit.jupiter.api.Test;

/// Pulls that are given up.
final class PullTest {
  private final List<Sink.Progress> told = new ArrayList<>();
  private final Pull pull = new Pull("moo", new Sink() {
    @Override public void log(Chunk chunk) {
      // a pull has none
    }

    @Override public void progress(Progress progress) {
      told.add(progress);
    }
  });

  private static PullResponseItem downloading() throws IOException {
    return new ObjectMapper().readValue("""
        {"id": "layer", "status": "Downloading", "progressDetail": {"current": 1, "total": 2}}""",
        PullResponseItem.class);
  }

  @Test void one_that_is_given_up_before_the_engine_answers_is_stopped_when_it_does_and_tells_nothing()
      throws Exception {
    var stopped = new AtomicInteger();
    pull.abort();
    told.clear();
    pull.onStart(stopped::incrementAndGet);
    pull.onNext(downloading());
    assertThat(stopped).hasValue(1);
    assertThat(told).isEmpty();
  }

  @Test void one_that_is_given_up_in_the_middle_is_stopped_once() throws Exception {
    var stopped = new AtomicInteger();
    pull.onStart(stopped::incrementAndGet);
    pull.onNext(downloading());
    assertThat(told).hasSize(2);
    pull.abort();
    pull.abort();
    pull.onNext(downloading());
    assertThat(stopped).hasValue(1);
    assertThat(told).hasSize(2);
  }
}
