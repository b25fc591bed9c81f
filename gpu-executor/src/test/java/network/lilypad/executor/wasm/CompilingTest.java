package network.lilypad.executor.wasm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import network.lilypad.executor.Execution;
import network.lilypad.executor.Execution.Ended;
import network.lilypad.executor.ExecutorUnavailableException;
import network.lilypad.executor.Guests;
import network.lilypad.executor.Outcome.Cancelled;
import network.lilypad.executor.Outcome.Exited;
import network.lilypad.executor.Outcome.Trapped;
import network.lilypad.executor.Sink;
import network.lilypad.executor.Task;
import network.lilypad.executor.Task.OutputLimits;
import network.lilypad.executor.wasm.CompiledModules.Bounds;
import network.lilypad.protocol.value.Bytes32;
import network.lilypad.protocol.value.Sha256;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What loading and compiling a module costs its neighbours and the machine.
final class CompilingTest {
  private static final Duration LONG = Duration.ofMinutes(2);
  /// A megabyte and a half that is parsed in seconds; what its many variables hold at each of its many jumps is a
  /// minute of work.
  private static final List<byte[]> SLOW = Binary.branching(1500, 2000, 1000);

  @TempDir
  private Path home;

  private final Guests.Limits limits = limits(Duration.ofMinutes(1));

  @Test void a_neighbour_does_not_wait_for_a_slow_module() throws Exception {
    try (var executor = executor(new Bounds(LONG, LONG))) {
      // given a module that is being compiled
      var slow = executor.start(task("slow", Binary.command(SLOW), limits), Sink.NONE);
      // when another one comes
      var neighbour = guest(executor, "probe", "exit", "7");
      // then it runs
      assertThat(neighbour.outcome()).isEqualTo(new Exited(7));
      // and one that waits for its own classes can be cancelled
      slow.cancel();
      assertThat(slow.await().outcome()).isEqualTo(new Cancelled());
    }
  }

  @Test void a_module_that_takes_too_long_to_compile_is_interpreted_with_the_same_result() throws Exception {
    try (var compiled = executor(Bounds.USUAL); var interpreted = executor(new Bounds(Duration.ZERO, LONG))) {
      assertThat(Files.readString(guest(interpreted, "probe", "now", "").result().resolve("stdout")))
          .isEqualTo(Files.readString(guest(compiled, "probe", "now", "").result().resolve("stdout")));
      assertThat(guest(interpreted, "spin", "stack").outcome()).isEqualTo(new Trapped("call stack exhausted"));
    }
  }

  @Test void waiting_for_the_compiler_ends_and_is_no_time_of_the_run() throws Exception {
    var patience = Duration.ofSeconds(2);
    try (var executor = executor(new Bounds(LONG, patience))) {
      var before = Instant.now();
      var ended = executor.start(task("slow", Binary.command(SLOW), limits(Duration.ofMinutes(2))), Sink.NONE).await();
      assertThat(ended.outcome()).isEqualTo(new Exited(0));
      assertThat(ended.usage().startedAt()).isAfterOrEqualTo(before.plus(patience));
    }
  }

  @Test void a_module_that_has_no_turn_at_the_compiler_is_refused_and_not_interpreted() throws Exception {
    try (var modules = new CompiledModules(4096, new Bounds(LONG, Duration.ofSeconds(1)))) {
      // given two modules that the two compilers are busy with
      var slow = Binary.command(SLOW);
      var first = CompletableFuture.runAsync(() -> attempt(modules, digest(1), slow));
      attempt(modules, digest(2), slow);
      first.join();
      // when, then
      assertThatThrownBy(() -> modules.program(digest(3), Binary.command(List.of())))
          .isInstanceOf(ExecutorUnavailableException.class).hasMessageContaining("busy with others")
          .matches(fault -> !((ExecutorUnavailableException) fault).lasting());
    }
  }

  @Test void a_module_that_finds_the_room_full_is_refused_until_there_is_room() throws Exception {
    var module = Binary.command(Binary.loading(1000, 4, 300));
    var weight = ModuleWeight.of(module);
    try (
        var modules = new CompiledModules(2 * weight.parsedMib() + weight.compilingMib() - 1, new Bounds(LONG, LONG))) {
      try (var _ = modules.program(digest(1), module)) {
        assertThatThrownBy(() -> modules.program(digest(2), module)).isInstanceOf(ExecutorUnavailableException.class)
            .hasMessageContaining("which are free").matches(fault -> !((ExecutorUnavailableException) fault).lasting());
      }
      try (var program = modules.program(digest(2), module)) {
        assertThat(program.module()).isNotNull();
      }
    }
  }

  /// Has a module compiled; what becomes of the run is of no interest.
  private static void attempt(CompiledModules modules, Bytes32 digest, byte[] module) {
    try {
      modules.program(digest, module).close();
    } catch (ExecutorUnavailableException _) {
      // it waits for its turn
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private static Bytes32 digest(int number) {
    return Sha256.hash(new byte[]{(byte) number});
  }

  @Test void classes_that_would_take_more_memory_than_there_is_are_not_made() throws Exception {
    try (var executor = executor(new Bounds(LONG, LONG))) {
      // 20 KiB, for which the compiler would take gigabytes
      var module = Binary.command(Binary.branching(20, 49_000, 1000));
      assertThat(executor.start(task("wide", module, limits), Sink.NONE).await().outcome()).isEqualTo(new Exited(0));
    }
  }

  @Test void variables_are_counted_before_they_are_made() throws Exception {
    try (var executor = executor(Bounds.USUAL)) {
      // 3 MiB, and 20 GiB of variables
      var execution = executor.start(task("many", Binary.command(Binary.loading(50_000, 50_000, 50)), limits),
          Sink.NONE);
      assertThatThrownBy(execution::await).isInstanceOfSatisfying(ExecutorUnavailableException.class,
          fault -> assertThat(fault.lasting()).isTrue()).hasMessageContaining("when loaded");
      var split = Binary.function(0, new byte[0]);
      var sly = new byte[]{2, (byte) 0xd0, (byte) 0x86, 3, 0x7f, 1, 0x7f, 0x0b};
      assertThat(executor.start(task("sly", Binary.command(List.of(split, sly)), limits), Sink.NONE).await().outcome())
          .isEqualTo(new Trapped("invalid module: a function with 50001 local variables (expected: at most 50000)"));
    }
  }

  @Test void recursion_with_many_variables_is_bounded_where_it_is_interpreted() throws Exception {
    try (var executor = executor(new Bounds(Duration.ZERO, LONG))) {
      // `(call 0)`
      var endless = Binary.command(List.of(Binary.function(50_000, new byte[]{0x10, 0})), new byte[]{0x10, 0});
      assertThat(executor.start(task("deep", endless, limits), Sink.NONE).await().outcome())
          .isEqualTo(new Trapped("call stack exhausted"));
    }
  }

  @Test void a_part_that_is_longer_than_the_module_is_refused() throws Exception {
    var module = Binary.command(List.of());
    module[9] = 0x7f;
    try (var executor = executor(Bounds.USUAL)) {
      assertThat(executor.start(task("cut", module, limits), Sink.NONE).await().outcome())
          .isInstanceOfSatisfying(Trapped.class, trap -> assertThat(trap.reason()).contains("a part of 127 bytes"));
    }
  }

  @Test void a_module_above_the_bound_of_every_machine_ends_for_good() throws Exception {
    try (var executor = executor(Bounds.USUAL)) {
      var task = task("large", Binary.command(List.of()), limits);
      try (var program = new RandomAccessFile(task.directory().program().toFile(), "rw")) {
        program.setLength(Task.PROGRAM_BYTES_MAX + 1);
      }
      assertThat(executor.start(task, Sink.NONE).await().outcome())
          .isEqualTo(new Trapped("invalid module: 67108865 bytes (expected: at most 67108864)"));
    }
  }

  @Test void room_is_given_back() throws Exception {
    try (var executor = WasmExecutor.of(InstantSource.system(), 128)) {
      // 20 MiB each while it runs, of 64
      var module = Binary.command(Binary.loading(1000, 4, 300));
      for (int i = 0; i < 8; i++) {
        assertThat(executor.start(task("again", module, limits), Sink.NONE).await().outcome()).isEqualTo(new Exited(0));
      }
    }
  }

  private static WasmExecutor executor(Bounds bounds) {
    return WasmExecutor.of(InstantSource.system(), 2048, bounds);
  }

  private static Guests.Limits limits(Duration time) {
    return new Guests.Limits(64, time, new OutputLimits(1 << 20, 1 << 20, 100));
  }

  private Ended guest(WasmExecutor executor, String name, String... arguments) throws Exception {
    try (var stream = CompilingTest.class.getResourceAsStream("/programs/" + name + ".wasm")) {
      assertThat(stream).isNotNull();
      return start(executor, stream.readAllBytes(), arguments).await();
    }
  }

  private Execution start(WasmExecutor executor, byte[] module, String... arguments) throws Exception {
    var folder = Files.createTempDirectory(home, "guest-");
    return executor.start(new Guests(folder, 1).task(module, limits, List.of(arguments), new TreeMap<>(Map.of()),
        new TreeMap<>()), Sink.NONE);
  }

  private Task task(String name, byte[] module, Guests.Limits allowed) throws Exception {
    var folder = Files.createDirectories(home.resolve(name));
    return new Guests(folder, 1).task(module, allowed, List.of(), new TreeMap<>(), new TreeMap<>());
  }
}
