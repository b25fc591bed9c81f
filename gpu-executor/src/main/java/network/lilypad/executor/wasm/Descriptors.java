package network.lilypad.executor.wasm;

import java.io.IOException;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import network.lilypad.executor.wasm.Descriptor.Input;
import network.lilypad.executor.wasm.Descriptor.OpenFile;
import network.lilypad.executor.wasm.Descriptor.OpenFolder;
import network.lilypad.executor.wasm.Descriptor.Output;

/// The guest's table of open descriptors; the lowest free number is used next.
final class Descriptors {
  /// Each open file holds one descriptor of the host: few enough that many guests fit below its usual limit of 1024.
  static final int OPEN_MAX = 64;

  private final SortedMap<Integer, Descriptor> open = new TreeMap<>();

  /// @param mounts the folders that are open from the start, by the guest's absolute path
  Descriptors(StreamFile stdout, StreamFile stderr, SortedMap<String, Folder> mounts) {
    add(new Input());
    add(new Output(stdout));
    add(new Output(stderr));
    mounts.forEach((path, folder) -> add(OpenFolder.mount(folder, path)));
  }

  int add(Descriptor descriptor) {
    int fd = 0;
    while (open.containsKey(fd)) {
      fd++;
    }
    open.put(fd, descriptor);
    return fd;
  }

  void requireRoom() {
    if (open.size() >= OPEN_MAX) {
      throw Errno.MFILE.refusal();
    }
  }

  Descriptor get(int fd) {
    return Optional.ofNullable(open.get(fd)).orElseThrow(Errno.BADF::refusal);
  }

  OpenFile file(int fd) {
    return switch (get(fd)) {
      case OpenFile file -> file;
      case OpenFolder _ -> throw Errno.ISDIR.refusal();
      case Input _,Output _ -> throw Errno.SPIPE.refusal();
    };
  }

  OpenFolder folder(int fd) {
    return switch (get(fd)) {
      case OpenFolder folder -> folder;
      case OpenFile _,Input _,Output _ -> throw Errno.NOTDIR.refusal();
    };
  }

  void close(int fd) throws IOException {
    var descriptor = get(fd);
    open.remove(fd);
    release(descriptor);
  }

  /// Moves a descriptor onto another number, closing what was there.
  void renumber(int from, int to) throws IOException {
    var descriptor = get(from);
    var replaced = get(to);
    if (from == to) {
      return;
    }
    open.remove(from);
    open.put(to, descriptor);
    release(replaced);
  }

  void closeAll() throws IOException {
    for (var descriptor : open.values()) {
      release(descriptor);
    }
    open.clear();
  }

  private static void release(Descriptor descriptor) throws IOException {
    if (descriptor instanceof OpenFile file) {
      file.file().release();
    }
  }
}
