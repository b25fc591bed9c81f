package network.lilypad.executor.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.dockerjava.api.async.ResultCallback;
import com.github.dockerjava.api.exception.NotFoundException;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class BeginningTest {
  private final Heard heard = new Heard();
  private final Beginning<String> beginning = new Beginning<>(heard);

  /// Notes all that it is told.
  private static final class Heard implements ResultCallback<String> {
    private final List<String> words = new ArrayList<>();

    @Override public void onStart(Closeable stream) {
      words.add("start");
    }

    @Override public void onNext(String item) {
      words.add(item);
    }

    @Override public void onError(Throwable failure) {
      words.add("error");
    }

    @Override public void onComplete() {
      words.add("complete");
    }

    @Override public void close() {
      words.add("close");
    }
  }

  @Test void whoever_waits_closes_nothing() throws Exception {
    var waiting = CompletableFuture.supplyAsync(beginning::begun);
    beginning.onStart(() -> {});
    assertThat(waiting.get()).isSameAs(heard);
    beginning.onNext("moo");
    beginning.onComplete();
    assertThat(heard.words).containsExactly("start", "moo", "complete");
  }

  @Test void a_refusal_is_for_whoever_waits_and_leaves_the_listener_as_it_was() throws IOException {
    beginning.onError(new NotFoundException("no such container"));
    beginning.close();
    assertThatThrownBy(beginning::begun).isInstanceOf(NotFoundException.class);
    assertThat(heard.words).isEmpty();
  }

  @Test void what_breaks_later_is_for_the_listener() {
    beginning.onStart(() -> {});
    beginning.onError(new IOException("cut off"));
    assertThat(beginning.begun()).isSameAs(heard);
    assertThat(heard.words).containsExactly("start", "error");
  }
}
