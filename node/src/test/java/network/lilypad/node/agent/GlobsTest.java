package network.lilypad.node.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Patterns of names.
final class GlobsTest {
  @ParameterizedTest
  @CsvSource({"cowsay:*,cowsay:v1,true", "cowsay:*,cowsay:,true", "cowsay:*,my-cowsay:v1,false", "*,anything,true",
      "*.co,a.b.co,true", "*.co,co,false", "a*a,a,false", "a*a,aa,true", "a*b*c,a-b-b-c,true", "a*b*c,a-c-b,false",
      "a**b,ab,true", "plain,plain,true", "plain,plainer,false", "a.c,abc,false", "*a*,bab,true",
      "COW*,cow,false"}) void a_star_stands_for_any_characters_and_all_else_for_itself(String glob, String name,
          boolean fits) {
    assertThat(new Globs(List.of("never", glob)).match(name)).isEqualTo(fits);
    assertThat(new Globs(List.of(glob)).match("never", name)).isEqualTo(fits);
  }

  @Test void no_pattern_fits_nothing_and_the_bounds_hold() {
    assertThat(Globs.NONE.match("cowsay")).isFalse();
    assertThat(new Globs(Collections.nCopies(Globs.PATTERNS_MAX, "*")).match("x")).isTrue();
    assertThatThrownBy(() -> new Globs(Collections.nCopies(Globs.PATTERNS_MAX + 1, "*")))
        .hasMessageContaining("patterns: 1025");
    assertThatThrownBy(() -> new Globs(List.of(""))).hasMessageContaining("pattern: 0");
    assertThatThrownBy(() -> new Globs(List.of("x".repeat(Globs.LENGTH_MAX + 1)))).hasMessageContaining("1025");
  }

  @Test void many_stars_take_no_time() {
    var name = "a".repeat(1024);
    assertThat(new Globs(List.of("*a".repeat(500) + "b")).match(name)).isFalse();
  }
}
