package network.lilypad.executor.wasm;

import java.io.IOException;
import java.nio.file.Path;
import java.util.function.LongSupplier;
import network.lilypad.executor.wasm.Descriptor.OpenFile;
import network.lilypad.executor.wasm.Descriptor.OpenFolder;
import network.lilypad.executor.wasm.Folder.Place;

/// The system calls on paths. There are no links of any kind.
final class PathCalls {
  private final Descriptors descriptors;
  private final OutputQuota quota;
  private final LongSupplier inodes;
  private final Path scratch;

  /// @param inodes gives every new file its number, which also names its bytes in the scratch folder
  PathCalls(Descriptors descriptors, OutputQuota quota, LongSupplier inodes, Path scratch) {
    this.descriptors = descriptors;
    this.quota = quota;
    this.inodes = inodes;
    this.scratch = scratch;
  }

  void addTo(SystemCalls calls) {
    calls.add("path_create_directory", "iii", this::createFolder).add("path_filestat_get", "iiiii", this::status)
        .add("path_filestat_set_times", "iiiilli", frame -> place(frame, 0, 2).require())
        .add("path_link", "iiiiiii", _ -> {
          throw Errno.NOTSUP.refusal();
        }).add("path_open", "iiiiillii", this::open).add("path_readlink", "iiiiii", frame -> {
          place(frame, 0, 1).require();
          throw Errno.INVAL.refusal();
        }).add("path_remove_directory", "iii", this::removeFolder).add("path_rename", "iiiiii", this::rename)
        .add("path_symlink", "iiiii", _ -> {
          throw Errno.NOTSUP.refusal();
        }).add("path_unlink_file", "iii", this::unlink);
  }

  /// The place that a folder's descriptor and a path name.
  private Place place(Frame frame, int fdArgument, int pathArgument) {
    return descriptors.folder(frame.word(fdArgument)).folder().place(frame.path(pathArgument));
  }

  private void createFolder(Frame frame) {
    var place = place(frame, 0, 1).requireFree();
    quota.takeFile();
    place.folder().create(place.name(), inodes.getAsLong());
  }

  private void status(Frame frame) {
    FileStatus.write(frame, frame.word(4), place(frame, 0, 2).require());
  }

  private void open(Frame frame) throws IOException {
    descriptors.requireRoom();
    var place = place(frame, 0, 2);
    int how = frame.word(4);
    var node = place.find();
    if (node.isPresent() && has(how, Rights.OPEN_CREATE) && has(how, Rights.OPEN_EXCLUSIVE)) {
      throw Errno.EXIST.refusal();
    }
    if (node.isEmpty() && (!has(how, Rights.OPEN_CREATE) || has(how, Rights.OPEN_FOLDER) || place.folderOnly())) {
      throw Errno.NOENT.refusal();
    }
    var descriptor = node.isPresent() ? open(frame, node.get()) : openFile(frame, createFile(place));
    frame.writeInt(frame.word(8), descriptors.add(descriptor));
  }

  private Descriptor open(Frame frame, Node node) throws IOException {
    int how = frame.word(4);
    return switch (node) {
      case Folder folder -> {
        if (has(how, Rights.OPEN_TRUNCATE) || (frame.wide(5) & Rights.WRITE) != 0) {
          throw Errno.ISDIR.refusal();
        }
        yield OpenFolder.of(folder);
      }
      case Node.File file -> {
        if (has(how, Rights.OPEN_FOLDER)) {
          throw Errno.NOTDIR.refusal();
        }
        yield openFile(frame, file);
      }
    };
  }

  private static OpenFile openFile(Frame frame, Node.File file) throws IOException {
    int how = frame.word(4);
    long rights = frame.wide(5) & Rights.FILE;
    boolean writes = (rights & Rights.WRITE) != 0 || has(how, Rights.OPEN_TRUNCATE);
    if (writes && !(file instanceof OutputFile)) {
      throw Errno.ROFS.refusal();
    }
    var open = OpenFile.of(file, rights, frame.word(7));
    if (has(how, Rights.OPEN_TRUNCATE) && file instanceof OutputFile output) {
      output.resize(0);
    }
    return open;
  }

  private OutputFile createFile(Place place) throws IOException {
    place.requireFree();
    long inode = inodes.getAsLong();
    var file = OutputFile.create(inode, scratch.resolve(Long.toString(inode)), quota);
    place.folder().put(place.name(), file);
    return file;
  }

  private void removeFolder(Frame frame) {
    var place = place(frame, 0, 1);
    place.folder().requireWritable();
    if (!(place.require() instanceof Folder folder)) {
      throw Errno.NOTDIR.refusal();
    }
    requireEmpty(folder);
    requireNamed(place);
    place.folder().remove(place.name());
    quota.giveFile();
  }

  private void unlink(Frame frame) throws IOException {
    var place = place(frame, 0, 1);
    place.folder().requireWritable();
    if (!(place.require() instanceof OutputFile file)) {
      throw Errno.ISDIR.refusal();
    }
    place.folder().remove(place.name());
    file.unlink();
  }

  private void rename(Frame frame) throws IOException {
    var from = place(frame, 0, 1);
    var to = place(frame, 3, 4);
    requireNamed(from);
    requireNamed(to);
    from.folder().requireWritable();
    to.folder().requireWritable();
    var node = from.require();
    if (node instanceof Folder folder) {
      requireFits(folder, to);
    }
    if (to.find().filter(node::equals).isPresent()) {
      return;
    }
    makeRoom(node, to);
    to.folder().requireRoom(to.name());
    from.folder().remove(from.name());
    to.folder().put(to.name(), node);
  }

  /// A folder must not move into itself, nor too deep.
  private static void requireFits(Folder folder, Place to) {
    if (to.folder().isWithin(folder)) {
      throw Errno.INVAL.refusal();
    }
    if (to.folder().depth() + folder.height() >= Folder.DEPTH_MAX) {
      throw Errno.NAMETOOLONG.refusal();
    }
  }

  /// Replaces a file by a file or an empty folder by a folder.
  private void makeRoom(Node node, Place to) throws IOException {
    var present = to.find();
    if (present.isEmpty()) {
      return;
    }
    switch (present.get()) {
      case Folder replaced -> {
        if (!(node instanceof Folder)) {
          throw Errno.ISDIR.refusal();
        }
        requireEmpty(replaced);
        to.folder().remove(to.name());
        quota.giveFile();
      }
      case Node.File replaced -> {
        if (node instanceof Folder) {
          throw Errno.NOTDIR.refusal();
        }
        to.folder().remove(to.name());
        if (replaced instanceof OutputFile file) {
          file.unlink();
        }
      }
    }
  }

  private static void requireEmpty(Folder folder) {
    if (!folder.isEmpty()) {
      throw Errno.NOTEMPTY.refusal();
    }
  }

  private static void requireNamed(Place place) {
    if (place.name().isEmpty()) {
      throw Errno.INVAL.refusal();
    }
  }

  private static boolean has(int flags, int flag) {
    return (flags & flag) != 0;
  }
}
