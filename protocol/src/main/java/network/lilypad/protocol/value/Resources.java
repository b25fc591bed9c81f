package network.lilypad.protocol.value;

/// What a job wants of one machine, or what a machine has.
///
/// @param milliCpu thousandths of a core, 0 to 2^31-1
/// @param gpus number of GPUs, 0 to 2^31-1
/// @param gpuModel digest of the [GpuModel], zero: any (job) or mixed (machine)
/// @param vramMibPerGpu memory of each GPU in MiB, 0 to 2^31-1
/// @param ramMib memory in MiB, 0 to 2^53
/// @param diskMib disk in MiB, 0 to 2^53
public record Resources(int milliCpu, int gpus, Bytes32 gpuModel, int vramMibPerGpu, long ramMib, long diskMib) {
  /// The largest memory or disk in MiB: exact in every JSON reader.
  public static final long MAX_MIB = 1L << 53;
  /// Nothing at all.
  public static final Resources NONE = new Resources(0, 0, Bytes32.ZERO, 0, 0, 0);

  /// @throws IllegalArgumentException if a number is out of bounds
  public Resources {
    Bounds.check("milliCpu", milliCpu, 0, Integer.MAX_VALUE);
    Bounds.check("gpus", gpus, 0, Integer.MAX_VALUE);
    Bounds.check("vramMibPerGpu", vramMibPerGpu, 0, Integer.MAX_VALUE);
    Bounds.check("ramMib", ramMib, 0, MAX_MIB);
    Bounds.check("diskMib", diskMib, 0, MAX_MIB);
  }

  /// A machine's or job's resources without a GPU.
  public static Resources cpu(int milliCpu, long ramMib, long diskMib) {
    return new Resources(milliCpu, 0, Bytes32.ZERO, 0, ramMib, diskMib);
  }

  /// Whether a machine with this much free can hold the demand.
  public boolean holds(Resources demand) {
    return milliCpu >= demand.milliCpu && ramMib >= demand.ramMib && diskMib >= demand.diskMib
        && holdsGpus(demand);
  }

  private boolean holdsGpus(Resources demand) {
    return demand.gpus == 0 || (gpus >= demand.gpus && vramMibPerGpu >= demand.vramMibPerGpu
        && (demand.gpuModel.isZero() || demand.gpuModel.equals(gpuModel)));
  }

  /// What is left when a slice is taken; never below zero. The GPUs left are of the same model and memory.
  public Resources minus(Resources slice) {
    return new Resources(Math.max(0, milliCpu - slice.milliCpu), Math.max(0, gpus - slice.gpus), gpuModel,
        vramMibPerGpu, Math.max(0, ramMib - slice.ramMib), Math.max(0, diskMib - slice.diskMib));
  }

  /// The sum of two slices of one machine; this side names the GPU.
  ///
  /// @throws ArithmeticException if it is above the bounds
  public Resources plus(Resources slice) {
    return new Resources(Math.addExact(milliCpu, slice.milliCpu), Math.addExact(gpus, slice.gpus), gpuModel,
        vramMibPerGpu, ramMib + slice.ramMib, diskMib + slice.diskMib);
  }

  /// The smaller in every dimension: what a machine may sell when its owner offers one thing and its inventory says
  /// another.
  public Resources min(Resources other) {
    return new Resources(Math.min(milliCpu, other.milliCpu), Math.min(gpus, other.gpus), gpuModel,
        Math.min(vramMibPerGpu, other.vramMibPerGpu), Math.min(ramMib, other.ramMib),
        Math.min(diskMib, other.diskMib));
  }
}
