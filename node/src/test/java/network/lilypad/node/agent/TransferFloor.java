package network.lilypad.node.agent;

import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// The way of a result without any protocol, as fast as plain Java goes on all processors: the agent hashes its file,
/// the gateway copies, hashes and forces it, and so does the creator. No line, no database, no names: what a transfer
/// costs beyond this is what it costs to carry it between three parties.
final class TransferFloor {
  /// As the chunks of a large file, each hashed by itself.
  private static final int CHUNK_BYTES = 1 << 20;
  /// What is read, hashed and written at once: little enough to stay in a processor's own cache.
  private static final int PIECE_BYTES = 64 << 10;
  /// Chunks that are written before the disk is told to begin.
  private static final int STRIDE = 32;
  private static final int PROCESSORS = Runtime.getRuntime().availableProcessors();

  private TransferFloor() {}

  /// From the first byte hashed to the last byte on the disk.
  static void run(Path agent, Path gateway, Path creator) throws Exception {
    try (var threads = Executors.newFixedThreadPool(PROCESSORS)) {
      hash(threads, agent, null);
      copy(threads, agent, gateway);
      copy(threads, gateway, creator);
    }
  }

  private static void copy(ExecutorService threads, Path from, Path to) throws Exception {
    try (var out = FileChannel.open(to, CREATE_NEW, WRITE)) {
      hash(threads, from, out);
      out.force(true);
    }
  }

  /// Hashes every chunk of a file, and copies it if there is where to; meanwhile the disk gets what is there.
  private static void hash(ExecutorService threads, Path file, @Nullable FileChannel out) throws Exception {
    var next = new AtomicLong();
    try (var in = FileChannel.open(file, READ); var disk = Executors.newSingleThreadExecutor()) {
      var work = new ArrayList<Future<?>>();
      for (int i = 0; i < PROCESSORS; i++) {
        work.add(threads.submit(() -> chunks(in, out, next, disk)));
      }
      for (var each : work) {
        each.get();
      }
    }
  }

  private static @Nullable Object chunks(FileChannel in, @Nullable FileChannel out, AtomicLong next,
      ExecutorService disk) throws IOException, NoSuchAlgorithmException {
    var sha256 = MessageDigest.getInstance("SHA-256");
    var piece = ByteBuffer.allocateDirect(PIECE_BYTES);
    var hashed = new byte[PIECE_BYTES];
    for (long i = next.getAndIncrement(); i * CHUNK_BYTES < in.size(); i = next.getAndIncrement()) {
      long end = Math.min((i + 1) * CHUNK_BYTES, in.size());
      for (long at = i * CHUNK_BYTES; at < end; at += piece.limit()) {
        in.read(piece.clear(), at);
        piece.flip().get(0, hashed, 0, piece.limit());
        sha256.update(hashed, 0, piece.limit());
        if (out != null) {
          out.write(piece, at);
        }
      }
      sha256.digest();
      if (out != null && i % STRIDE == STRIDE - 1) {
        disk.execute(() -> force(out));
      }
    }
    return null;
  }

  private static void force(FileChannel out) {
    try {
      out.force(false);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
