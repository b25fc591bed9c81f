package network.lilypad.executor.wasm;

import com.dylibso.chicory.compiler.InterpreterFallback;
import com.dylibso.chicory.compiler.internal.Compiler;
import com.dylibso.chicory.runtime.Instance;
import com.dylibso.chicory.runtime.Machine;
import com.dylibso.chicory.wasm.Parser;
import com.dylibso.chicory.wasm.WasmModule;
import com.github.benmanes.caffeine.cache.AsyncCache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import network.lilypad.executor.ExecutorUnavailableException;
import network.lilypad.protocol.value.Bytes32;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Modules compiled to JVM classes, by the digest of their bytes, the least used dropped first.
///
/// Threads of the cache's own compile: a run that is cancelled stops waiting, and the work is there for the next one.
/// What is too large for all of the room, takes too long, or is still being compiled after too long a wait is
/// interpreted instead. What finds the room or the compiler taken by others is refused: interpreted, it would take a
/// hundred times as long. Only the classes are shared; each run parses the module anew, because the parsed form keeps
/// what a run does to its tables.
final class CompiledModules implements AutoCloseable {
  /// The bytes of modules whose classes are kept: a thousand small modules or two interpreters of whole languages.
  static final long CACHED_BYTES_MAX = 64L << 20;
  /// What the smallest module counts as: its class loaders take that much, too.
  private static final int CACHED_BYTES_MIN = 64 << 10;
  /// Compiling can be stopped after each class; small classes are also made faster than large ones (0.6 s for a MiB of
  /// code instead of 1.6).
  static final int FUNCTIONS_PER_CLASS = 16;

  private static final Logger LOG = LoggerFactory.getLogger(CompiledModules.class);
  /// One slow module leaves the other thread to its neighbours.
  private static final int COMPILERS = 2;

  private final Bounds bounds;
  private final int roomMib;
  private final Semaphore room;
  private final ExecutorService compilers = Executors
      .newFixedThreadPool(COMPILERS, Thread.ofPlatform().daemon().name("wasm-compiler-", 0).factory());
  private final AsyncCache<Bytes32, Compiled> cache = Caffeine.newBuilder().maximumWeight(CACHED_BYTES_MAX)
      .weigher((Bytes32 _, Compiled compiled) -> Math.max(CACHED_BYTES_MIN, compiled.size())).executor(Runnable::run)
      .buildAsync();

  /// Modules that have their turn at the compiler.
  private final Set<Bytes32> compiling = ConcurrentHashMap.newKeySet();

  /// How long things may take.
  ///
  /// @param compiling of one module
  /// @param patience how long a run waits for its classes
  record Bounds(Duration compiling, Duration patience) {
    /// A minute for some 20 to 80 MiB of code, and as long again for half of somebody else's: well within the five
    /// minutes that a lease has for beginning and storing.
    static final Bounds USUAL = new Bounds(Duration.ofSeconds(60), Duration.ofSeconds(90));
  }

  /// A module's classes, or that it has none.
  private record Compiled(Function<Instance, Machine> machines, int size) {}

  /// A module that it is useless to compile again.
  private static final Compiled INTERPRETED = new Compiled(InterpretedMachine::new, 1);

  /// What an instance is made of.
  ///
  /// @param module this run's own parsed form
  /// @param machines makes the machine that runs it
  /// @param waited how long it was waited for the compiler
  /// @param release gives its room back
  record Program(WasmModule module, Function<Instance, Machine> machines, Duration waited,
      Runnable release) implements AutoCloseable {
    @Override public void close() {
      release.run();
    }
  }

  /// @param roomMib the heap that all modules may take, parsed and being compiled
  CompiledModules(int roomMib, Bounds bounds) {
    this.roomMib = roomMib;
    this.room = new Semaphore(roomMib);
    this.bounds = bounds;
  }

  /// The program of these bytes; holds room until it is closed.
  ///
  /// @throws com.dylibso.chicory.wasm.ChicoryException if they are no valid module
  /// @throws ExecutorUnavailableException if there is no room for it, or the compiler was busy with others all the time
  /// @throws InterruptedException if the caller is interrupted; compiling goes on
  Program program(Bytes32 digest, byte[] bytes) throws InterruptedException {
    var weight = ModuleWeight.of(bytes);
    int mib = weight.parsedMib();
    hold(mib);
    Runnable release = () -> room.release(mib);
    boolean held = false;
    try {
      var module = Parser.parse(bytes);
      var compiled = compiled(digest, new Source(module, weight, bytes.length));
      // the compiler, too, has the parsed form in hand until it is done
      release = () -> {
        var _ = compiled.whenComplete((_, _) -> room.release(mib));
      };
      long begun = System.nanoTime();
      var machines = awaited(digest, compiled);
      held = true;
      return new Program(module, machines, Duration.ofNanos(System.nanoTime() - begun), release);
    } finally {
      if (!held) {
        release.run();
      }
    }
  }

  private void hold(int mib) {
    if (mib > roomMib) {
      throw ExecutorUnavailableException.forGood("module: " + mib + " MiB when loaded (expected: at most " + roomMib
          + " MiB, a quarter of the memory of the agent's JVM)");
    }
    if (!room.tryAcquire(mib)) {
      throw new ExecutorUnavailableException("module: " + mib + " MiB when loaded (expected: at most "
          + room.availablePermits() + " MiB, which are free)");
    }
  }

  /// A module on its way to the compiler.
  private record Source(WasmModule module, ModuleWeight weight, int size) {}

  private CompletableFuture<Compiled> compiled(Bytes32 digest, Source source) {
    try {
      return cache.get(digest, (_, _) -> CompletableFuture.supplyAsync(() -> compile(digest, source), compilers));
    } catch (RejectedExecutionException _) {
      // closed
      return CompletableFuture.completedFuture(INTERPRETED);
    }
  }

  private Function<Instance, Machine> awaited(Bytes32 digest, CompletableFuture<Compiled> compiled)
      throws InterruptedException {
    try {
      return compiled.get(bounds.patience().toMillis(), TimeUnit.MILLISECONDS).machines();
    } catch (TimeoutException _) {
      if (!compiling.contains(digest) && !compiled.isDone()) {
        throw new ExecutorUnavailableException("module: the compiler was busy with others for " + bounds.patience());
      }
      LOG.warn("module {} is interpreted in this run: its classes were not there within {}", digest,
          bounds.patience());
    } catch (ExecutionException failure) {
      if (failure.getCause() instanceof ExecutorUnavailableException full) {
        throw full;
      }
      LOG.warn("module {} is interpreted in this run: {}", digest, failure.toString());
    }
    return InterpretedMachine::new;
  }

  /// @throws ExecutorUnavailableException if there is room for it at another time
  private Compiled compile(Bytes32 digest, Source source) {
    int mib = source.weight().compilingMib();
    int free = roomMib - source.weight().parsedMib();
    if (mib > free) {
      LOG.warn("module {} is interpreted: compiling it takes {} MiB (expected: at most {} MiB)", digest, mib, free);
      return INTERPRETED;
    }
    hold(mib);
    compiling.add(digest);
    try {
      return new Compiled(machines(source.module(), within(bounds.compiling())), source.size());
    } catch (LinkageError | RuntimeException slow) {
      LOG.warn("module {} is interpreted from now on: {}", digest, slow.toString());
      return INTERPRETED;
    } finally {
      compiling.remove(digest);
      room.release(mib);
    }
  }

  private static BooleanSupplier within(Duration time) {
    long begun = System.nanoTime();
    return () -> Thread.currentThread().isInterrupted() || System.nanoTime() - begun > time.toNanos();
  }

  private static Function<Instance, Machine> machines(WasmModule module, BooleanSupplier enough) {
    var compiled = Compiler.builder(module).withInterpreterFallback(InterpreterFallback.SILENT)
        .withMaxFunctionsPerClass(FUNCTIONS_PER_CLASS).withClassCollectorFactory(() -> new PatientCollector(enough))
        .build().compile();
    return ((PatientCollector) compiled.collector()).machineFactory();
  }

  @Override public void close() {
    compilers.shutdownNow();
  }
}
