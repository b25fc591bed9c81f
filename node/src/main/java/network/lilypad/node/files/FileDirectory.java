package network.lilypad.node.files;

import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import network.lilypad.protocol.value.Bytes32;

/// Where large content lies: immutable files, each named by its sha2-256. It keeps what it is told to; what is known,
/// by whom it is needed and when it may go is the content store's matter.
///
/// Everything may be repeated: putting what is there changes nothing, and deleting what is not there neither.
/// Thread-safe; one name is put and deleted by one caller at a time. Blocks the calling thread, for a bounded time.
public interface FileDirectory extends AutoCloseable {
  /// Keeps a file. It is durable when this returns; after an exception part of it may be there.
  ///
  /// @param digest its sha2-256, which the caller has checked
  /// @throws IOException if it may not be there
  void put(Bytes32 digest, FileBody body) throws IOException;

  /// The bytes of a file, to be closed. Whoever reads them hashes them.
  ///
  /// @throws IOException if it could not be found out
  Optional<InputStream> open(Bytes32 digest) throws IOException;

  /// Forgets a file.
  ///
  /// @throws IOException if it may still be there
  void delete(Bytes32 digest) throws IOException;

  /// Whether another machine with the same configuration sees the same files: what several gateways need.
  boolean shared();

  @Override void close();
}
