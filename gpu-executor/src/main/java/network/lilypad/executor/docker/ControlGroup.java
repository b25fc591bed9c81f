package network.lilypad.executor.docker;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

/// Where the kernel keeps the control group of a container. Version 2 of control groups has all in one folder, version
/// 1 a tree for each controller.
///
/// @param folders where it may be in a tree, without the leading `/`
record ControlGroup(List<String> folders) {
  private static final Path TREES = Path.of("/sys/fs/cgroup");
  private static final Path PROCESSES = Path.of("/proc");

  /// No container's.
  static final ControlGroup NONE = new ControlGroup(List.of());

  /// Engines put containers under themselves or under the system's service manager. One that puts them elsewhere, as an
  /// engine without root does, is found by what the kernel says of a process.
  ///
  /// @param process asked for one of the container's processes, in that case only
  static ControlGroup of(String container, LongSupplier process) {
    var usual = new ControlGroup(List.of("docker/" + container, "system.slice/docker-" + container + ".scope"));
    return usual.processes().isEmpty() ? new ControlGroup(of(process.getAsLong())) : usual;
  }

  private static List<String> of(long process) {
    try (var lines = Files.lines(PROCESSES.resolve(process + "/cgroup"))) {
      return lines.map(line -> Objects.requireNonNull(line.split(":", 3)[2]).replaceFirst("^/", ""))
          .filter(path -> !path.isEmpty() && !path.startsWith("..")).distinct().toList();
    } catch (IOException | java.io.UncheckedIOException | ArrayIndexOutOfBoundsException _) {
      return List.of();
    }
  }

  /// The places where one of its files may be.
  ///
  /// @param controller the tree of version 1
  /// @param first the file's name in version 1
  /// @param second its name in version 2
  List<Path> files(String controller, String first, String second) {
    return folders.stream().flatMap(folder -> Stream.of(TREES.resolve(folder).resolve(second),
        TREES.resolve(controller).resolve(folder).resolve(first))).toList();
  }

  /// The folders in `/proc` of the container's processes; none of a container that does not run.
  List<Path> processes() {
    for (var file : files("pids", "cgroup.procs", "cgroup.procs")) {
      try {
        var numbers = Files.readAllLines(file);
        if (!numbers.isEmpty()) {
          return numbers.stream().map(PROCESSES::resolve).toList();
        }
      } catch (IOException _) {
        // it is elsewhere, or gone
      }
    }
    return List.of();
  }
}
