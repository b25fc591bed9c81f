package network.lilypad.node.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import network.lilypad.protocol.proto.v1.LogStreams;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JobLogsTest {
  private static final Instant NOW = Instant.parse("2027-01-15T08:00:00Z");

  @TempDir
  private Path folder = Path.of("");
  private FakeMarket market = start();

  private static FakeMarket start() {
    try {
      return new FakeMarket();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @BeforeEach void home() throws IOException {
    Files.createDirectories(folder.resolve("home"));
    assertThat(Cli.run(folder, "wallet", "address").exitCode()).isZero();
  }

  @AfterEach void stop() {
    market.close();
  }

  private Cli logs(String... options) {
    var args = new ArrayList<>(List.of("jobs", "logs", Words.hex(FakeMarket.JOB), "--gateway", market.address()));
    args.addAll(List.of(options));
    return Cli.run(folder, args.toArray(String[]::new));
  }

  @Test void each_stream_of_a_job_goes_to_its_own_stream_and_nothing_else_is_said() {
    // given
    market.logs.add(new FakeMarket.Watch(
        List.of(FakeMarket.log(1, false, 0, "moo\n", 0), FakeMarket.log(1, true, 0, "careful\n", 0)), false));
    // when
    var cli = logs();
    // then
    assertThat(cli).isEqualTo(new Cli(0, "moo\n", "careful\n"));
    assertThat(market.logsAsked).singleElement().satisfies(asked -> {
      assertThat(asked.getJob()).isEqualTo(FakeMarket.JOB);
      assertThat(asked.getFollow()).isFalse();
      assertThat(asked.getStreams()).isEqualTo(LogStreams.LOG_STREAMS_BOTH);
    });
  }

  @Test void options_become_the_question() {
    // given
    market.logs.add(new FakeMarket.Watch(List.of(), false));
    market.logs.add(new FakeMarket.Watch(List.of(), false));
    // when
    assertThat(logs("--tail", "20", "--stderr", "--since", "2027-01-01T00:00:00Z").exitCode()).isZero();
    assertThat(logs("--stdout", "--stderr", "--since", "10m").exitCode()).isZero();
    // then
    assertThat(market.logsAsked.get(0).getTailLines()).isEqualTo(20);
    assertThat(market.logsAsked.get(0).getStreams()).isEqualTo(LogStreams.LOG_STREAMS_STDERR);
    assertThat(market.logsAsked.get(0).getSince()).isEqualTo(Instant.parse("2027-01-01T00:00:00Z").getEpochSecond());
    assertThat(market.logsAsked.get(1).getStreams()).isEqualTo(LogStreams.LOG_STREAMS_BOTH);
    assertThat(market.logsAsked.get(1).getSince()).isBetween(1_800_000_000L - 600, 1_800_000_000L - 500);
  }

  @Test void attempts_are_named_where_there_are_several_and_missing_bytes_are_said() {
    // given
    market.shown = FakeMarket.job("Done").toBuilder().setAttempt(2).build();
    market.logs.add(new FakeMarket.Watch(
        List.of(FakeMarket.log(1, false, 0, "first", 0), FakeMarket.log(2, false, 7, "second\n", 7)), false));
    // when
    var cli = logs();
    // then
    assertThat(cli.out()).isEqualTo("firstsecond\n");
    assertThat(cli.err()).contains("attempt 1:").contains("attempt 2:").contains("7 bytes of stdout are not at hand");
  }

  @Test void an_attempt_without_a_result_is_said_and_that_nothing_is_left_of_its_output() throws IOException {
    // given
    market.shown = FakeMarket.job("Done").toBuilder().setAttempt(2).build();
    for (int i = 0; i < 2; i++) {
      market.logs.add(
          new FakeMarket.Watch(List.of(FakeMarket.gone(1), FakeMarket.log(2, false, 0, "second\n", 0)), false));
    }
    // when
    var cli = logs();
    // then
    assertThat(cli.out()).isEqualTo("second\n");
    assertThat(cli.err()).contains("attempt 1 at provider ")
        .contains("ended without a result: RELEASED, no GPU; nothing is left of what it had printed");
    assertThat(logs("--json").out().lines()).hasSize(2).first().asString()
        .contains("\"event\":\"attempt_lost\"", "\"output_gone\":true", "\"failure\":\"no GPU\"");
  }

  @Test void with_json_there_is_one_object_for_each_piece() throws IOException {
    // given
    market.shown = FakeMarket.job("Done").toBuilder().setAttempt(2).build();
    market.logs.add(new FakeMarket.Watch(
        List.of(FakeMarket.log(1, false, 0, "moo\n", 0), FakeMarket.log(2, true, 5, "careful\n", 5)), false));
    // when
    var cli = logs("--json");
    // then
    assertThat(cli.out().lines()).hasSize(2);
    Golden.matches("jobs-logs-json", cli.steady(folder));
  }

  @Test void a_broken_line_goes_on_at_its_cursor_and_says_nothing_twice() {
    // given
    market.logs.add(new FakeMarket.Watch(List.of(FakeMarket.log(1, false, 0, "one ", 0)), true));
    market.logs.add(new FakeMarket.Watch(List.of(), true));
    market.logs.add(new FakeMarket.Watch(List.of(FakeMarket.log(1, false, 4, "two\n", 0)), false));
    // when
    var cli = logs();
    // then
    assertThat(cli.exitCode()).isZero();
    assertThat(cli.out()).isEqualTo("one two\n");
    assertThat(market.logsAsked).extracting(asked -> asked.getCursor()).containsExactly("", "L1:4", "L1:4");
  }

  @Test void a_follower_ends_with_the_job_and_as_a_watch_does() {
    // given
    market.logs.add(new FakeMarket.Watch(List.of(FakeMarket.log(1, false, 0, "one\n", 0)), true));
    market.logs.add(new FakeMarket.Watch(
        List.of(FakeMarket.log(1, false, 4, "two\n", 0), FakeMarket.ended("Done")), false));
    market.logs.add(new FakeMarket.Watch(List.of(FakeMarket.ended("Failed")), false));
    market.logs.add(new FakeMarket.Watch(List.of(FakeMarket.ended("Expired")), false));
    market.logs.add(new FakeMarket.Watch(List.of(FakeMarket.ended("Cancelled")), false));
    // when, then
    var done = logs("--follow");
    assertThat(done.exitCode()).as(done.err()).isZero();
    assertThat(done.out()).isEqualTo("one\ntwo\n");
    assertThat(logs("-f").exitCode()).isEqualTo(ExitCode.OURS);
    assertThat(logs("-f").exitCode()).isEqualTo(ExitCode.NO_MATCH);
    assertThat(logs("-f").exitCode()).isEqualTo(ExitCode.REFUSED);
    assertThat(market.logsAsked).allSatisfy(asked -> assertThat(asked.getFollow()).isTrue());
  }

  @Test void a_time_is_an_instant_or_how_long_ago() {
    // when, then
    assertThat(Since.parse("", NOW)).isZero();
    assertThat(Since.parse("90s", NOW)).isEqualTo(NOW.getEpochSecond() - 90);
    assertThat(Since.parse("2h", NOW)).isEqualTo(NOW.getEpochSecond() - 7200);
    assertThat(Since.parse("1d", NOW)).isEqualTo(NOW.getEpochSecond() - 86_400);
    assertThat(Since.parse("999999d", NOW)).isEqualTo(1);
    assertThat(Since.parse("2027-01-15T07:59:00Z", NOW)).isEqualTo(NOW.getEpochSecond() - 60);
    assertThatExceptionOfType(FailureException.class).isThrownBy(() -> Since.parse("yesterday", NOW))
        .withMessageContaining("--since yesterday").withMessageContaining("10m");
    assertThatExceptionOfType(FailureException.class).isThrownBy(() -> Since.parse("2027-01-15T08:00:01Z", NOW))
        .withMessageContaining("not after now");
  }

  @Test void what_makes_no_sense_is_refused_before_anything_is_asked() {
    // when, then
    assertThat(logs("--tail", "-1").err()).contains("--tail -1").contains("1 to 100000");
    assertThat(logs("--tail", "0").err()).contains("--tail 0").contains("1 to 100000");
    assertThat(logs("--tail", "100001").err()).contains("--tail 100001").contains("1 to 100000");
    assertThat(logs("--tail", "many").exitCode()).isEqualTo(ExitCode.REFUSED);
    assertThat(logs("--since", "soon").exitCode()).isEqualTo(ExitCode.REFUSED);
    assertThat(market.logsAsked).isEmpty();
  }
}
