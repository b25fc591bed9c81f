package network.lilypad.executor.wasm;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import network.lilypad.executor.wasm.Descriptor.Input;
import network.lilypad.executor.wasm.Descriptor.OpenFile;
import network.lilypad.executor.wasm.Descriptor.OpenFolder;
import network.lilypad.executor.wasm.Descriptor.Output;

/// The system calls on open descriptors.
final class FileCalls {
  private static final int SEEK_SET = 0;
  private static final int SEEK_CURRENT = 1;
  private static final int SEEK_END = 2;
  private static final int ENTRY_BYTES = 24;

  private final Descriptors descriptors;

  FileCalls(Descriptors descriptors) {
    this.descriptors = descriptors;
  }

  void addTo(SystemCalls calls) {
    calls.add("fd_advise", "illi", this::check).add("fd_allocate", "ill", this::allocate)
        .add("fd_close", "i", frame -> descriptors.close(frame.word(0))).add("fd_datasync", "i", this::check)
        .add("fd_fdstat_get", "ii", this::status).add("fd_fdstat_set_flags", "ii", this::setFlags)
        .add("fd_fdstat_set_rights", "ill", this::check).add("fd_filestat_get", "ii", this::fileStatus)
        .add("fd_filestat_set_size", "il", this::setSize).add("fd_filestat_set_times", "illi", this::check)
        .add("fd_pread", "iiili", frame -> read(frame, frame.wide(3), 4)).add("fd_prestat_get", "ii", this::mount)
        .add("fd_prestat_dir_name", "iii", this::mountName)
        .add("fd_pwrite", "iiili", frame -> write(frame, frame.wide(3), 4)).add("fd_read", "iiii", this::read)
        .add("fd_readdir", "iiili", this::list)
        .add("fd_renumber", "ii", frame -> descriptors.renumber(frame.word(0), frame.word(1)))
        .add("fd_seek", "ilii", this::seek).add("fd_sync", "i", this::check).add("fd_tell", "ii", this::tell)
        .add("fd_write", "iiii", this::write);
    for (var name : new String[]{"sock_accept", "sock_recv", "sock_send", "sock_shutdown"}) {
      calls.add(name, socketParameters(name), _ -> {
        throw Errno.NOTSOCK.refusal();
      });
    }
  }

  private static String socketParameters(String name) {
    return switch (name) {
      case "sock_accept" -> "iii";
      case "sock_recv" -> "iiiiii";
      case "sock_send" -> "iiiii";
      default -> "ii";
    };
  }

  /// For advice and for times, which the sandbox does not keep: only the descriptor must be there.
  private void check(Frame frame) {
    descriptors.get(frame.word(0));
  }

  private void allocate(Frame frame) throws IOException {
    var file = descriptors.file(frame.word(0)).writable();
    if (frame.wide(1) < 0 || frame.wide(2) <= 0) {
      throw Errno.INVAL.refusal();
    }
    file.resize(Math.max(file.size(), OutputFile.end(frame.wide(1), frame.wide(2))));
  }

  private void setSize(Frame frame) throws IOException {
    if (frame.wide(1) < 0) {
      throw Errno.INVAL.refusal();
    }
    descriptors.file(frame.word(0)).writable().resize(frame.wide(1));
  }

  private void setFlags(Frame frame) {
    if (descriptors.get(frame.word(0)) instanceof OpenFile file) {
      file.flags(frame.word(1));
    }
  }

  private void status(Frame frame) {
    int at = frame.word(1);
    var descriptor = descriptors.get(frame.word(0));
    frame.clear(at, 24);
    frame.writeByte(at, FileStatus.type(descriptor));
    frame.writeShort(at + 2, descriptor instanceof OpenFile file ? file.flags() : 0);
    frame.writeLong(at + 8, switch (descriptor) {
      case Input _ -> Rights.STREAM_IN;
      case Output _ -> Rights.STREAM_OUT;
      case OpenFolder _ -> Rights.FOLDER;
      case OpenFile file -> file.rights();
    });
    frame.writeLong(at + 16, descriptor instanceof OpenFolder ? Rights.FOLDER | Rights.FILE : 0);
  }

  private void fileStatus(Frame frame) {
    var descriptor = descriptors.get(frame.word(0));
    switch (descriptor) {
      case OpenFolder folder -> FileStatus.write(frame, frame.word(1), folder.folder());
      case OpenFile file -> FileStatus.write(frame, frame.word(1), file.file());
      case Input _,Output _ -> {
        frame.clear(frame.word(1), FileStatus.BYTES);
        frame.writeByte(frame.word(1) + 16, FileStatus.type(descriptor));
      }
    }
  }

  private void mount(Frame frame) {
    frame.writeInt(frame.word(1), 0);
    frame.writeInt(frame.word(1) + 4, mountPath(frame).length);
  }

  private void mountName(Frame frame) {
    var path = mountPath(frame);
    if (frame.word(2) < path.length) {
      throw Errno.NAMETOOLONG.refusal();
    }
    frame.write(frame.word(1), path, path.length);
  }

  private byte[] mountPath(Frame frame) {
    if (descriptors.get(frame.word(0)) instanceof OpenFolder folder) {
      return folder.mount().orElseThrow(Errno.BADF::refusal).getBytes(StandardCharsets.UTF_8);
    }
    throw Errno.BADF.refusal();
  }

  private void read(Frame frame) throws IOException {
    if (descriptors.get(frame.word(0)) instanceof Input) {
      frame.writeInt(frame.word(3), 0);
      return;
    }
    var file = descriptors.file(frame.word(0));
    file.position(file.position() + read(frame, file.position(), 3));
  }

  /// Reads at a position and writes how much it was to the pointer in the given argument.
  private int read(Frame frame, long position, int sizeArgument) throws IOException {
    var file = descriptors.file(frame.word(0));
    file.require(Rights.READ);
    if (position < 0) {
      throw Errno.INVAL.refusal();
    }
    int total = 0;
    for (var slice : frame.slices(1)) {
      var buffer = ByteBuffer.allocate(slice.length());
      int size = Math.max(0, file.file().read(buffer, position + total));
      frame.write(slice.at(), buffer.array(), size);
      total += size;
      if (size < slice.length()) {
        break;
      }
    }
    frame.writeInt(frame.word(sizeArgument), total);
    return total;
  }

  private void write(Frame frame) throws IOException {
    if (descriptors.get(frame.word(0)) instanceof Output(var stream)) {
      int total = 0;
      for (var slice : frame.slices(1)) {
        stream.write(frame.read(slice));
        total += slice.length();
      }
      frame.writeInt(frame.word(3), total);
      return;
    }
    var file = descriptors.file(frame.word(0));
    long position = file.appends() ? file.file().size() : file.position();
    file.position(position + write(frame, position, 3));
  }

  private int write(Frame frame, long position, int sizeArgument) throws IOException {
    var file = descriptors.file(frame.word(0)).writable();
    if (position < 0) {
      throw Errno.INVAL.refusal();
    }
    int total = 0;
    for (var slice : frame.slices(1)) {
      file.write(ByteBuffer.wrap(frame.read(slice)), OutputFile.end(position, total));
      total += slice.length();
    }
    frame.writeInt(frame.word(sizeArgument), total);
    return total;
  }

  private void seek(Frame frame) {
    var file = descriptors.file(frame.word(0));
    long base = switch (frame.word(2)) {
      case SEEK_SET -> 0;
      case SEEK_CURRENT -> file.position();
      case SEEK_END -> file.file().size();
      default -> throw Errno.INVAL.refusal();
    };
    long position = base + frame.wide(1);
    if (position < 0) {
      throw Errno.INVAL.refusal();
    }
    file.position(position);
    frame.writeLong(frame.word(3), position);
  }

  private void tell(Frame frame) {
    frame.writeLong(frame.word(1), descriptors.file(frame.word(0)).position());
  }

  /// Lists a folder from the cookie on, which counts entries; the last entry may be cut by the end of the buffer.
  private void list(Frame frame) {
    var open = descriptors.folder(frame.word(0));
    long cookie = frame.wide(3);
    int room = frame.word(2);
    if (room < 0 || cookie < 0) {
      throw Errno.INVAL.refusal();
    }
    if (cookie == 0) {
      open.list();
    }
    int used = 0;
    for (int i = (int) Math.min(cookie, open.listing().size()); i < open.listing().size() && used < room; i++) {
      var entry = entry(open, i);
      int size = Math.min(entry.length, room - used);
      frame.write(frame.word(1) + used, entry, size);
      used += size;
    }
    frame.writeInt(frame.word(4), used);
  }

  private static byte[] entry(OpenFolder open, int index) {
    var name = open.listing().get(index);
    var bytes = name.getBytes(StandardCharsets.UTF_8);
    var node = index < 2 ? open.folder() : open.folder().find(name).orElse(open.folder());
    return ByteBuffer.allocate(ENTRY_BYTES + bytes.length).order(ByteOrder.LITTLE_ENDIAN)
        .putLong(index + 1L).putLong(node.inode()).putInt(bytes.length).putInt(FileStatus.type(node)).put(bytes)
        .array();
  }
}
