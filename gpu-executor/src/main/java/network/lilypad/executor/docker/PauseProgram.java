package network.lilypad.executor.docker;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import network.lilypad.executor.ExecutorUnavailableException;

/// A program that waits for a signal that never comes, as an ELF file for Linux: a header, one segment, and seven
/// instructions that call `ppoll(NULL, 0, NULL, NULL)` for ever.
final class PauseProgram {
  private static final int HEADER_BYTES = 64;
  private static final int SEGMENT_BYTES = 56;
  private static final int CODE_AT = HEADER_BYTES + SEGMENT_BYTES;
  /// Where it lies in memory: what linkers choose, and a multiple of any page size.
  private static final long BASE = 0x400000;
  private static final long PAGE_MAX = 0x10000;

  private PauseProgram() {}

  /// A kind of machine.
  ///
  /// @param elf the number that the ELF standard gives it
  /// @param code the instructions, in hexadecimal
  private record Machine(int elf, String code) {
    static Machine of(String architecture) {
      return switch (architecture) {
        case "amd64" -> new Machine(62, "31ff" // xor edi, edi: no descriptors
            + "31f6" // xor esi, esi: none of them
            + "31d2" // xor edx, edx: without an end
            + "4531d2" // xor r10d, r10d: no signals blocked
            + "b80f010000" // mov eax, 271: ppoll
            + "0f05" // syscall
            + "ebee"); // jmp to the beginning
        case "arm64" -> new Machine(183, "000080d2" // mov x0, #0: no descriptors
            + "010080d2" // mov x1, #0: none of them
            + "020080d2" // mov x2, #0: without an end
            + "030080d2" // mov x3, #0: no signals blocked
            + "280980d2" // mov x8, #73: ppoll
            + "010000d4" // svc #0
            + "faffff17"); // b to the beginning
        default -> throw ExecutorUnavailableException
            .forGood("network: HTTP: an engine on " + architecture + " (expected: amd64 or arm64)");
      };
    }
  }

  /// @param architecture as engines name it
  static byte[] of(String architecture) {
    var machine = Machine.of(architecture);
    var code = HexFormat.of().parseHex(machine.code);
    int size = CODE_AT + code.length;
    var file = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    header(file, machine.elf);
    segment(file, size);
    return file.put(code).array();
  }

  private static void header(ByteBuffer file, int machine) {
    file.put(new byte[]{0x7f, 'E', 'L', 'F', 2, 1, 1, 0}).putLong(0); // 64 bits, little-endian, version 1, System V
    file.putShort((short) 2).putShort((short) machine).putInt(1); // executable, version 1
    file.putLong(BASE + CODE_AT).putLong(HEADER_BYTES).putLong(0).putInt(0); // entry, segments, no sections, no flags
    file.putShort((short) HEADER_BYTES).putShort((short) SEGMENT_BYTES).putShort((short) 1); // one segment
    file.putShort((short) 0).putShort((short) 0).putShort((short) 0); // no sections
  }

  private static void segment(ByteBuffer file, int size) {
    file.putInt(1).putInt(5); // to be loaded, readable and executable
    file.putLong(0).putLong(BASE).putLong(BASE).putLong(size).putLong(size).putLong(PAGE_MAX); // the whole file
  }
}
