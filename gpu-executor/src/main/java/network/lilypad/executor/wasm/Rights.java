package network.lilypad.executor.wasm;

/// The bits of WASI preview 1 that mean something to this sandbox.
final class Rights {
  static final long READ = 1L << 1;
  static final long WRITE = 1L << 6;
  /// All that a file allows: data sync, read, seek, flags, sync, tell, write, advise, allocate, stat, size, times, poll.
  static final long FILE = 0x08e001ffL;
  /// All that a folder allows, writing and poll excepted.
  static final long FOLDER = 0x07bffe19L;
  /// Standard streams cannot seek, which is how a guest knows a terminal and flushes by line.
  static final long STREAM_OUT = WRITE | 1L << 3 | 1L << 21 | 1L << 27;
  static final long STREAM_IN = READ | 1L << 3 | 1L << 21 | 1L << 27;

  static final int FLAG_APPEND = 1;

  static final int OPEN_CREATE = 1;
  static final int OPEN_FOLDER = 2;
  static final int OPEN_EXCLUSIVE = 4;
  static final int OPEN_TRUNCATE = 8;

  private Rights() {}
}
