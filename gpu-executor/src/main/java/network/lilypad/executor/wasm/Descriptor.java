package network.lilypad.executor.wasm;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What a guest's file descriptor stands for.
sealed interface Descriptor {
  /// Standard input: always at its end.
  record Input() implements Descriptor {}

  /// Standard output or error.
  record Output(StreamFile file) implements Descriptor {}

  /// An open folder, by which the guest names what lies in it.
  ///
  /// @param mount the guest's absolute path, if it was open from the start
  /// @param listing the entries as they were when the guest last began to list them
  record OpenFolder(Folder folder, Optional<String> mount, List<String> listing) implements Descriptor {
    static OpenFolder of(Folder folder) {
      return new OpenFolder(folder, Optional.empty(), new ArrayList<>());
    }

    static OpenFolder mount(Folder folder, String path) {
      return new OpenFolder(folder, Optional.of(path), new ArrayList<>());
    }

    /// Starts a new listing; the two dots are entries like in every Unix.
    void list() {
      listing.clear();
      listing.add(".");
      listing.add("..");
      listing.addAll(folder.names());
    }
  }

  /// An open file with its position.
  final class OpenFile implements Descriptor {
    private final Node.File file;
    private final long rights;
    private int flags;
    private long position;

    private OpenFile(Node.File file, long rights, int flags) {
      this.file = file;
      this.rights = rights;
      this.flags = flags;
    }

    static OpenFile of(Node.File file, long rights, int flags) throws IOException {
      file.retain();
      return new OpenFile(file, rights, flags);
    }

    Node.File file() {
      return file;
    }

    long rights() {
      return rights;
    }

    void require(long right) {
      if ((rights & right) == 0) {
        throw Errno.BADF.refusal();
      }
    }

    /// The file, for writing.
    OutputFile writable() {
      require(Rights.WRITE);
      if (file instanceof OutputFile output) {
        return output;
      }
      throw Errno.ROFS.refusal();
    }

    int flags() {
      return flags;
    }

    void flags(int value) {
      flags = value;
    }

    boolean appends() {
      return (flags & Rights.FLAG_APPEND) != 0;
    }

    long position() {
      return position;
    }

    void position(long value) {
      position = value;
    }
  }
}
