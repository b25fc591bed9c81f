package network.lilypad.executor.wasm;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;

/// WebAssembly modules as bytes, made of functions without parameters and results.
final class Binary {
  /// `(drop (i32.load (i32.const 0)))`, which costs several times as much as a class.
  private static final byte[] LOAD = {0x41, 0, 0x28, 2, 0, 0x1a};
  /// `(block (br_if 0 (i32.const 0)))`.
  private static final byte[] BRANCH = {0x02, 0x40, 0x41, 0, 0x0d, 0, 0x0b};

  private Binary() {}

  /// A command that does nothing, beside functions that it does not call.
  static byte[] command(List<byte[]> functions) {
    return command(functions, new byte[0]);
  }

  /// A command whose `_start`, the function behind the others, does this.
  static byte[] command(List<byte[]> functions, byte[] start) {
    int count = functions.size() + 1;
    var module = new ByteArrayOutputStream();
    module.writeBytes(new byte[]{0, 'a', 's', 'm', 1, 0, 0, 0});
    section(module, 1, new byte[]{1, 0x60, 0, 0});
    var types = number(count);
    types.writeBytes(new byte[count]);
    section(module, 3, types.toByteArray());
    section(module, 5, new byte[]{1, 0, 1});
    var exports = number(1);
    exports.writeBytes(number(6).toByteArray());
    exports.writeBytes("_start".getBytes(StandardCharsets.UTF_8));
    exports.write(0);
    exports.writeBytes(number(functions.size()).toByteArray());
    section(module, 7, exports.toByteArray());
    var code = number(count);
    functions.forEach(function -> sized(code, function));
    sized(code, function(0, start));
    section(module, 10, code.toByteArray());
    return module.toByteArray();
  }

  /// So many functions with so many variables, which load from memory in so many bytes.
  static List<byte[]> loading(int count, int variables, int bytes) {
    return Collections.nCopies(count, function(variables, repeated(LOAD, bytes)));
  }

  /// The same with branches.
  static List<byte[]> branching(int count, int variables, int bytes) {
    return Collections.nCopies(count, function(variables, repeated(BRANCH, bytes)));
  }

  /// A function.
  static byte[] function(int variables, byte[] instructions) {
    var function = number(variables == 0 ? 0 : 1);
    if (variables > 0) {
      function.writeBytes(number(variables).toByteArray());
      function.write(0x7f);
    }
    function.writeBytes(instructions);
    function.write(0x0b);
    return function.toByteArray();
  }

  private static byte[] repeated(byte[] instructions, int bytes) {
    var body = new ByteArrayOutputStream();
    while (body.size() < bytes) {
      body.writeBytes(instructions);
    }
    return body.toByteArray();
  }

  private static void section(ByteArrayOutputStream module, int id, byte[] content) {
    module.write(id);
    sized(module, content);
  }

  private static void sized(ByteArrayOutputStream out, byte[] content) {
    out.writeBytes(number(content.length).toByteArray());
    out.writeBytes(content);
  }

  private static ByteArrayOutputStream number(int value) {
    var bytes = new ByteArrayOutputStream();
    for (int rest = value;; rest >>>= 7) {
      if (rest < 0x80) {
        bytes.write(rest);
        return bytes;
      }
      bytes.write(rest & 0x7f | 0x80);
    }
  }
}
