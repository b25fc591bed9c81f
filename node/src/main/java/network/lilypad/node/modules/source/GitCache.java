package network.lilypad.node.modules.source;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import network.lilypad.node.client.Trees;
import network.lilypad.node.modules.ModuleRefusedException;
import network.lilypad.protocol.Rejection;
import network.lilypad.protocol.value.Sha256;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Repository;

/// Repositories that have been fetched, each a bare one under the digest of its URL. Tags and commits that are here are
/// never asked for again; a branch always is. Safe among threads and processes.
final class GitCache {
  private static final String REFS = "refs/lilypad/";
  private static final String URL_FILE = "url";

  private final Path folder;
  private final FetchLimits limits;
  private final CacheRoom room;
  private final InstantSource clock;

  GitCache(Path folder, FetchLimits limits, CacheRoom room, InstantSource clock) {
    this.folder = folder;
    this.limits = limits;
    this.room = room;
    this.clock = clock;
    Unconfigured.install();
  }

  /// Something that has been fetched.
  ///
  /// @param url of the repository
  /// @param ref tag, branch, commit or `HEAD`
  /// @param commit what it was when it was fetched last
  record Cached(String url, String ref, String commit) {}

  /// Resolves a version to a commit and makes sure that the commit is here.
  ///
  /// @param refresh whether a tag that is here is asked for again
  GitContents resolve(ModuleReference.Remote remote, boolean refresh) {
    var home = home(remote.url());
    try {
      var kept = refresh ? Optional.<ObjectId>empty() : kept(home, remote);
      if (kept.isPresent()) {
        CacheRoom.use(home, clock.instant());
        return new GitContents(home, kept.get());
      }
      try (var _ = CacheLock.acquire(CacheRoom.lock(home), limits.lockWait())) {
        var first = refresh ? Optional.<ObjectId>empty() : kept(home, remote);
        var commit = first.isPresent() ? first.get() : fetch(home, remote);
        CacheRoom.use(home, clock.instant());
        makeRoom();
        return new GitContents(home, commit);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void makeRoom() {
    try {
      room.make(folder, clock.instant());
    } catch (IOException | UncheckedIOException _) {
      // another process changes the cache: the next fetch looks again
    }
  }

  private Path home(URI url) {
    return folder.resolve(HexFormat.of().formatHex(Sha256.hash(url.toString()).bytes(), 0, 16));
  }

  /// What is here and cannot have become something else.
  private static Optional<ObjectId> kept(Path home, ModuleReference.Remote remote) throws IOException {
    if (!GitFolders.isBare(home) || remote.ref().isEmpty()) {
      return Optional.empty();
    }
    var ref = remote.ref().get();
    try (var git = GitContents.open(home)) {
      var pin = git.exactRef(REFS + (ObjectId.isId(ref) ? "commits/" : "tags/") + ref);
      return pin == null ? Optional.empty() : Optional.ofNullable(pin.getObjectId());
    }
  }

  private ObjectId fetch(Path home, ModuleReference.Remote remote) throws IOException {
    boolean fresh = !GitFolders.isBare(home);
    if (fresh) {
      Trees.delete(home);
      try (var git = GitContents.open(home)) {
        git.create(true);
      }
      Files.writeString(home.resolve(URL_FILE), remote.url().toString());
    }
    try (var git = GitContents.open(home)) {
      var commit = new GitFetch(git, remote, limits).commit();
      requireSmall(home, remote.url());
      return commit;
    } catch (ModuleRefusedException e) {
      if (fresh) {
        Trees.delete(home);
      }
      throw e;
    }
  }

  private void requireSmall(Path home, URI url) throws IOException {
    long bytes = CacheRoom.size(home);
    if (bytes > limits.bytes()) {
      Trees.delete(home);
      throw new ModuleRefusedException(new Rejection.TooLarge("bytes of repository " + url, bytes, limits.bytes()));
    }
  }

  /// Everything that is here.
  List<Cached> all() {
    var all = new ArrayList<Cached>();
    if (!Files.isDirectory(folder)) {
      return all;
    }
    try (Stream<Path> homes = Files.list(folder)) {
      for (var home : homes.filter(GitFolders::isBare).sorted().toList()) {
        try (Repository git = GitContents.open(home)) {
          var url = Files.readString(home.resolve(URL_FILE));
          for (var pin : git.getRefDatabase().getRefsByPrefix(REFS)) {
            var name = pin.getName().substring(REFS.length()).replaceFirst("^(tags|heads|commits)/", "");
            Optional.ofNullable(pin.getObjectId()).ifPresent(id -> all.add(new Cached(url, name, id.name())));
          }
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return all;
  }
}
