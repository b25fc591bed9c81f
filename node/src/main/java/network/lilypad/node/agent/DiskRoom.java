package network.lilypad.node.agent;

import java.nio.file.Path;
import java.util.Collection;
import java.util.function.LongSupplier;
import network.lilypad.executor.Task.OutputLimits;
import network.lilypad.protocol.value.Resources;

/// What jobs may still write to the disk of an agent's directory, where inputs and outputs lie: what is free, less a
/// reserve that is never promised, less what the deals at work may write. Thread-safe.
///
/// A deal counts with all that it may write, also where it has written some of it: a file's size does not say how much
/// of the disk it takes. So on a disk that is nearly full a deal may be declined that would just have fitted.
public final class DiskRoom {
  /// What stays free for the system, for inputs on their way and for what the owner does; a small disk keeps a
  /// twentieth.
  private static final long RESERVE_BYTES = 5L << 30;
  private static final int RESERVE_SHARE = 20;

  private final LongSupplier freeBytes;
  private final LongSupplier totalBytes;
  private final long reserveMib;

  /// @param freeBytes what this process may still write
  /// @param totalBytes how large the disk is
  /// @param reserveMib the owner's word; 0: the usual
  DiskRoom(LongSupplier freeBytes, LongSupplier totalBytes, long reserveMib) {
    this.freeBytes = freeBytes;
    this.totalBytes = totalBytes;
    this.reserveMib = reserveMib;
  }

  /// The disk of a folder; one that does not say how full it is, is full.
  ///
  /// @param reserveMib what is never promised; 0: 5 GiB, of a small disk a twentieth
  public static DiskRoom of(Path folder, long reserveMib) {
    var file = folder.toFile();
    return new DiskRoom(file::getUsableSpace, file::getTotalSpace, reserveMib);
  }

  /// What is never promised.
  public long reserveBytes() {
    return reserveMib == 0 ? Math.min(RESERVE_BYTES, totalBytes.getAsLong() / RESERVE_SHARE) : reserveMib << 20;
  }

  /// What is free beyond the reserve, 0 or more.
  public long bytes() {
    return Math.max(0, freeBytes.getAsLong() - reserveBytes());
  }

  /// What is left of it for one more deal, 0 or more.
  ///
  /// @param live deals that may still write
  long bytes(Collection<SpooledDeal> live) {
    long promised = live.stream().mapToLong(deal -> most(deal.offer().work().resources())).sum();
    return Math.max(0, bytes() - promised);
  }

  /// The most that a job writes which was sold this: its disk and its two streams.
  static long most(Resources sold) {
    var limits = OutputLimits.of(sold.diskMib());
    return limits.bytes() + 2 * limits.streamBytes();
  }

  /// The same machine with no more disk than there is room for.
  Resources bounded(Resources found) {
    return new Resources(found.milliCpu(), found.gpus(), found.gpuModel(), found.vramMibPerGpu(), found.ramMib(),
        Math.min(found.diskMib(), Inventory.round(bytes() >> 20)));
  }
}
