package network.lilypad.executor.wasm;

import com.dylibso.chicory.runtime.ChicoryInterruptedException;
import com.dylibso.chicory.runtime.ImportValues;
import com.dylibso.chicory.runtime.Instance;
import com.dylibso.chicory.runtime.Memory;
import com.dylibso.chicory.wasm.ChicoryException;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import network.lilypad.executor.Outcome;
import network.lilypad.executor.Sink;
import network.lilypad.executor.Task;
import org.jspecify.annotations.Nullable;

/// A program in its sandbox, from its first instruction to its last. Used by one thread.
final class Guest implements AutoCloseable {
  /// Longest reason of a trap that is told.
  private static final int REASON_CHARS_MAX = 200;

  /// Where the program comes from; may take its time.
  @FunctionalInterface
  interface Source {
    CompiledModules.Program program() throws IOException, InterruptedException;
  }

  private final Task task;
  private final Sink sink;
  private final OutputQuota quota;
  private final GuestFiles files;
  private final StreamFile stdout;
  private final StreamFile stderr;
  private final Descriptors descriptors;
  private long memoryBytes;

  private Guest(Task task, Sink sink) throws IOException {
    var limits = task.grant().output();
    this.task = task;
    this.sink = sink;
    this.quota = new OutputQuota(limits);
    this.files = new GuestFiles(task.directory(), task.spec().outputs());
    this.stdout = stream(Sink.Stream.STDOUT, limits.streamBytes());
    this.stderr = stream(Sink.Stream.STDERR, limits.streamBytes());
    this.descriptors = new Descriptors(stdout, stderr, files.mounts());
  }

  private StreamFile stream(Sink.Stream stream, long limit) throws IOException {
    return new StreamFile(stream, task.directory().stream(stream), limit, sink);
  }

  static Guest of(Task task, Sink sink) throws IOException {
    return new Guest(task, sink);
  }

  /// Runs the program to its end; empty if this thread was interrupted.
  ///
  /// @throws IOException if the program cannot be read
  /// @throws Ending.HostFault if the host's disk failed
  Optional<Outcome> run(Source source) throws IOException {
    try (var program = source.program()) {
      return Optional.of(run(program));
    } catch (InterruptedException | ChicoryInterruptedException | ClosedByInterruptException _) {
      return Optional.empty();
    } catch (Ending.HostFault fault) {
      if (fault.getCause() instanceof ClosedByInterruptException) {
        return Optional.empty();
      }
      throw fault;
    } catch (ChicoryException invalid) {
      return Optional.of(trapped("invalid module: " + invalid.getMessage()));
    }
  }

  private Outcome run(CompiledModules.Program program) {
    var objection = ModuleRules.objection(program.module());
    if (!objection.isEmpty()) {
      return trapped("invalid module: " + objection);
    }
    long limitMib = task.grant().resources().ramMib();
    if (ModuleRules.beginsAbove(program.module(), limitMib)) {
      return new Outcome.OutOfMemory(limitMib);
    }
    var memory = new LimitedMemory(ModuleRules.memory(program.module(), limitMib));
    sink.progress(new Sink.Progress(Sink.Phase.RUNNING, 0, 0));
    try {
      return run(program, memory, limitMib);
    } finally {
      // a guest never gives memory back, so the last is the most
      memoryBytes = (long) memory.pages() * Memory.PAGE_SIZE;
    }
  }

  private Outcome run(CompiledModules.Program program, LimitedMemory memory, long limitMib) {
    var outcome = run(program, memory);
    return memory.refused() && outcome.exitCode() != 0
        && !(outcome instanceof Outcome.OutputTooLarge || outcome instanceof Outcome.DiskFull)
            ? new Outcome.OutOfMemory(limitMib)
            : outcome;
  }

  private Outcome run(CompiledModules.Program program, LimitedMemory memory) {
    try {
      var instance = Instance.builder(program.module()).withImportValues(imports())
          .withMachineFactory(program.machines()).withMemoryFactory(_ -> memory)
          .withTableFactory(ModuleRules::table).withStart(false).build();
      instance.export(ModuleRules.START).apply();
      return new Outcome.Exited(0);
    } catch (Ending.Exit exit) {
      return new Outcome.Exited(exit.code());
    } catch (Ending.OverBound over) {
      return over.outcome();
    } catch (ChicoryInterruptedException | Ending.HostFault end) {
      throw end;
    } catch (ChicoryException | ArithmeticException | IndexOutOfBoundsException trap) {
      return trapped(trap.getMessage());
    } catch (StackOverflowError _) {
      return trapped("call stack exhausted");
    }
  }

  private ImportValues imports() {
    var calls = new SystemCalls();
    var arguments = new ArrayList<>(List.of(task.spec().name()));
    arguments.addAll(task.spec().arguments());
    new ProcessCalls(arguments, task.spec().environment()).addTo(calls);
    new FileCalls(descriptors).addTo(calls);
    new PathCalls(descriptors, quota, files::nextInode, task.directory().scratch()).addTo(calls);
    return calls.imports();
  }

  private static Outcome.Trapped trapped(@Nullable String reason) {
    var text = Optional.ofNullable(reason).orElse("unknown").replaceAll("\\s+", " ");
    return new Outcome.Trapped(text.substring(0, Math.min(REASON_CHARS_MAX, text.length())));
  }

  /// Puts what the guest left into the result.
  void deliver() throws IOException {
    descriptors.closeAll();
    files.deliver();
  }

  /// The most memory that the guest held.
  long memoryBytes() {
    return memoryBytes;
  }

  /// What the guest wrote: streams and outputs.
  long outputBytes() {
    return stdout.size() + stderr.size() + quota.bytes();
  }

  @Override public void close() throws IOException {
    try (stdout; stderr) {
      descriptors.closeAll();
    }
  }
}
