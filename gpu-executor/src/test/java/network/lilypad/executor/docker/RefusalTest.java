package network.lilypad.executor.docker;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.dockerjava.api.exception.DockerException;
import org.junit.jupiter.api.Test;

class RefusalTest {
  @Test void the_engine_s_words_end_without_its_empty_lines() {
    var refused = new DockerException("{\"message\":\"executable file not found\"}\n\n", 400);
    assertThat(Refusal.of(refused).words()).endsWith("not found\"}");
    assertThat(Refusal.words(refused)).startsWith("Status 400").doesNotContain("\n");
  }
}
