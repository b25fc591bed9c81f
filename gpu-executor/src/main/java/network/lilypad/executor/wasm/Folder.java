package network.lilypad.executor.wasm;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import network.lilypad.executor.Task.OutputLimits;
import network.lilypad.protocol.Defect;

/// A folder of the guest's file system. It holds no links, so a path means what it says.
final class Folder implements Node {
  /// Longest file name in bytes: that of the host file systems that the outputs are moved to.
  static final int NAME_BYTES_MAX = 255;
  /// Deepest nesting below a mount: a result's tree has 32 levels, of which `outputs` and an output's name are two.
  static final int DEPTH_MAX = 30;

  private final long inode;
  private final boolean writable;
  private final SortedMap<String, Node> children = new TreeMap<>();
  private Optional<Folder> parent;
  private long entryBytes;

  private Folder(long inode, boolean writable, Optional<Folder> parent) {
    this.inode = inode;
    this.writable = writable;
    this.parent = parent;
  }

  static Folder root(long inode, boolean writable) {
    return new Folder(inode, writable, Optional.empty());
  }

  /// Makes a folder in this one; the name must be free.
  Folder create(String name, long inode) {
    var folder = new Folder(inode, writable, Optional.of(this));
    put(name, folder);
    return folder;
  }

  void put(String name, Node node) {
    if (node instanceof Folder folder) {
      folder.parent = Optional.of(this);
    }
    Defect.unless(children.put(name, node) == null, "folder entry: " + name + " (expected: a free name)");
    entryBytes += OutputLimits.entryBytes(name);
  }

  Node remove(String name) {
    var removed = Optional.ofNullable(children.remove(name)).orElseThrow(Errno.NOENT::refusal);
    entryBytes -= OutputLimits.entryBytes(name);
    return removed;
  }

  /// A result keeps a folder in one block, so its names are bounded.
  void requireRoom(String name) {
    if (entryBytes + OutputLimits.entryBytes(name) > OutputLimits.FOLDER_BYTES) {
      throw Ending.OverBound.crowded();
    }
  }

  Optional<Node> find(String name) {
    return name.isEmpty() ? Optional.of(this) : Optional.ofNullable(children.get(name));
  }

  List<String> names() {
    return List.copyOf(children.keySet());
  }

  boolean isEmpty() { return children.isEmpty(); }

  void requireWritable() {
    if (!writable) {
      throw Errno.ROFS.refusal();
    }
  }

  /// True if this folder is the other one or lies somewhere below it.
  boolean isWithin(Folder other) {
    return equals(other) || parent.map(folder -> folder.isWithin(other)).orElse(false);
  }

  /// How many folders lie between this one and its mount.
  int depth() {
    return parent.map(folder -> folder.depth() + 1).orElse(0);
  }

  /// How many levels of folders lie below this one.
  int height() {
    return children.values().stream().mapToInt(child -> child instanceof Folder folder ? folder.height() + 1 : 0).max()
        .orElse(0);
  }

  /// A path's last step: a folder and a name in it, the empty name for the folder itself.
  ///
  /// @param folderOnly whether the path ends with a slash, so that only a folder may stand there
  record Place(Folder folder, String name, boolean folderOnly) {
    Optional<Node> find() {
      var node = folder.find(name);
      if (folderOnly && node.isPresent() && !(node.get() instanceof Folder)) {
        throw Errno.NOTDIR.refusal();
      }
      return node;
    }

    Node require() {
      return find().orElseThrow(Errno.NOENT::refusal);
    }

    /// This place, for a new entry: free to name and not too deep.
    Place requireFree() {
      folder.requireWritable();
      if (find().isPresent()) {
        throw Errno.EXIST.refusal();
      }
      if (folder.depth() >= DEPTH_MAX) {
        throw Errno.NAMETOOLONG.refusal();
      }
      folder.requireRoom(name);
      return this;
    }
  }

  /// Where a path leads, seen from this folder. Nothing above this folder can be named.
  Place place(String path) {
    if (path.isEmpty()) {
      throw Errno.NOENT.refusal();
    }
    if (path.startsWith("/")) {
      throw Errno.NOTCAPABLE.refusal();
    }
    var names = new ArrayList<>(Arrays.asList(path.split("/", -1)));
    names.removeIf(name -> name.isEmpty() || name.equals("."));
    boolean folderOnly = path.endsWith("/") || path.endsWith("/.") || path.equals(".");
    if (names.isEmpty() || names.getLast().equals("..")) {
      return new Place(descend(names), "", true);
    }
    var last = checked(names.removeLast());
    return new Place(descend(names), last, folderOnly);
  }

  private Folder descend(List<String> names) {
    var at = this;
    for (var name : names) {
      at = name.equals("..") ? at.up(this) : at.down(name);
    }
    return at;
  }

  private Folder up(Folder limit) {
    if (equals(limit)) {
      throw Errno.NOTCAPABLE.refusal();
    }
    return parent.orElseThrow(Errno.NOTCAPABLE::refusal);
  }

  private Folder down(String name) {
    return switch (find(checked(name)).orElseThrow(Errno.NOENT::refusal)) {
      case Folder folder -> folder;
      case File _ -> throw Errno.NOTDIR.refusal();
    };
  }

  /// What no result can hold does not come to be.
  private static String checked(String name) {
    if (name.indexOf('\0') >= 0 || name.indexOf('\\') >= 0) {
      throw Errno.INVAL.refusal();
    }
    if (name.getBytes(StandardCharsets.UTF_8).length > NAME_BYTES_MAX) {
      throw Errno.NAMETOOLONG.refusal();
    }
    return name;
  }

  @Override public long inode() {
    return inode;
  }
}
