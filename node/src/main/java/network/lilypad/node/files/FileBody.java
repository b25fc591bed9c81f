package network.lilypad.node.files;

import com.google.protobuf.ByteString;
import java.nio.file.Path;

/// What goes into a file directory.
public sealed interface FileBody {
  /// Bytes in memory.
  ///
  /// @param bytes all of them; they may change when the put is over
  record Held(ByteString bytes) implements FileBody {}

  /// A written file. The directory may take it away; if it is still there afterwards it belongs to the caller.
  ///
  /// @param file where it is
  record Spooled(Path file) implements FileBody {}
}
