package network.lilypad.executor.wasm;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import network.lilypad.executor.ExecutorUnavailableException;
import network.lilypad.executor.RunDirectory;
import network.lilypad.executor.Task;
import network.lilypad.protocol.Defect;

/// The mounts of one run: the inputs at [Task#INPUTS], and a folder for each declared output.
final class GuestFiles {
  /// Where the outputs of a job that declares none are.
  static final String OUTPUTS = "/outputs";
  /// Most files and folders in the inputs: all are listed before the run starts.
  static final int INPUT_ENTRIES_MAX = 100_000;

  private final RunDirectory directory;
  private final SortedMap<String, Folder> mounts = new TreeMap<>();
  private final SortedMap<String, Folder> outputs = new TreeMap<>();
  private long inodes;

  /// @param declared output name to guest path
  GuestFiles(RunDirectory directory, SortedMap<String, String> declared) throws IOException {
    this.directory = directory;
    mount(Task.INPUTS, inputs());
    var named = declared.isEmpty() ? Map.of("outputs", OUTPUTS) : declared;
    new TreeMap<>(named).forEach((name, path) -> outputs.put(name, mount(path, Folder.root(nextInode(), true))));
  }

  private Folder mount(String path, Folder folder) {
    Defect.unless(mounts.put(path, folder) == null, "mount: " + path + " (expected: each path once)");
    return folder;
  }

  long nextInode() {
    return ++inodes;
  }

  SortedMap<String, Folder> mounts() {
    return mounts;
  }

  private Folder inputs() throws IOException {
    var root = Folder.root(nextInode(), false);
    if (Files.isDirectory(directory.inputs())) {
      fill(root, directory.inputs());
    }
    return root;
  }

  private void fill(Folder folder, Path host) throws IOException {
    try (var entries = Files.newDirectoryStream(host)) {
      var sorted = new TreeMap<String, Path>();
      entries.forEach(entry -> sorted.put(entry.getFileName().toString(), entry));
      for (var entry : sorted.entrySet()) {
        add(folder, entry.getKey(), entry.getValue());
      }
    }
  }

  private void add(Folder folder, String name, Path host) throws IOException {
    var attributes = Files.readAttributes(host, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    Defect.unless(attributes.isDirectory() || attributes.isRegularFile(),
        "input: " + host + " (expected: a file or folder, which is all that the agent unpacks)");
    Defect.unless(inodes < INPUT_ENTRIES_MAX, "input entries: above " + INPUT_ENTRIES_MAX);
    if (attributes.isDirectory()) {
      fill(folder.create(name, nextInode()), host);
    } else {
      folder.put(name, new InputFile(nextInode(), host, attributes.size()));
    }
  }

  /// Moves what the guest left into the result, under the names it gave.
  void deliver() throws IOException {
    for (var output : outputs.entrySet()) {
      var target = outputs.size() == 1 ? directory.outputs() : directory.outputs().resolve(output.getKey());
      Files.createDirectories(target);
      deliver(output.getValue(), target);
    }
  }

  private static void deliver(Folder folder, Path target) throws IOException {
    for (var name : folder.names()) {
      var path = resolve(target, name);
      switch (folder.find(name).orElseThrow()) {
        case Folder child -> deliver(child, Files.createDirectory(path));
        case OutputFile file -> Files.move(file.blob(), path);
        case InputFile _ -> throw new Defect("output: " + path + " is an input");
      }
    }
  }

  private static Path resolve(Path target, String name) {
    try {
      var path = target.resolve(name);
      Defect.unless(target.equals(path.getParent()), "output name: " + name + " (expected: a name, not a path)");
      return path;
    } catch (InvalidPathException e) {
      throw new ExecutorUnavailableException("file name: " + name + " (expected: the agent runs in a UTF-8 locale)", e);
    }
  }
}
