package network.lilypad.executor.wasm;

import com.dylibso.chicory.runtime.Memory;
import com.dylibso.chicory.runtime.TableInstance;
import com.dylibso.chicory.wasm.WasmModule;
import com.dylibso.chicory.wasm.types.ExternalType;
import com.dylibso.chicory.wasm.types.Import;
import com.dylibso.chicory.wasm.types.MemoryLimits;
import com.dylibso.chicory.wasm.types.OpCode;
import com.dylibso.chicory.wasm.types.Table;
import com.dylibso.chicory.wasm.types.TableLimits;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.IntStream;

/// What a module may be: a command with one memory of its own, whose every byte on the host is bounded.
final class ModuleRules {
  /// Where a command begins.
  static final String START = "_start";
  /// Most tables of functions; compilers make one.
  static final int TABLES_MAX = 8;
  /// Most entries of a table, 12 bytes each on the host: ten times what large interpreters have.
  static final int TABLE_ENTRIES_MAX = 1 << 18;

  private static final int PAGES_PER_MIB = (1 << 20) / Memory.PAGE_SIZE;
  /// Instructions that make objects on the host's heap, where no limit of the guest holds, or that wait for threads.
  private static final Set<String> REFUSED_INSTRUCTIONS = Set.of("STRUCT_NEW", "ARRAY_NEW", "MEM_ATOMIC_WAIT");

  private ModuleRules() {}

  /// Why the module cannot run, empty if it can.
  static String objection(WasmModule module) {
    if (module.exportSection().exportCount() == 0 || !hasStart(module)) {
      return "no " + START + " (expected: a WASI command)";
    }
    if (memories(module) != 1) {
      return memories(module) + " memories (expected: 1)";
    }
    if (module.tableSection().tableCount() > TABLES_MAX) {
      return module.tableSection().tableCount() + " tables (expected: at most " + TABLES_MAX + ")";
    }
    return importObjection(module) + instructionObjection(module);
  }

  private static boolean hasStart(WasmModule module) {
    var exports = module.exportSection();
    return IntStream.range(0, exports.exportCount()).mapToObj(exports::getExport)
        .anyMatch(export -> export.name().equals(START) && export.exportType() == ExternalType.FUNCTION);
  }

  private static int memories(WasmModule module) {
    return module.memorySection().map(section -> section.memoryCount()).orElse(0);
  }

  private static String importObjection(WasmModule module) {
    var imports = module.importSection();
    return IntStream.range(0, imports.importCount()).mapToObj(imports::getImport)
        .filter(imported -> imported.importType() != ExternalType.FUNCTION).findFirst()
        .map((Import imported) -> "import of a " + imported.importType() + " (expected: functions)").orElse("");
  }

  private static String instructionObjection(WasmModule module) {
    return Arrays.stream(module.codeSection().functionBodies()).flatMap(body -> body.instructions().stream())
        .map(instruction -> instruction.opcode()).filter(ModuleRules::isRefused).findFirst()
        .map(opcode -> "instruction " + opcode + " (expected: no garbage collected objects, no threads)").orElse("");
  }

  private static boolean isRefused(OpCode opcode) {
    return REFUSED_INSTRUCTIONS.stream().anyMatch(opcode.name()::startsWith);
  }

  /// The bounds of the module's memory: its own, cut to the limit, above which it must not begin.
  static MemoryLimits memory(WasmModule module, long limitMib) {
    var own = module.memorySection().orElseThrow().getMemory(0).limits();
    return new MemoryLimits(own.initialPages(), Math.min(own.maximumPages(), pages(limitMib)));
  }

  /// Whether the module's memory is above the limit before it has begun.
  static boolean beginsAbove(WasmModule module, long limitMib) {
    return module.memorySection().orElseThrow().getMemory(0).limits().initialPages() > pages(limitMib);
  }

  private static int pages(long limitMib) {
    return (int) Math.min(Memory.RUNTIME_MAX_PAGES, Math.min(limitMib, Integer.MAX_VALUE) * PAGES_PER_MIB);
  }

  /// A table with bounds of its own: the runtime keeps a table's growth in the limits it was made with.
  static TableInstance table(Table table, int initialValue) {
    long max = Math.min(table.limits().max(), TABLE_ENTRIES_MAX);
    if (table.limits().min() > max) {
      throw new Ending.OverBound("table entries: above " + max);
    }
    var limits = new TableLimits(table.limits().min(), max);
    return new TableInstance(new Table(table.elementType(), limits, table.initialize()), initialValue);
  }
}
