package network.lilypad.executor.wasm;

import com.dylibso.chicory.compiler.InterpreterFallback;
import com.dylibso.chicory.compiler.MachineFactoryCompiler;
import com.dylibso.chicory.runtime.CompiledModule;
import com.dylibso.chicory.runtime.Instance;
import com.dylibso.chicory.runtime.Machine;
import com.dylibso.chicory.wasm.Parser;
import com.dylibso.chicory.wasm.WasmModule;
import com.github.benmanes.caffeine.cache.AsyncCache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import network.lilypad.protocol.Defect;
import network.lilypad.protocol.value.Bytes32;

/// Modules compiled to JVM classes, by the digest of their bytes, the least used dropped first.
///
/// Compiling cannot be interrupted, so one thread of the cache's own does it: a run that is cancelled stops waiting, and
/// the work is there for the next one. Only the classes are shared; each run parses the module anew,
/// because the parsed form keeps what a run does to its tables.
final class CompiledModules implements AutoCloseable {
  /// The bytes of modules whose classes are kept: a thousand small modules or two interpreters of whole languages.
  static final long CACHED_BYTES_MAX = 64L << 20;

  private final ExecutorService compiler = Executors
      .newSingleThreadExecutor(Thread.ofPlatform().daemon().name("wasm-compiler").factory());
  private final AsyncCache<Bytes32, Compiled> cache = Caffeine.newBuilder().maximumWeight(CACHED_BYTES_MAX)
      .weigher((Bytes32 _, Compiled compiled) -> compiled.size()).executor(compiler).buildAsync();

  /// A module's classes.
  private record Compiled(Function<Instance, Machine> machines, int size) {}

  /// What an instance is made of.
  ///
  /// @param module this run's own parsed form
  /// @param machines makes the machine that runs it
  record Program(WasmModule module, Function<Instance, Machine> machines) {}

  /// The program of these bytes.
  ///
  /// @throws com.dylibso.chicory.wasm.ChicoryException if they are no valid module
  /// @throws InterruptedException if the caller is interrupted; compiling goes on
  Program program(Bytes32 digest, byte[] bytes) throws InterruptedException {
    var module = Parser.parse(bytes);
    CompletableFuture<Compiled> compiled = cache.get(digest, _ -> compile(bytes));
    try {
      return new Program(module, compiled.get().machines());
    } catch (ExecutionException failure) {
      if (failure.getCause() instanceof RuntimeException invalid) {
        throw invalid;
      }
      throw new Defect("compiler: " + failure.getCause());
    }
  }

  private static Compiled compile(byte[] bytes) {
    var module = Parser.parse(bytes);
    var factory = MachineFactoryCompiler.builder(module).withInterpreterFallback(InterpreterFallback.SILENT).compile();
    if (factory instanceof CompiledModule compiled) {
      return new Compiled(compiled.machineFactory(), bytes.length);
    }
    throw new Defect("machine factory: " + factory.getClass() + " (expected: a compiled module)");
  }

  @Override public void close() {
    compiler.shutdownNow();
  }
}
