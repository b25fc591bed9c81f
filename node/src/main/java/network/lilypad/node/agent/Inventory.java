package network.lilypad.node.agent;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import network.lilypad.executor.gpu.Gpu;
import network.lilypad.executor.gpu.GpuFleet;
import network.lilypad.protocol.value.Resources;
import oshi.SystemInfo;

/// What an agent finds in its machine.
final class Inventory {
  /// The share of the free disk that is sold: the rest is the owner's.
  private static final int DISK_SHARE = 10;

  private static final long MIB_OF_GIB = 1024;

  private Inventory() {}

  /// Processors and memory as this process may use them, a tenth of the free disk in whole GiB where that is at least
  /// one, and GPUs: by their model if they are all of one, and with the memory of the smallest.
  ///
  /// @param engineMib the memory that the engines give their jobs
  /// @param gpus those that an engine here can give to jobs
  /// @throws IOException if the disk does not say how full it is
  static Resources of(Path folder, long engineMib, List<Gpu> gpus) throws IOException {
    var hardware = new SystemInfo().getHardware();
    int cores = Math.min(Runtime.getRuntime().availableProcessors(),
        Math.max(1, hardware.getProcessor().getLogicalProcessorCount()));
    long ramMib = Math.min(engineMib, hardware.getMemory().getTotal() >> 20);
    return new Resources(cores * 1000, gpus.size(), GpuFleet.model(gpus), GpuFleet.vramMib(gpus), ramMib,
        diskMib(Files.getFileStore(folder).getUsableSpace()));
  }

  static long diskMib(long freeBytes) {
    return round((freeBytes >> 20) / DISK_SHARE);
  }

  /// Whole GiB, so that an offer is not another one at each look; but that would leave nothing of a small disk.
  static long round(long mib) {
    return mib < MIB_OF_GIB ? mib : mib / MIB_OF_GIB * MIB_OF_GIB;
  }

  /// What is sold of it: no more than the owner says, zero meaning all.
  static Resources sold(Resources found, Resources offered) {
    return new Resources(limited(found.milliCpu(), offered.milliCpu()), limited(found.gpus(), offered.gpus()),
        found.gpuModel(), found.vramMibPerGpu(), limited(found.ramMib(), offered.ramMib()),
        limited(found.diskMib(), offered.diskMib()));
  }

  private static int limited(int found, int offered) {
    return offered == 0 ? found : Math.min(found, offered);
  }

  private static long limited(long found, long offered) {
    return offered == 0 ? found : Math.min(found, offered);
  }
}
