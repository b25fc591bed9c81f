package network.lilypad.executor.wasm;

import com.dylibso.chicory.runtime.Memory;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// One system call: its arguments by position, and the memory they point into. A pointer out of the memory traps.
final class Frame {
  /// Longest path in bytes, as in Linux.
  static final int PATH_BYTES_MAX = 4096;
  /// Most pieces of a scattered read or write, as in Linux.
  static final int VECTORS_MAX = 1024;
  /// How much is copied between guest and host at a time: a guest's length never sizes a host buffer.
  static final int COPY_BYTES = 64 * 1024;

  private final Memory memory;
  private final long[] arguments;

  Frame(Memory memory, long... arguments) {
    this.memory = memory;
    this.arguments = arguments;
  }

  int word(int argument) {
    return (int) arguments[argument];
  }

  long wide(int argument) {
    return arguments[argument];
  }

  /// A path whose pointer and length are two arguments in a row.
  String path(int argument) {
    int length = word(argument + 1);
    if (length < 0 || length > PATH_BYTES_MAX) {
      throw Errno.NAMETOOLONG.refusal();
    }
    var bytes = ByteBuffer.wrap(memory.readBytes(word(argument), length));
    try {
      return StandardCharsets.UTF_8.newDecoder().onMalformedInput(CodingErrorAction.REPORT)
          .onUnmappableCharacter(CodingErrorAction.REPORT).decode(bytes).toString();
    } catch (CharacterCodingException _) {
      throw Errno.ILSEQ.refusal();
    }
  }

  /// A piece of memory, at most [#COPY_BYTES] long.
  ///
  /// @param at where
  /// @param length 1 to COPY_BYTES
  record Slice(int at, int length) {}

  /// The pieces of a scattered read or write whose array and its length are two arguments in a row.
  List<Slice> slices(int argument) {
    int count = word(argument + 1);
    if (count < 0 || count > VECTORS_MAX) {
      throw Errno.INVAL.refusal();
    }
    var slices = new ArrayList<Slice>();
    for (int i = 0; i < count; i++) {
      int at = memory.readInt(word(argument) + 8 * i);
      int length = memory.readInt(word(argument) + 8 * i + 4);
      if (length < 0) {
        throw Errno.INVAL.refusal();
      }
      for (int done = 0; done < length; done += COPY_BYTES) {
        slices.add(new Slice(at + done, Math.min(COPY_BYTES, length - done)));
      }
    }
    return slices;
  }

  byte[] read(Slice slice) {
    return memory.readBytes(slice.at(), slice.length());
  }

  byte readByte(int at) {
    return memory.read(at);
  }

  short readShort(int at) {
    return memory.readShort(at);
  }

  int readInt(int at) {
    return memory.readInt(at);
  }

  long readLong(int at) {
    return memory.readLong(at);
  }

  void write(int at, byte[] bytes, int length) {
    memory.write(at, bytes, 0, length);
  }

  void writeByte(int at, int value) {
    memory.writeByte(at, (byte) value);
  }

  void writeShort(int at, int value) {
    memory.writeShort(at, (short) value);
  }

  void writeInt(int at, int value) {
    memory.writeI32(at, value);
  }

  void writeLong(int at, long value) {
    memory.writeLong(at, value);
  }

  /// Writes zeroes.
  void clear(int at, int length) {
    memory.write(at, new byte[length], 0, length);
  }
}
