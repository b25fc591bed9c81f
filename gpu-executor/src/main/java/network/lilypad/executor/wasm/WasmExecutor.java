package network.lilypad.executor.wasm;

import java.io.IOException;
import java.time.InstantSource;
import java.util.concurrent.Semaphore;
import network.lilypad.executor.Execution;
import network.lilypad.executor.Executor;
import network.lilypad.executor.ExecutorUnavailableException;
import network.lilypad.executor.Sink;
import network.lilypad.executor.Task;
import network.lilypad.protocol.Defect;
import network.lilypad.protocol.value.Engine;

/// Runs WebAssembly commands, WASI preview 1, inside this JVM.
///
/// The same task gives the same result on every machine and in every run, byte for byte, as long as it ends by itself
/// or by one of its own limits but time; a task that ran out of time or was cancelled has got as far as it got. Three
/// things the standard leaves open remain so: payloads of NaNs that arithmetic combines, a NaN's sign looked at without
/// storing it, and how deep a recursion may go before it traps (64 MiB of host stack).
///
/// A guest is one thread: it uses at most one core whatever it was granted. Memory comes from this JVM's heap, bounded
/// over all runs by the budget; what their modules take when they are loaded and compiled has a budget of its own, half
/// as large.
public final class WasmExecutor implements Executor, AutoCloseable {
  /// Modules get half as much as guests.
  private static final int MODULES_SHARE = 2;

  private final InstantSource clock;
  private final int heapMib;
  private final Semaphore heap;
  private final CompiledModules modules;

  private WasmExecutor(InstantSource clock, int heapMib, CompiledModules.Bounds bounds) {
    this.clock = clock;
    this.heapMib = heapMib;
    this.heap = new Semaphore(heapMib);
    this.modules = new CompiledModules(Math.max(1, heapMib / MODULES_SHARE), bounds);
  }

  /// An executor that gives half of this JVM's heap to its guests, and a quarter to what their modules take.
  public static WasmExecutor of(InstantSource clock) {
    return of(clock, (int) Math.min(Integer.MAX_VALUE, Runtime.getRuntime().maxMemory() >> 21));
  }

  /// An executor with a budget.
  ///
  /// @param clock the time that usage is told in
  /// @param heapMib the memory of all guests together, 1 or more
  /// @throws IllegalArgumentException if there is none
  public static WasmExecutor of(InstantSource clock, int heapMib) {
    return of(clock, heapMib, CompiledModules.Bounds.USUAL);
  }

  static WasmExecutor of(InstantSource clock, int heapMib, CompiledModules.Bounds bounds) {
    if (heapMib < 1) {
      throw new IllegalArgumentException("heapMib: " + heapMib + " (expected: >= 1)");
    }
    return new WasmExecutor(clock, heapMib, bounds);
  }

  /// The memory of all guests together, in MiB: an agent that sells more gets [ExecutorUnavailableException].
  public int heapMib() {
    return heapMib;
  }

  @Override public Engine engine() {
    return Engine.WASM;
  }

  @Override public Probe probe() {
    return new Probe(true, "WASI preview 1, " + heapMib + " MiB");
  }

  @Override public Execution start(Task task, Sink sink) {
    Defect.unless(task.spec().engine() == Engine.WASM, "engine: " + task.spec().engine() + " (expected: WASM)");
    try {
      task.directory().prepare();
      int mib = (int) Math.min(task.grant().resources().ramMib(), Integer.MAX_VALUE);
      if (!heap.tryAcquire(mib)) {
        throw new ExecutorUnavailableException(
            "memory: " + mib + " MiB (expected: at most " + heap.availablePermits() + " MiB, which are free)");
      }
      return WasmRun.start(new WasmRun.Setting(task, sink, modules, clock), () -> heap.release(mib));
    } catch (IOException e) {
      throw new ExecutorUnavailableException("disk: " + e, e);
    }
  }

  /// Stops compiling. Runs go on to their end.
  @Override public void close() {
    modules.close();
  }
}
