package network.lilypad.executor.docker;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import network.lilypad.executor.Task.OutputLimits;

/// The files of a container that have lost their last name, or never had one, and live as long as a process holds them
/// open or mapped: they take disk, and no walk through folders finds them.
///
/// Found through `/proc`, so an agent that is not root sees them of processes that run as its own user, and mapped ones
/// not at all; and an agent that has other process numbers than the engine sees none. How much of a process there is to
/// look at is bounded by the container's limit of open files and the kernel's of mappings: nothing is passed over. Used
/// by one thread.
final class Nameless {
  /// A tenth of the time between two looks. What there was no time for comes next: thousands of processes take some
  /// looks. At least one process has its turn in each.
  private static final long LOOK_NANOS = 10_000_000;
  /// Files that are kept in mind, each asked after at each look: enough to be above the bound of every run.
  private static final int KNOWN_MAX = OutputLimits.FILES + 1;
  private static final String DELETED = " (deleted)";

  private final Supplier<List<Path>> group;
  private final Collection<Path> outputs;
  private final Map<Object, Path> known = new HashMap<>();
  private final Deque<Path> processes = new ArrayDeque<>();
  private Set<Object> devices = Set.of();

  /// A file.
  ///
  /// @param key what its file system calls it
  private record Found(Object key, long size) {}

  /// @param group names the folders of its processes in `/proc`
  /// @param outputs on whose file systems files count
  Nameless(Supplier<List<Path>> group, Collection<Path> outputs) {
    this.group = group;
    this.outputs = outputs;
  }

  /// The sizes in bytes of those that are there now, as far as they have been found, by what the file system calls
  /// them.
  Map<Object, Long> look() {
    long end = System.nanoTime() + LOOK_NANOS;
    var sizes = new HashMap<Object, Long>();
    known.entrySet().removeIf(entry -> {
      var still = found(entry.getValue()).filter(file -> file.key.equals(entry.getKey()));
      still.ifPresent(file -> sizes.put(file.key, file.size));
      return still.isEmpty();
    });
    if (processes.isEmpty()) {
      devices = devices();
      processes.addAll(group.get());
    }
    boolean more = !processes.isEmpty();
    while (more) {
      var process = processes.remove();
      open(process, sizes);
      mapped(process, sizes);
      more = !processes.isEmpty() && System.nanoTime() - end < 0;
    }
    return sizes;
  }

  private Set<Object> devices() {
    var found = new HashSet<>();
    for (var folder : outputs) {
      try {
        found.add(Objects.requireNonNull(Files.getAttribute(folder, "unix:dev")));
      } catch (IOException _) {
        // nothing counts on it
      }
    }
    return found;
  }

  private void open(Path process, Map<Object, Long> sizes) {
    try (var links = Files.newDirectoryStream(process.resolve("fd"))) {
      for (var link : links) {
        count(link, sizes);
      }
    } catch (IOException | DirectoryIteratorException _) {
      // it has ended, or is not ours
    }
  }

  /// A file can be mapped and not open: what is written through the mapping is on the disk all the same. It is looked
  /// at once, however many parts of it are mapped.
  private void mapped(Path process, Map<Object, Long> sizes) {
    var seen = new HashSet<String>();
    try (var lines = Files.lines(process.resolve("maps"), StandardCharsets.ISO_8859_1)) {
      lines.filter(line -> line.endsWith(DELETED) && seen.add(file(line))).map(Nameless::range)
          .forEach(range -> count(process.resolve("map_files").resolve(range), sizes));
    } catch (IOException | UncheckedIOException _) {
      // it has ended, or is not ours
    }
  }

  /// What a line says after addresses, rights and offset: device, number and name.
  private static String file(String line) {
    return Objects.requireNonNull(Arrays.asList(line.split(" +", 4)).getLast());
  }

  /// Addresses have leading zeros in a line, and none in the name of a link.
  private static String range(String line) {
    return line.substring(0, Math.max(0, line.indexOf(' '))).replaceAll("(^|-)0+(?=[0-9a-f])", "$1");
  }

  private void count(Path link, Map<Object, Long> sizes) {
    found(link).filter(_ -> known.size() < KNOWN_MAX).ifPresent(file -> {
      known.putIfAbsent(file.key, link);
      sizes.put(file.key, file.size);
    });
  }

  private Optional<Found> found(Path link) {
    try {
      var file = Files.readAttributes(link, "unix:nlink,dev,size,isRegularFile,fileKey");
      boolean counts = Objects.equals(file.get("nlink"), 0) && Boolean.TRUE.equals(file.get("isRegularFile"))
          && devices.contains(file.get("dev"));
      return counts ? Optional.of(new Found(Objects.requireNonNull(file.get("fileKey")),
          (Long) Objects.requireNonNull(file.get("size")))) : Optional.empty();
    } catch (IOException _) {
      return Optional.empty();
    }
  }
}
