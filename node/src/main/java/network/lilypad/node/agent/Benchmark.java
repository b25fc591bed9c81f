package network.lilypad.node.agent;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.function.LongSupplier;
import network.lilypad.protocol.proto.v1.MachineSpeed;
import network.lilypad.protocol.value.Sha256;

/// A short look at how fast a machine is, for its owner to compare with others. Bounded: no part takes more than about
/// a second. One core, one thread; a busy machine measures what is left of it.
///
/// @param sha256MibPerSecond hashed by one core
/// @param copiedMibPerSecond copied in memory by one core
/// @param writtenMibPerSecond written to the data directory's disk, sync included
/// @param syncMicros one small write to be on the disk
public record Benchmark(long sha256MibPerSecond, long copiedMibPerSecond, long writtenMibPerSecond, long syncMicros) {
  private static final Duration EACH = Duration.ofMillis(500);
  private static final int MIB = 1 << 20;
  /// Beyond every processor's cache.
  private static final int COPY_BYTES = 64 * MIB;
  private static final int WRITE_MIB_MAX = 128;
  private static final int SYNCS_MAX = 50;

  /// Measures.
  ///
  /// @param folder on the disk that is measured; what is written is removed
  /// @param nanos a clock
  /// @throws IOException if the disk refuses
  public static Benchmark run(Path folder, LongSupplier nanos) throws IOException {
    var file = Files.createTempFile(folder, ".benchmark-", "");
    try (var channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      return new Benchmark(hashed(nanos), copied(nanos), written(channel, nanos), synced(channel, nanos));
    } finally {
      Files.delete(file);
    }
  }

  /// What an agent said.
  public static Benchmark of(MachineSpeed speed) {
    return new Benchmark(speed.getSha256MibPerSecond(), speed.getCopiedMibPerSecond(), speed.getWrittenMibPerSecond(),
        speed.getSyncMicros());
  }

  /// @param measuredAt ledger time
  MachineSpeed toProto(long measuredAt) {
    return MachineSpeed.newBuilder().setMeasuredAt(measuredAt).setSha256MibPerSecond(sha256MibPerSecond)
        .setCopiedMibPerSecond(copiedMibPerSecond).setWrittenMibPerSecond(writtenMibPerSecond)
        .setSyncMicros(syncMicros).build();
  }

  private static long hashed(LongSupplier nanos) {
    var bytes = new byte[MIB];
    var sha256 = Sha256.digest();
    return rate(nanos, () -> sha256.update(bytes));
  }

  private static long copied(LongSupplier nanos) {
    var from = new byte[COPY_BYTES];
    var to = new byte[COPY_BYTES];
    return rate(nanos, () -> System.arraycopy(from, 0, to, 0, COPY_BYTES)) * (COPY_BYTES / MIB);
  }

  private static long written(FileChannel channel, LongSupplier nanos) throws IOException {
    var bytes = ByteBuffer.allocateDirect(MIB);
    long begin = nanos.getAsLong();
    int mib = 0;
    while (mib < WRITE_MIB_MAX && nanos.getAsLong() - begin < EACH.toNanos()) {
      channel.write(bytes.clear());
      mib++;
    }
    channel.force(true);
    return perSecond(mib, nanos.getAsLong() - begin);
  }

  private static long synced(FileChannel channel, LongSupplier nanos) throws IOException {
    var bytes = ByteBuffer.allocateDirect(4096);
    long begin = nanos.getAsLong();
    int syncs = 0;
    while (syncs < SYNCS_MAX && nanos.getAsLong() - begin < EACH.toNanos()) {
      channel.write(bytes.clear());
      channel.force(false);
      syncs++;
    }
    return (nanos.getAsLong() - begin) / 1000 / Math.max(1, syncs);
  }

  private static long rate(LongSupplier nanos, Runnable once) {
    long begin = nanos.getAsLong();
    long count = 0;
    while (nanos.getAsLong() - begin < EACH.toNanos()) {
      once.run();
      count++;
    }
    return perSecond(count, nanos.getAsLong() - begin);
  }

  private static long perSecond(long count, long nanos) {
    return count * 1_000_000_000L / Math.max(1, nanos);
  }

  /// For people.
  public String text() {
    return "one core hashes " + sha256MibPerSecond + " MiB/s and copies " + copiedMibPerSecond
        + " MiB/s, the disk takes "
        + writtenMibPerSecond + " MiB/s and " + syncMicros + " us for a sync";
  }
}
