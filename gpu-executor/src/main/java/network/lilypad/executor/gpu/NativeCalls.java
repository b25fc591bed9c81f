package network.lilypad.executor.gpu;

/// A native library's functions, all of which answer with an `int`. The seam between [NvmlClient] and the machine.
@FunctionalInterface
interface NativeCalls {
  /// NVML's own code for a function that an older driver does not have.
  int FUNCTION_NOT_FOUND = 13;

  /// Calls a function.
  ///
  /// @param function its name
  /// @param arguments memory segments for pointers, `Integer` for `unsigned int`, `Long` for `unsigned long long`
  /// @return what it answers, [#FUNCTION_NOT_FOUND] if the library does not have it
  int call(String function, Object... arguments);
}
