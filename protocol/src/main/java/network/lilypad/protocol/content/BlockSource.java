package network.lilypad.protocol.content;

import java.io.IOException;
import java.util.Optional;

/// Where blocks come from. Not trusted: the reader hashes what it is given.
@FunctionalInterface
public interface BlockSource {
  /// Looks a block up; the same block may be asked for several times.
  ///
  /// @param cid the block's name
  /// @return its bytes, which nobody changes before [#done], or empty if there is no such block
  /// @throws IOException if it could not be found out; the reader then stops with [ContentException.Reason#IO]
  Optional<byte[]> get(Cid cid) throws IOException;

  /// Hears that a leaf which it gave is used no more, so that its array may hold another one.
  ///
  /// @param leaf nobody reads it afterwards
  default void done(byte[] leaf) {}
}
