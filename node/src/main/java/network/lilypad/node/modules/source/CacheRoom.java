package network.lilypad.node.modules.source;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import network.lilypad.node.client.Trees;
import network.lilypad.node.modules.ModuleUnavailableException;

/// How much a cache of repositories may hold. What was used longest ago goes first; what somebody fetches into or has
/// just used stays, so for a while there may be more.
///
/// @param repositories at most
/// @param bytes of all together
/// @param grace how long after its last use a repository may still be read
record CacheRoom(int repositories, long bytes, Duration grace) {
  /// More modules than anybody uses in turn; what went is fetched again in seconds. A quarter of an hour is longer than
  /// a command takes to read what it resolved.
  static final CacheRoom DEFAULT = new CacheRoom(64, 2L << 30, Duration.ofMinutes(15));

  /// Touched at each use, inside a repository's folder.
  private static final String USED = "used";

  /// A cached repository.
  private record Kept(Path home, Instant used, long bytes) {}

  /// Notes that a repository is used now.
  static void use(Path home, Instant now) throws IOException {
    var used = home.resolve(USED);
    if (!Files.exists(used)) {
      Files.createFile(used);
    }
    Files.setLastModifiedTime(used, FileTime.from(now));
  }

  /// Removes repositories until the rest fits.
  ///
  /// @param folder the cache
  /// @param now what is used before now less the grace may go
  void make(Path folder, Instant now) throws IOException {
    var kept = new ArrayList<Kept>();
    try (var homes = Files.list(folder)) {
      for (var home : homes.filter(GitFolders::isBare).toList()) {
        kept.add(new Kept(home, used(home), size(home)));
      }
    }
    kept.sort(Comparator.comparing(Kept::used));
    int count = kept.size();
    long total = kept.stream().mapToLong(Kept::bytes).sum();
    for (var oldest : kept) {
      boolean fits = count <= repositories && total <= bytes;
      if (fits || !oldest.used.isBefore(now.minus(grace))) {
        return;
      }
      if (remove(oldest.home)) {
        count--;
        total -= oldest.bytes;
      }
    }
  }

  private static Instant used(Path home) throws IOException {
    var used = home.resolve(USED);
    return Files.getLastModifiedTime(Files.exists(used) ? used : home).toInstant();
  }

  static long size(Path home) throws IOException {
    try (var files = Files.walk(home)) {
      return files.filter(Files::isRegularFile).mapToLong(file -> file.toFile().length()).sum();
    }
  }

  /// @return whether it is gone; one that is locked is in use
  private static boolean remove(Path home) throws IOException {
    try (var _ = CacheLock.acquire(lock(home), Duration.ZERO)) {
      Trees.delete(home);
      return true;
    } catch (ModuleUnavailableException _) {
      return false;
    }
  }

  /// The lock of a repository: a file beside it, which stays.
  static Path lock(Path home) {
    return home.resolveSibling(home.getFileName() + ".lock");
  }
}
