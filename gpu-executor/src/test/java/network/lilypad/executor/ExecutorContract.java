package network.lilypad.executor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import network.lilypad.executor.Outcome.Cancelled;
import network.lilypad.executor.Outcome.DeadlineExceeded;
import network.lilypad.executor.Outcome.DiskFull;
import network.lilypad.executor.Outcome.Exited;
import network.lilypad.executor.Outcome.OutOfMemory;
import network.lilypad.executor.Outcome.OutputTooLarge;
import network.lilypad.executor.Outcome.Trapped;
import network.lilypad.executor.Task.OutputLimits;
import network.lilypad.protocol.content.FolderBlocks;
import network.lilypad.protocol.content.TreeLimits;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What every executor does, whatever its engine. An adapter's test says how to make its guests; the guests are those
/// in `src/test/resources/programs`, by name.
public abstract class ExecutorContract {
  private static final Duration LONG = Duration.ofMinutes(5);

  /// What a machine that is shared may stand for; far less than [#LONG].
  private static final Duration STALL = Duration.ofMinutes(2);

  @TempDir
  protected Path home;

  protected abstract Executor executor();

  /// A task that runs one of the guests in the directory; the engine's program is put there.
  protected abstract Guests guests();

  @Test void the_programs_exit_code_is_the_outcome_and_stands_in_the_result() throws Exception {
    var ended = run(guests().probe("exit", "42"));
    assertThat(ended.outcome()).isEqualTo(new Exited(42));
    assertThat(ended.result().resolve("exitCode")).hasContent("42");
    assertThat(ended.result()).isDirectoryContaining(path -> path.endsWith("outputs"));
  }

  @Test void both_streams_lie_on_disk_and_are_told_while_the_program_runs() throws Exception {
    var told = new Listener();
    var ended = executor().start(guests().probe("out", "one\n", "err", "two\n", "out", "three\n"), told).await();
    assertThat(ended.outcome()).isEqualTo(new Exited(0));
    assertThat(ended.result().resolve("stdout")).hasContent("one\nthree\n");
    assertThat(ended.result().resolve("stderr")).hasContent("two\n");
    assertThat(told.text(Sink.Stream.STDOUT)).isEqualTo("one\nthree\n");
    assertThat(told.text(Sink.Stream.STDERR)).isEqualTo("two\n");
    assertThat(told.phases()).endsWith(Sink.Phase.RUNNING);
    assertThat(ended.usage().outputBytes()).isEqualTo(14);
    assertThat(ended.usage().peakMemoryBytes()).isNotNegative();
    assertThat(ended.usage().endedAt()).isAfterOrEqualTo(ended.usage().startedAt());
  }

  @Test void arguments_and_variables_reach_the_program_and_nothing_else_does() throws Exception {
    var task = guests().task("probe", limits(), List.of("args", "x y", "env", "COLOUR", "env", "JAVA_HOME"),
        Map.of("COLOUR", "green=blue"));
    assertThat(stdout(run(task))).startsWith("[args][x y][env][COLOUR][env][JAVA_HOME]\nCOLOUR=green=blue\n")
        .endsWith("JAVA_HOME=(unset)\n");
  }

  @Test void inputs_can_be_read_and_listed_in_order() throws Exception {
    input("b.txt", "bee\n");
    input("a/deep.txt", "deep\n");
    var ended = run(guests().probe("ls", "/inputs", "cat", "/inputs/b.txt", "cat", "/inputs/a/deep.txt"));
    assertThat(stdout(ended)).isEqualTo(".\n../\na/\nb.txt\nbee\ndeep\n".replace(".\n../", "./\n../"));
  }

  @Test void inputs_cannot_be_changed() throws Exception {
    input("b.txt", "bee\n");
    var ended = run(guests().probe("write", "/inputs/b.txt", "append", "/inputs/b.txt", "write", "/inputs/new", "mkdir",
        "/inputs/dir", "rm", "/inputs/b.txt", "mv", "/inputs/b.txt"));
    assertThat(stdout(ended).lines()).hasSize(6).allMatch(line -> line.contains("error"));
    assertThat(home.resolve("inputs")).isDirectoryRecursivelyContaining("glob:**b.txt");
    assertThat(home.resolve("inputs/b.txt")).hasContent("bee");
    try (var files = Files.list(home.resolve("inputs"))) {
      assertThat(files).hasSize(1);
    }
  }

  @Test void outputs_are_collected_with_their_folders_and_names() throws Exception {
    var ended = run(guests().probe("mkdir", "/outputs/dir", "write", "/outputs/dir/a b.txt", "append",
        "/outputs/dir/a b.txt", "mkdir", "/outputs/empty", "write", "/outputs/été.txt", "mv", "/outputs/été.txt",
        "write", "/outputs/gone", "rm", "/outputs/gone"));
    assertThat(stdout(ended)).isEmpty();
    assertThat(tree(ended.result().resolve("outputs"))).containsExactly("dir", "dir/a b.txt", "empty",
        "été.txt.moved");
    assertThat(ended.result().resolve("outputs/dir/a b.txt")).hasContent("written by the guest\nwritten by the guest");
  }

  @Test void several_declared_outputs_get_a_folder_each() throws Exception {
    var task = guests().task("probe", limits(), List.of("write", "/model/weights", "write", "/logs/run/x"), Map.of(),
        Map.of("m", "/model", "l", "/logs/run"));
    assertThat(tree(run(task).result().resolve("outputs"))).containsExactly("l", "l/x", "m", "m/weights");
  }

  @Test void a_second_try_in_the_same_directory_starts_clean() throws Exception {
    run(guests().probe("write", "/outputs/first", "exit", "1"));
    var ended = run(guests().probe("write", "/outputs/second"));
    assertThat(tree(ended.result())).containsExactly("exitCode", "outputs", "outputs/second", "stderr", "stdout");
  }

  @Test void no_path_leads_out_of_the_mounts() throws Exception {
    var secret = Files.writeString(home.resolve("secret"), "secret");
    var ended = run(guests().probe("cat", "/outputs/../../secret", "cat", "/inputs/../secret", "cat", secret.toString(),
        "write", "/outputs/../escaped", "write", "/escaped", "write", "/inputs/../escaped"));
    assertThat(stdout(ended).lines()).hasSize(6).allMatch(line -> line.contains("error"));
    assertThat(tree(ended.result().resolve("outputs"))).isEmpty();
    assertThat(home.resolve("escaped")).doesNotExist();
    assertThat(home.resolve("result/escaped")).doesNotExist();
  }

  @Test void a_link_in_the_outputs_leads_nowhere_and_is_no_part_of_the_result() throws Exception {
    var ended = run(guests().probe("link", "/outputs/link", "cat", "/outputs/link", "write", "/outputs/kept"));
    assertThat(stdout(ended)).doesNotContain("root:");
    assertThat(tree(ended.result().resolve("outputs"))).containsExactly("kept");
  }

  @Test void a_flood_of_a_stream_ends_the_run_at_its_bound() throws Exception {
    for (var stream : List.of("stdout", "stderr")) {
      var ended = run(guests().flood(stream, new OutputLimits(100_000, 0, 0)));
      assertThat(ended.outcome()).isEqualTo(new OutputTooLarge(stream + " bytes: above 100000"));
      assertThat(ended.result().resolve("exitCode")).hasContent("153");
      assertThat(Files.readString(ended.result().resolve(stream)).chars().filter(c -> c == 'f')).hasSize(100_000);
      assertThat(ended.result().resolve("stderr")).content().endsWith("lilypad: " + stream + " bytes: above 100000\n");
    }
  }

  @Test void a_stream_that_is_a_byte_too_long_is_told_although_its_program_has_ended() throws Exception {
    var limits = new Guests.Limits(64, LONG, new OutputLimits(3, 0, 0));
    var ended = run(guests().task("probe", limits, List.of("out", "four"), Map.of()));
    assertThat(ended.outcome()).isEqualTo(new OutputTooLarge("stdout bytes: above 3"));
    assertThat(ended.result().resolve("stdout")).hasContent("fou");
  }

  @Test void a_flood_of_file_bytes_ends_the_run_at_its_bound() throws Exception {
    var ended = run(guests().flood("file", new OutputLimits(1000, 1_000_000, 5)));
    assertThat(ended.outcome()).isEqualTo(new DiskFull(1_000_000));
    assertThat(Files.size(ended.result().resolve("outputs/flood"))).isBetween(900_000L, 1_000_000L);
    assertThat(run(guests().flood("sparse", new OutputLimits(1000, 1_000_000, 5))).outcome())
        .isEqualTo(new DiskFull(1_000_000));
  }

  @Test void a_flood_of_files_or_folders_ends_the_run_at_its_bound() throws Exception {
    for (var what : List.of("files", "dirs")) {
      var ended = run(guests().flood(what, new OutputLimits(1000, 1000, 50)));
      assertThat(ended.outcome()).isEqualTo(new OutputTooLarge("output files: above 50"));
      assertThat(tree(ended.result().resolve("outputs"))).hasSize(50);
    }
  }

  @Test void more_names_than_a_folder_of_a_result_can_hold_end_the_run() throws Exception {
    var limits = new Guests.Limits(64, LONG, new OutputLimits(1 << 20, 1 << 20, 10_000));
    var ended = run(guests().task("probe", limits, List.of("crowd", "7000"), Map.of()));
    assertThat(ended.outcome()).isEqualTo(OutputTooLarge.CROWDED);
    assertThat(tree(ended.result().resolve("outputs"))).hasSizeBetween(6000, 6999);
    assertThat(FolderBlocks.of(ended.result(), new TreeLimits(1 << 25, 10_000)).root()).isNotNull();
  }

  @Test void the_deepest_and_oddest_names_that_a_program_can_make_fit_into_a_result() throws Exception {
    var verbs = new java.util.ArrayList<String>();
    var path = new StringBuilder("/outputs");
    for (int i = 0; i < 34; i++) {
      verbs.addAll(List.of("mkdir", path.append("/d").toString()));
    }
    for (var name : List.of("日本 🐸", " \"quoted\" 'and' $(id) ", "a\nb", "back\\slash", "-rf", "%s", "e\u0301")) {
      verbs.addAll(List.of("write", "/outputs/" + name));
    }
    var ended = run(guests().probe(verbs.toArray(String[]::new)));
    assertThat(FolderBlocks.of(ended.result(), new TreeLimits(1 << 25, 10_000)).root()).isNotNull();
    assertThat(tree(ended.result().resolve("outputs"))).hasSize(30 + 6).contains("日本 🐸", "a\nb", "e\u0301")
        .doesNotContain("back\\slash");
  }

  @Test void output_that_was_removed_does_not_count() throws Exception {
    assertThat(run(guests().flood("rewrite", new OutputLimits(1000, 100_000, 1))).outcome()).isEqualTo(new Exited(0));
  }

  @Test void a_program_that_does_not_end_is_stopped_at_its_deadline() throws Exception {
    for (var how : List.of("loop", "sleep")) {
      var time = Duration.ofSeconds(2);
      var ended = stopped(how, time);
      // a program that was stopped before its first word was not stopped in the middle
      while (stdout(ended).isEmpty() && time.compareTo(LONG) < 0) {
        time = time.multipliedBy(2);
        ended = stopped(how, time);
      }
      assertThat(ended.outcome()).isEqualTo(new DeadlineExceeded(time));
      assertThat(ended.result().resolve("exitCode")).hasContent("124");
      assertThat(ended.result().resolve("stdout")).hasContent("spinning");
      // Where machines are shared a disk may stall for seconds; how fast it is, the benchmark tells.
      assertThat(Duration.between(ended.usage().startedAt(), ended.usage().endedAt())).isBetween(time,
          time.plus(STALL));
    }
  }

  private Execution.Ended stopped(String how, Duration time) throws InterruptedException {
    return run(guests().task("spin", new Guests.Limits(64, time, output()), List.of(how), Map.of()));
  }

  @Test void memory_above_the_limit_is_refused_and_told() throws Exception {
    var limits = new Guests.Limits(32, LONG, output());
    var refused = run(guests().task("hog", limits, List.of("1000"), Map.of()));
    assertThat(refused.outcome()).isEqualTo(new OutOfMemory(32));
    assertThat(refused.result().resolve("exitCode")).hasContent("137");
    var granted = run(guests().task("hog", limits, List.of("16"), Map.of()));
    assertThat(granted.outcome()).isEqualTo(new Exited(0));
  }

  @Test void a_trap_is_a_result() throws Exception {
    var ended = run(guests().probe("out", "before\n", "write", "/outputs/before", "trap", ""));
    assertThat(ended.outcome()).isInstanceOf(Trapped.class);
    assertThat(ended.result().resolve("exitCode")).hasContent("134");
    assertThat(ended.result().resolve("stdout")).hasContent("before");
    assertThat(ended.result().resolve("stderr")).content().startsWith("lilypad: trap: ");
    assertThat(tree(ended.result().resolve("outputs"))).containsExactly("before");
  }

  @Test void a_cancelled_program_is_gone_long_before_its_deadline() throws Exception {
    var told = new Listener();
    var execution = executor().start(spin(home), told);
    told.awaitText("spinning");
    long cancelled = System.nanoTime();
    execution.cancel();
    execution.cancel();
    var ended = execution.await();
    assertThat(Duration.ofNanos(System.nanoTime() - cancelled)).isLessThan(STALL);
    assertThat(ended.outcome()).isEqualTo(new Cancelled());
    assertThat(ended.result().resolve("exitCode")).hasContent("143");
    assertThat(ended.result().resolve("stdout")).hasContent("spinning");
  }

  @Test void cancelling_what_has_ended_changes_nothing() throws Exception {
    var execution = executor().start(guests().probe("exit", "3"), Sink.NONE);
    execution.await();
    execution.cancel();
    assertThat(execution.await().outcome()).isEqualTo(new Exited(3));
  }

  @Test void two_at_once_do_not_disturb_each_other() throws Exception {
    var told = new Listener();
    var spinning = executor().start(spin(Files.createDirectory(home.resolve("other"))), told);
    told.awaitText("spinning");
    var ended = run(guests().probe("write", "/outputs/mine", "ls", "/outputs"));
    assertThat(stdout(ended)).isEqualTo("./\n../\nmine\n");
    spinning.cancel();
    var other = spinning.await();
    assertThat(other.outcome()).isEqualTo(new Cancelled());
    assertThat(tree(other.result().resolve("outputs"))).isEmpty();
  }

  private Task spin(Path directory) throws IOException {
    return guests().in(directory).task("spin", limits(), List.of("loop"), Map.of());
  }

  protected final Execution.Ended run(Task task) throws InterruptedException {
    return executor().start(task, Sink.NONE).await();
  }

  protected static Guests.Limits limits() {
    return new Guests.Limits(64, LONG, output());
  }

  private static OutputLimits output() {
    return new OutputLimits(1 << 20, 1 << 20, 100);
  }

  protected final void input(String name, String text) throws IOException {
    var file = home.resolve("inputs").resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  protected static String stdout(Execution.Ended ended) throws IOException {
    return Files.readString(ended.result().resolve("stdout"), StandardCharsets.UTF_8);
  }

  /// The paths below a folder, sorted.
  protected static List<String> tree(Path folder) throws IOException {
    try (var paths = Files.walk(folder)) {
      return paths.filter(path -> !path.equals(folder)).map(path -> folder.relativize(path).toString()).sorted()
          .toList();
    }
  }
}
