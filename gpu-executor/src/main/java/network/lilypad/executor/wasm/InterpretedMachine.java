package network.lilypad.executor.wasm;

import com.dylibso.chicory.runtime.Instance;
import com.dylibso.chicory.runtime.InterpreterMachine;
import com.dylibso.chicory.runtime.MStack;
import com.dylibso.chicory.runtime.StackFrame;
import com.dylibso.chicory.wasm.ChicoryException;
import com.dylibso.chicory.wasm.types.FunctionBody;
import com.dylibso.chicory.wasm.types.FunctionType;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/// Interprets a module that is not compiled, some hundred times slower. What calls keep lies on the heap here, so it is
/// counted: recursion traps as it does in compiled code.
final class InterpretedMachine extends InterpreterMachine {
  /// Local variables, operands and open blocks of all calls, 8 bytes or more each: as much as the host stack of
  /// compiled code.
  static final long SLOTS_MAX = WasmRun.STACK_BYTES / Long.BYTES;

  /// An open block is an object.
  private static final int BLOCK_SLOTS = 4;
  private static final int CALL_SLOTS = 16;

  /// What a call of each function keeps, 0 if that is not known yet.
  private int[] slots = new int[0];
  private long taken;

  InterpretedMachine(Instance instance) {
    super(instance);
  }

  @Override protected long[] call(MStack stack, Instance instance, Deque<StackFrame> callStack, int funcId,
      long[] args, @Nullable FunctionType callType, boolean popResults) {
    int own = slots(instance, funcId);
    if (taken + own + stack.size() > SLOTS_MAX) {
      throw new ChicoryException("call stack exhausted");
    }
    taken += own;
    try {
      return super.call(stack, instance, callStack, funcId, args, callType, popResults);
    } finally {
      taken -= own;
    }
  }

  private int slots(Instance instance, int function) {
    if (slots.length == 0) {
      slots = new int[instance.functionCount()];
    }
    if (slots[function] == 0) {
      var body = instance.function(function);
      slots[function] = CALL_SLOTS + (body == null ? 0 : slots(body));
    }
    return slots[function];
  }

  private static int slots(FunctionBody body) {
    int blocks = body.instructions().stream().mapToInt(instruction -> instruction.depth()).max().orElse(0);
    return body.localTypes().size() + BLOCK_SLOTS * blocks;
  }
}
