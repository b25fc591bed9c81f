package network.lilypad.executor.gpu;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// A shared library of this machine, called through the JDK's foreign-function interface. Stays loaded: a driver's
/// library has threads of its own, under which it must not be taken away. Thread-safe as far as the library is.
final class NativeLibrary implements NativeCalls {
  private final SymbolLookup symbols;
  private final Map<String, Optional<MethodHandle>> handles = new ConcurrentHashMap<>();

  private NativeLibrary(SymbolLookup symbols) {
    this.symbols = symbols;
  }

  /// Loads a library.
  ///
  /// @param name a file, or a name for the system's loader
  /// @throws GpuUnavailableException if there is none
  @SuppressWarnings("restricted") // loading a native library is what this class is for; the launcher enables it
  static NativeLibrary open(String name) {
    try {
      return new NativeLibrary(SymbolLookup.libraryLookup(name, Arena.global()));
    } catch (IllegalArgumentException e) {
      throw new GpuUnavailableException(name + " is not there", e);
    }
  }

  @Override public int call(String function, Object... arguments) {
    var handle = handles.computeIfAbsent(function, name -> handle(name, arguments));
    if (handle.isEmpty()) {
      return FUNCTION_NOT_FOUND;
    }
    try {
      return (int) handle.get().invokeWithArguments(arguments);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException("a downcall throws nothing checked", e);
    }
  }

  @SuppressWarnings("restricted") // binding a native function is what this class is for
  private Optional<MethodHandle> handle(String function, Object... arguments) {
    var layouts = Arrays.stream(arguments).map(NativeLibrary::layout).toArray(MemoryLayout[]::new);
    return symbols.find(function).map(symbol -> Linker.nativeLinker().downcallHandle(symbol,
        FunctionDescriptor.of(ValueLayout.JAVA_INT, layouts)));
  }

  private static MemoryLayout layout(Object argument) {
    return switch (argument) {
      case MemorySegment _ -> ValueLayout.ADDRESS;
      case Integer _ -> ValueLayout.JAVA_INT;
      case Long _ -> ValueLayout.JAVA_LONG;
      default -> throw new IllegalArgumentException("argument: " + argument.getClass()
          + " (expected: MemorySegment, Integer or Long)");
    };
  }
}
