package network.lilypad.executor.docker;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.FileSystemException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import network.lilypad.executor.Outcome;
import network.lilypad.executor.RunDirectory;
import network.lilypad.executor.Task.OutputLimits;
import org.jspecify.annotations.Nullable;

/// What a container leaves in its output folders. It is looked at while the container runs, to see bounds; it is made
/// into a result only after the container is dead. Links are never followed.
final class OutputTree {
  /// Levels of a result tree below its outputs, which content ids allow.
  static final int DEPTH_MAX = 30;
  /// Most entries that are told by name.
  private static final int NOTES_MAX = 20;
  /// A path on this machine that the system still takes with a name more, and from another folder: it takes 4096 bytes.
  private static final int PATH_BYTES_MAX = 3000;

  private final RunDirectory directory;
  private final Collection<Path> roots;
  private final OutputLimits limits;
  private final List<String> notes = new ArrayList<>();
  private final List<Kept> kept = new ArrayList<>();
  private Optional<Outcome> over = Optional.empty();
  private long bytes;
  private int files;
  private int leftOut;

  /// A file that is part of the result.
  ///
  /// @param size as the program left it
  private record Kept(Path file, long size) {}

  /// @param roots the folders that the container could write
  OutputTree(RunDirectory directory, Collection<Path> roots, OutputLimits limits) {
    this.directory = directory;
    this.roots = roots;
    this.limits = limits;
  }

  /// The bound that the outputs are over at present, if any. What comes and goes meanwhile is not an error; what cannot
  /// be looked at could be of any size, and so is above a bound.
  ///
  /// @param nameless sizes of files that belong to the outputs and are in none of the folders, looked at before
  static Optional<Outcome> above(Collection<Path> roots, OutputLimits limits, Map<Object, Long> nameless)
      throws IOException {
    var counter = new Counter(roots, limits, nameless);
    for (var root : roots) {
      Files.walkFileTree(root, counter);
    }
    return counter.over();
  }

  /// Counts until a bound is passed.
  private static final class Counter extends SimpleFileVisitor<Path> {
    private final Collection<Path> roots;
    private final OutputLimits limits;
    private final Map<Object, Long> nameless;
    private long bytes;
    private int files;
    private Optional<Outcome> hidden = Optional.empty();

    Counter(Collection<Path> roots, OutputLimits limits, Map<Object, Long> nameless) {
      this.roots = roots;
      this.limits = limits;
      this.nameless = nameless;
      this.bytes = nameless.values().stream().mapToLong(Long::longValue).sum();
      this.files = nameless.size();
    }

    @Override public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
      return roots.contains(folder) ? FileVisitResult.CONTINUE : count(0);
    }

    @Override public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
      // one that has got its name since is counted already
      return nameless.containsKey(attributes.fileKey()) ? FileVisitResult.CONTINUE
          : count(attributes.isRegularFile() ? attributes.size() : 0);
    }

    private FileVisitResult count(long size) {
      files++;
      bytes += size;
      return over().isPresent() ? FileVisitResult.TERMINATE : FileVisitResult.CONTINUE;
    }

    Optional<Outcome> over() {
      return bytes > limits.bytes() ? Optional.of(full(limits))
          : files > limits.files() ? Optional.of(many(limits)) : hidden;
    }

    @Override public FileVisitResult visitFileFailed(Path file, IOException e) {
      if (e instanceof NoSuchFileException || e instanceof NotDirectoryException || replaced(file)) {
        return FileVisitResult.CONTINUE;
      }
      hidden = Optional.of(unseen(e));
      return FileVisitResult.TERMINATE;
    }

    /// Its folder has given way to a file since it was listed.
    private static boolean replaced(Path file) {
      var folder = file.getParent();
      return folder != null && !Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS);
    }

    @Override public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException e) {
      return FileVisitResult.CONTINUE;
    }
  }

  private static Outcome full(OutputLimits limits) {
    return new Outcome.DiskFull(limits.bytes());
  }

  private static Outcome many(OutputLimits limits) {
    return new Outcome.OutputTooLarge("output files: above " + limits.files());
  }

  private static Outcome unseen(IOException e) {
    var reason = e instanceof FileSystemException told && told.getReason() != null ? told.getReason()
        : e.getClass().getSimpleName();
    return new Outcome.OutputTooLarge("output folders: one that cannot be looked into: " + reason);
  }

  /// Makes what a dead container left fit for a result: leaves out what is no file or folder, what has a name or a
  /// depth that no result can have, and what is beyond the bounds.
  ///
  /// @return the bound that was passed, if any
  Optional<Outcome> settle() throws IOException {
    for (var root : roots) {
      settle(root, 1);
    }
    fit();
    return over;
  }

  /// What one file has too much costs no other file a byte: the smallest have room first.
  private void fit() throws IOException {
    kept.sort(Comparator.comparingLong(Kept::size).thenComparing(Kept::file));
    for (var one : kept) {
      long room = limits.bytes() - bytes;
      if (one.size > room) {
        over = over.or(() -> Optional.of(full(limits)));
        truncate(one.file, room);
      }
      bytes += Math.min(one.size, room);
    }
  }

  private void settle(Path folder, int depth) throws IOException {
    if (!Files.isReadable(folder) || !Files.isExecutable(folder) || !Files.isWritable(folder)) {
      Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
    }
    long names = 0;
    for (var entry : entries(folder)) {
      var attributes = Files.readAttributes(entry, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      var objection = objection(entry, attributes, depth);
      if (objection.isPresent()) {
        leaveOut(entry, objection.get());
      } else if (files >= limits.files()) {
        over = over.or(() -> Optional.of(many(limits)));
        directory.delete(entry);
      } else if (names + entryBytes(entry) > OutputLimits.FOLDER_BYTES) {
        over = over.or(() -> Optional.of(Outcome.OutputTooLarge.CROWDED));
        directory.delete(entry);
      } else {
        files++;
        names += entryBytes(entry);
        keep(entry, attributes, depth);
      }
    }
  }

  private static long entryBytes(Path entry) {
    return OutputLimits.entryBytes(entry.getFileName().toString());
  }

  /// The first entries by name, no more than a result can have: a hostile program makes more of them than memory has
  /// room for, so what is beyond goes while the folder is read.
  private Iterable<Path> entries(Path folder) throws IOException {
    var entries = new TreeSet<Path>();
    try (var stream = Files.newDirectoryStream(folder)) {
      for (var entry : stream) {
        if (!roots.contains(entry)) {
          entries.add(entry);
        }
        if (entries.size() > limits.files()) {
          over = over.or(() -> Optional.of(many(limits)));
          directory.delete(entries.removeLast());
        }
      }
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    return entries;
  }

  private static Optional<String> objection(Path entry, BasicFileAttributes attributes, int depth) {
    if (attributes.isSymbolicLink()) {
      return Optional.of("a symbolic link");
    }
    if (!attributes.isDirectory() && !attributes.isRegularFile()) {
      return Optional.of("a fifo, socket or device");
    }
    if (depth > DEPTH_MAX) {
      return Optional.of("deeper than " + DEPTH_MAX + " folders");
    }
    if (entry.toAbsolutePath().toString().getBytes(StandardCharsets.UTF_8).length > PATH_BYTES_MAX) {
      return Optional.of("a path of more than " + PATH_BYTES_MAX + " bytes on this machine");
    }
    return isPlain(entry) ? Optional.empty() : Optional.of("a name that is not UTF-8 or has a backslash");
  }

  private static boolean isPlain(Path entry) {
    var name = entry.getFileName().toString();
    try {
      return name.indexOf('\\') < 0 && entry.resolveSibling(name).equals(entry);
    } catch (InvalidPathException _) {
      return false;
    }
  }

  private void keep(Path entry, BasicFileAttributes attributes, int depth) throws IOException {
    if (attributes.isDirectory()) {
      settle(entry, depth + 1);
      return;
    }
    if (!Files.isReadable(entry)) {
      Files.setPosixFilePermissions(entry, PosixFilePermissions.fromString("rw-------"));
    }
    kept.add(new Kept(entry, attributes.size()));
  }

  private static void truncate(Path file, long size) throws IOException {
    try (var channel = FileChannel.open(file, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS)) {
      channel.truncate(size);
    }
  }

  private void leaveOut(Path entry, String reason) throws IOException {
    leftOut++;
    if (notes.size() < NOTES_MAX) {
      notes.add("lilypad: left out: " + printable(directory.result().relativize(entry).toString()) + ": " + reason);
    }
    directory.delete(entry);
  }

  private static String printable(String name) {
    return name.codePoints().map(point -> Character.isISOControl(point) ? '?' : point)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append).toString();
  }

  /// Lines for `stderr` about what was left out.
  String notes() {
    var lines = new ArrayList<>(notes);
    if (leftOut > notes.size()) {
      lines.add("lilypad: left out: " + (leftOut - notes.size()) + " more");
    }
    return lines.isEmpty() ? "" : String.join("\n", lines) + "\n";
  }

  /// Bytes of what is kept.
  long bytes() {
    return bytes;
  }
}
