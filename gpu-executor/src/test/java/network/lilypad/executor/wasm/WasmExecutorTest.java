package network.lilypad.executor.wasm;

import java.time.InstantSource;
import network.lilypad.executor.Executor;
import network.lilypad.executor.ExecutorContract;
import network.lilypad.executor.Guests;
import org.junit.jupiter.api.AfterAll;

/// The contract on the WebAssembly adapter.
final class WasmExecutorTest extends ExecutorContract {
  private static final WasmExecutor EXECUTOR = WasmExecutor.of(InstantSource.system(), 512);

  @AfterAll static void close() {
    EXECUTOR.close();
  }

  @Override protected Executor executor() {
    return EXECUTOR;
  }

  @Override protected Guests guests() {
    return new Guests(home, 1);
  }
}
