package network.lilypad.executor.wasm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import network.lilypad.executor.Execution.Ended;
import network.lilypad.executor.ExecutorUnavailableException;
import network.lilypad.executor.Guests;
import network.lilypad.executor.Outcome.Exited;
import network.lilypad.executor.Outcome.OutOfMemory;

import network.lilypad.executor.Outcome.Trapped;
import network.lilypad.executor.Sink;
import network.lilypad.executor.Task.OutputLimits;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What the WebAssembly sandbox does beyond the contract: sameness, and hostile modules.
final class SandboxTest {
  private static final WasmExecutor EXECUTOR = WasmExecutor.of(InstantSource.system(), 256);
  private static final Guests.Limits LIMITS = new Guests.Limits(64, Duration.ofMinutes(1),
      new OutputLimits(1 << 20, 1 << 20, 100));
  private static final String HEADER = "0061736d01000000";

  @TempDir
  private Path home;

  @AfterAll static void close() {
    EXECUTOR.close();
  }

  @Test void time_chance_and_file_numbers_are_the_same_in_every_run() throws Exception {
    var first = stdout(guest("probe", "now", ""));
    assertThat(stdout(guest("probe", "now", ""))).isEqualTo(first);
    assertThat(first).startsWith("946684800.000001000 0.000002000\n").endsWith("\n1 946684800\n");
  }

  /// A deadline begins with the call: told later, a run would seem shorter than the time it was stopped after.
  @Test void a_run_begins_when_it_is_started() throws Exception {
    var asked = new ConcurrentLinkedQueue<Thread>();
    try (var executor = WasmExecutor.of(() -> {
      asked.add(Thread.currentThread());
      return InstantSource.system().instant();
    }, 256)) {
      executor.start(new Guests(home, 1).probe("exit", "0"), Sink.NONE).await();
      assertThat(asked).startsWith(Thread.currentThread());
    }
  }

  @Test void a_nan_that_arithmetic_made_is_positive_in_memory() throws Exception {
    assertThat(stdout(guest("probe", "nan", ""))).isEqualTo("7ff8000000000000 nan\n".repeat(3));
  }

  @Test void there_is_nothing_above_and_beside_the_mounts() throws Exception {
    var told = stdout(guest("probe", "cat", "/etc/passwd", "link", "/outputs/link", "ls", "/outputs/../..", "mv",
        "/outputs/.."));
    assertThat(told.lines()).hasSize(4).allMatch(line -> line.contains("error"));
  }

  @Test void open_files_are_bounded_and_the_guest_is_told() throws Exception {
    var ended = guest("flood", "open");
    assertThat(ended.outcome()).isEqualTo(new Exited(3));
    assertThat(ended.result().resolve("stderr")).hasContent("stopped: No file descriptors available");
  }

  @Test void endless_recursion_traps() throws Exception {
    assertThat(guest("spin", "stack").outcome()).isEqualTo(new Trapped("call stack exhausted"));
  }

  @Test void bytes_that_are_no_module_are_the_jobs_own_failure() throws Exception {
    var ended = module("not wasm".getBytes(StandardCharsets.UTF_8));
    assertThat(ended.outcome()).isInstanceOf(Trapped.class);
    assertThat(ended.result().resolve("stderr")).content().startsWith("lilypad: trap: invalid module: ");
    assertThat(module(wasm("")).outcome())
        .isEqualTo(new Trapped("invalid module: no _start (expected: a WASI command)"));
  }

  @Test void a_module_that_begins_above_its_memory_limit_is_out_of_memory() throws Exception {
    // one memory of 16384 pages, which are 1024 MiB
    assertThat(module(command("05050100808001")).outcome())
        .isEqualTo(new OutOfMemory(64));
  }

  @Test void a_second_memory_is_refused() throws Exception {
    assertThat(module(command("05050200010001")).outcome())
        .isEqualTo(new Trapped("invalid module: 2 memories (expected: 1)"));
  }

  @Test void more_memory_than_the_executor_has_is_the_machines_fault() {
    var limits = new Guests.Limits(257, LIMITS.time(), LIMITS.output());
    var task = new Guests(home, 1).task(command("0503010001"), limits, List.of(), new TreeMap<>(), new TreeMap<>());
    assertThatThrownBy(() -> EXECUTOR.start(task, Sink.NONE)).isInstanceOf(ExecutorUnavailableException.class)
        .hasMessageContaining("257 MiB");
  }

  @Test void memory_is_given_back_when_a_run_has_ended() throws Exception {
    for (int i = 0; i < 10; i++) {
      assertThat(guest("probe", "exit", "0").outcome()).isEqualTo(new Exited(0));
    }
  }

  @Test void a_program_that_is_not_what_the_job_named_is_the_machines_fault() throws Exception {
    var task = new Guests(home, 1).task(command("0503010001"), LIMITS, List.of(), new TreeMap<>(), new TreeMap<>());
    Files.write(task.directory().program(), command("0503010002"));
    var execution = EXECUTOR.start(task, Sink.NONE);
    assertThatThrownBy(execution::await).isInstanceOf(ExecutorUnavailableException.class)
        .hasMessageContaining("module digest");
  }

  @Test void a_fault_of_the_disk_is_no_result() throws Exception {
    var task = new Guests(home, 1).task(command("0503010001"), LIMITS, List.of(), new TreeMap<>(), new TreeMap<>());
    Files.delete(task.directory().program());
    var execution = EXECUTOR.start(task, Sink.NONE);
    assertThatThrownBy(execution::await).isInstanceOf(ExecutorUnavailableException.class);
  }

  private Ended guest(String name, String... arguments) throws Exception {
    try (var stream = SandboxTest.class.getResourceAsStream("/programs/" + name + ".wasm")) {
      assertThat(stream).isNotNull();
      var task = new Guests(home, 1).task(stream.readAllBytes(), LIMITS, List.of(arguments), new TreeMap<>(Map.of()),
          new TreeMap<>());
      return EXECUTOR.start(task, Sink.NONE).await();
    }
  }

  private Ended module(byte[] bytes) throws Exception {
    var task = new Guests(home, 1).task(bytes, LIMITS, List.of(), new TreeMap<>(), new TreeMap<>());
    return EXECUTOR.start(task, Sink.NONE).await();
  }

  private static String stdout(Ended ended) throws Exception {
    return Files.readString(ended.result().resolve("stdout"));
  }

  private static byte[] wasm(String sections) {
    return HexFormat.of().parseHex(HEADER + sections);
  }

  /// A module whose `_start` does nothing, with these sections between its functions and its exports.
  private static byte[] command(String sections) {
    var type = "010401600000";
    var function = "03020100";
    var export = "070a01065f73746172740000";
    var code = "0a040102000b";
    return wasm(type + function + sections + export + code);
  }
}
