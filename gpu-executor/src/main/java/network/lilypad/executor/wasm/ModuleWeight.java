package network.lilypad.executor.wasm;

/// What a module takes of this JVM's heap, told from its bytes before any of it is parsed: a few bytes of a module can
/// stand for megabytes of objects, and a few kilobytes for gigabytes of a compiler's notes.
///
/// The factors are measured, in bytes of heap for each byte of a module, and rounded up: instructions 35 to 53,
/// whatever else is parsed up to 150, names 40; classes and what the compiler keeps beside them 10 to 45.
///
/// @param parsedBytes as long as it runs
/// @param compilingBytes beside that while it is compiled
record ModuleWeight(long parsedBytes, long compilingBytes) {
  /// The least that is reckoned.
  private static final long BASE_BYTES = 1L << 20;
  private static final long LOCAL_BYTES = 8;
  private static final long CODE_FACTOR = 56;
  private static final long CLASSES_FACTOR = 48;
  private static final long PARSED_FACTOR = 160;
  private static final long NAMES_FACTOR = 48;
  private static final long KEPT_FACTOR = 2;
  /// The compiler keeps for each place that is jumped to what every local variable holds there.
  private static final long SPAN_FACTOR = 14;

  /// The weight of a module.
  ///
  /// @throws com.dylibso.chicory.wasm.ChicoryException if it ends before it should, or a function has more local
  ///     variables than engines allow
  static ModuleWeight of(byte[] module) {
    return new ModuleScan(module).scan();
  }

  static ModuleWeight of(ModuleScan scan) {
    long parsed = BASE_BYTES + scan.code() * CODE_FACTOR + scan.locals() * LOCAL_BYTES + scan.names() * NAMES_FACTOR
        + scan.kept() * KEPT_FACTOR + scan.parsed() * PARSED_FACTOR;
    return new ModuleWeight(parsed, BASE_BYTES + scan.code() * CLASSES_FACTOR + scan.widest() * SPAN_FACTOR);
  }

  int parsedMib() {
    return mib(parsedBytes);
  }

  int compilingMib() {
    return mib(compilingBytes);
  }

  private static int mib(long bytes) {
    return (int) Math.min(Integer.MAX_VALUE, (bytes >> 20) + 1);
  }
}
