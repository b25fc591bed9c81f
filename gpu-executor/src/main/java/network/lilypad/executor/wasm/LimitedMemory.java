package network.lilypad.executor.wasm;

import com.dylibso.chicory.runtime.ByteArrayMemory;
import com.dylibso.chicory.runtime.Instance;
import com.dylibso.chicory.runtime.Memory;
import com.dylibso.chicory.wasm.types.DataSegment;
import com.dylibso.chicory.wasm.types.MemoryLimits;

/// The guest's linear memory, which remembers that it was refused more than its limit: the guest sees only a failed
/// allocation, but who reads its exit code wants the reason.
///
/// It also irons out the one difference between processors that WebAssembly allows: the sign of the NaN that arithmetic
/// makes. x86 gives a negative one, ARM and the compiler's constant folding a positive one; stored, it is positive.
/// NaNs that carry a payload are data and stay as they are.
///
/// Suppressed: the interface still requires three methods that it will remove.
@SuppressWarnings("removal")
final class LimitedMemory implements Memory {
  private static final int NEGATIVE_NAN_F32 = 0xffc00000;
  private static final int NAN_F32 = 0x7fc00000;
  private static final long NEGATIVE_NAN_F64 = 0xfff8000000000000L;
  private static final long NAN_F64 = 0x7ff8000000000000L;

  private final Memory memory;
  private boolean refused;

  LimitedMemory(MemoryLimits limits) {
    this.memory = new ByteArrayMemory(limits);
  }

  /// Whether the guest ever asked for more than there is.
  boolean refused() {
    return refused;
  }

  @Override public int grow(int size) {
    int before = memory.grow(size);
    refused |= before < 0;
    return before;
  }

  @Override public void writeF32(int addr, float data) {
    int bits = Float.floatToRawIntBits(data);
    memory.writeI32(addr, bits == NEGATIVE_NAN_F32 ? NAN_F32 : bits);
  }

  @Override public void writeF64(int addr, double data) {
    long bits = Double.doubleToRawLongBits(data);
    memory.writeLong(addr, bits == NEGATIVE_NAN_F64 ? NAN_F64 : bits);
  }

  @Override public Object lock(int address) {
    return this;
  }

  @Override public int waitOn(int address, int expected, long timeout) {
    throw new UnsupportedOperationException("threads");
  }

  @Override public int waitOn(int address, long expected, long timeout) {
    throw new UnsupportedOperationException("threads");
  }

  @Override public int notify(int address, int maxThreads) {
    return 0;
  }

  @Override public int pages() {
    return memory.pages();
  }

  @Override public int initialPages() {
    return memory.initialPages();
  }

  @Override public int maximumPages() {
    return memory.maximumPages();
  }

  @Override public boolean shared() {
    return memory.shared();
  }

  @Override public void initialize(Instance instance, DataSegment[] dataSegments) {
    memory.initialize(instance, dataSegments);
  }

  @Override public void initialize(Instance instance, DataSegment[] dataSegments, int memoryIndex) {
    memory.initialize(instance, dataSegments, memoryIndex);
  }

  @Override public void initPassiveSegment(int segmentId, int dest, int offset, int size) {
    memory.initPassiveSegment(segmentId, dest, offset, size);
  }

  @Override public void write(int addr, byte[] data, int offset, int size) {
    memory.write(addr, data, offset, size);
  }

  @Override public byte read(int addr) {
    return memory.read(addr);
  }

  @Override public byte[] readBytes(int addr, int len) {
    return memory.readBytes(addr, len);
  }

  @Override public void writeI32(int addr, int data) {
    memory.writeI32(addr, data);
  }

  @Override public int readInt(int addr) {
    return memory.readInt(addr);
  }

  @Override public void writeLong(int addr, long data) {
    memory.writeLong(addr, data);
  }

  @Override public long readLong(int addr) {
    return memory.readLong(addr);
  }

  @Override public void writeShort(int addr, short data) {
    memory.writeShort(addr, data);
  }

  @Override public short readShort(int addr) {
    return memory.readShort(addr);
  }

  @Override public long readU16(int addr) {
    return memory.readU16(addr);
  }

  @Override public void writeByte(int addr, byte data) {
    memory.writeByte(addr, data);
  }

  @Override public long readF32(int addr) {
    return memory.readF32(addr);
  }

  @Override public float readFloat(int addr) {
    return memory.readFloat(addr);
  }

  @Override public double readDouble(int addr) {
    return memory.readDouble(addr);
  }

  @Override public long readF64(int addr) {
    return memory.readF64(addr);
  }

  @Override public void zero() {
    memory.zero();
  }

  @Override public void fill(byte value, int fromIndex, int toIndex) {
    memory.fill(value, fromIndex, toIndex);
  }

  @Override public void copy(int dest, int src, int size) {
    memory.copy(dest, src, size);
  }

  @Override public void drop(int segment) {
    memory.drop(segment);
  }
}
