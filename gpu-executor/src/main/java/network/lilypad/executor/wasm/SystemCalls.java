package network.lilypad.executor.wasm;

import com.dylibso.chicory.runtime.HostFunction;
import com.dylibso.chicory.runtime.ImportFunction;
import com.dylibso.chicory.runtime.ImportValues;
import com.dylibso.chicory.runtime.Memory;
import com.dylibso.chicory.wasm.ChicoryException;
import com.dylibso.chicory.wasm.types.FunctionType;
import com.dylibso.chicory.wasm.types.ValType;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import network.lilypad.protocol.Defect;

/// The table of system calls that a guest may import, WASI preview 1.
///
/// A call that cannot be obeyed ends with an [Errno] for the guest; an [Ending] ends the run.
final class SystemCalls {
  private static final String MODULE = "wasi_snapshot_preview1";

  /// What a system call does.
  @FunctionalInterface
  interface Call {
    void on(Frame frame) throws IOException;
  }

  private final List<ImportFunction> functions = new ArrayList<>();

  /// Adds a call that returns an error number.
  ///
  /// @param parameters one letter each: `i` for 32, `l` for 64 bits
  SystemCalls add(String name, String parameters, Call call) {
    var type = FunctionType.of(types(parameters), List.of(ValType.I32));
    functions.add(new HostFunction(MODULE, name, type,
        (instance, arguments) -> new long[]{answer(call, instance.memory(), arguments)}));
    return this;
  }

  /// Adds a call that never returns.
  SystemCalls addEnding(String name, String parameters, Call call) {
    var type = FunctionType.of(types(parameters), List.of());
    functions.add(new HostFunction(MODULE, name, type, (instance, arguments) -> {
      answer(call, instance.memory(), arguments);
      throw new Defect(name + " returned (expected: an ending)");
    }));
    return this;
  }

  ImportValues imports() {
    return ImportValues.builder().withFunctions(functions).build();
  }

  private static long answer(Call call, Memory memory, long... arguments) {
    try {
      call.on(new Frame(memory, arguments));
      return Errno.SUCCESS.code();
    } catch (Errno.Refusal refusal) {
      return refusal.errno().code();
    } catch (Ending | ChicoryException ending) {
      throw ending;
    } catch (IOException fault) {
      throw new Ending.HostFault(fault);
    }
  }

  private static List<ValType> types(String parameters) {
    return parameters.chars().mapToObj(letter -> letter == 'l' ? ValType.I64 : ValType.I32).toList();
  }
}
