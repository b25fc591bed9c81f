package network.lilypad.executor.wasm;

import com.dylibso.chicory.compiler.internal.ClassLoadingCollector;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;

/// Takes the classes of a module as they are made, and is where compiling can be stopped: the compiler looks for no
/// interrupt, and begins anew, without end in sight, for each function that is too large for a class.
final class PatientCollector extends ClassLoadingCollector {
  private final BooleanSupplier enough;

  /// @param enough whether compiling shall stop
  /// @throws CancellationException if it shall
  PatientCollector(BooleanSupplier enough) {
    this.enough = enough;
    look();
  }

  private void look() {
    if (enough.getAsBoolean()) {
      throw new CancellationException("compiling took too long");
    }
  }

  @Override public void put(String className, byte[] bytes) {
    look();
    super.put(className, bytes);
  }
}
