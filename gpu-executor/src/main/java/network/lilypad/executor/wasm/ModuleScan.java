package network.lilypad.executor.wasm;

import com.dylibso.chicory.wasm.MalformedException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;

/// Counts what is in a module without keeping any of it. It must not skip what a parser would read, so it refuses what
/// does not add up.
final class ModuleScan {
  /// The most local variables of a function, as in browsers.
  static final int LOCALS_MAX = 50_000;

  private static final int HEADER_BYTES = 8;
  /// The section of this name is parsed.
  private static final byte[] NAME = {'n', 'a', 'm', 'e'};
  private static final int CUSTOM = 0;
  private static final int CODE = 10;
  private static final int DATA = 11;
  /// Types that are followed by another number: references to what a module defines.
  private static final int REF_NULL = 0x63;
  private static final int REF = 0x64;

  private final ByteBuffer bytes;
  private long code;
  private long locals;
  private long names;
  private long kept;
  private long parsed;
  private long widest;

  ModuleScan(byte[] module) {
    this.bytes = ByteBuffer.wrap(module);
  }

  ModuleWeight scan() {
    try {
      bytes.position(Math.min(HEADER_BYTES, bytes.limit()));
      while (bytes.hasRemaining()) {
        section();
      }
      return ModuleWeight.of(this);
    } catch (BufferUnderflowException _) {
      throw new MalformedException("it ends in the middle of a number");
    }
  }

  private void section() {
    int id = bytes.get();
    long size = number();
    int end = end(size, bytes.limit());
    switch (id) {
      case CUSTOM -> custom(size);
      case CODE -> functions(end);
      case DATA -> kept += size;
      default -> parsed += size;
    }
    bytes.position(end);
  }

  /// The place so many bytes from here.
  private int end(long size, int limit) {
    if (size > limit - bytes.position()) {
      throw new MalformedException("a part of " + size + " bytes (expected: at most the " + (limit - bytes.position())
          + " that are left)");
    }
    return bytes.position() + (int) size;
  }

  private void custom(long size) {
    if (size > NAME.length && number() == NAME.length && next(NAME.length).equals(ByteBuffer.wrap(NAME))) {
      names += size;
    } else {
      kept += size;
    }
  }

  private ByteBuffer next(int length) {
    int end = end(length, bytes.limit());
    return bytes.slice(bytes.position(), end - bytes.position());
  }

  private void functions(int end) {
    long count = number();
    long together = 0;
    for (long i = 0; i < count; i++) {
      if (i % CompiledModules.FUNCTIONS_PER_CLASS == 0) {
        together = 0;
      }
      int functionEnd = end(number(), end);
      long own = variables(functionEnd);
      long size = (long) functionEnd - bytes.position();
      locals += own;
      code += size;
      together += own * size;
      widest = Math.max(widest, together);
      bytes.position(functionEnd);
    }
  }

  private long variables(int functionEnd) {
    long groups = number();
    long own = 0;
    for (long i = 0; i < groups; i++) {
      own += number();
      if (own > LOCALS_MAX) {
        throw new MalformedException("a function with " + own + " local variables (expected: at most " + LOCALS_MAX
            + ")");
      }
      int type = bytes.get();
      if (type == REF || type == REF_NULL) {
        long _ = number();
      }
    }
    if (bytes.position() >= functionEnd) {
      throw new MalformedException("a function without an end");
    }
    return own;
  }

  /// An unsigned number in LEB128. Of a signed one only its length is right.
  private long number() {
    long value = 0;
    for (int shift = 0; shift < 35; shift += 7) {
      int part = bytes.get();
      value |= (part & 0x7fL) << shift;
      if (part >= 0) {
        return value;
      }
    }
    throw new MalformedException("a number of more than 5 bytes");
  }

  /// Bytes of instructions.
  long code() {
    return code;
  }

  /// Local variables of all functions.
  long locals() {
    return locals;
  }

  /// Bytes of names.
  long names() {
    return names;
  }

  /// Bytes that are kept as they are: data, and sections that nobody reads.
  long kept() {
    return kept;
  }

  /// Bytes of whatever else is parsed.
  long parsed() {
    return parsed;
  }

  /// Local variables times bytes of code, for those functions that the compiler has in hand at a time.
  long widest() {
    return widest;
  }
}
