package network.lilypad.node.modules.source;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import network.lilypad.node.modules.BundledModuleResolver;
import network.lilypad.node.modules.LilypadModule;
import network.lilypad.node.modules.ModuleContents;
import network.lilypad.node.modules.ModulePath;
import network.lilypad.node.modules.ModuleRefusedException;
import network.lilypad.node.modules.ModuleResolver;
import network.lilypad.protocol.Rejection;

/// Every module a person can name: bundled ones first, then shortcuts, repositories and folders.
public final class ModuleLibrary implements ModuleResolver {
  private static final String CACHE = "modules";
  /// A character takes at most four bytes.
  private static final long TEMPLATE_BYTES_MAX = 4L * LilypadModule.TEMPLATE_CHARS_MAX;

  private final BundledModuleResolver bundled = new BundledModuleResolver();
  private final Shortcuts shortcuts;
  private final GitCache cache;
  private final Path folder;
  private final boolean refresh;

  private ModuleLibrary(Shortcuts shortcuts, GitCache cache, Path folder, boolean refresh) {
    this.shortcuts = shortcuts;
    this.cache = cache;
    this.folder = folder;
    this.refresh = refresh;
  }

  /// The library of a data directory.
  ///
  /// @param dataDir holds the cache and `modules.conf`
  /// @param folder what relative paths are relative to
  /// @param limits bounds of a fetch
  /// @throws ModuleRefusedException if `modules.conf` is not what it must be
  public static ModuleLibrary of(Path dataDir, Path folder, FetchLimits limits) {
    return of(dataDir, folder, limits, CacheRoom.DEFAULT, InstantSource.system());
  }

  static ModuleLibrary of(Path dataDir, Path folder, FetchLimits limits, CacheRoom room, InstantSource clock) {
    return new ModuleLibrary(Shortcuts.read(dataDir), new GitCache(dataDir.resolve(CACHE), limits, room, clock), folder,
        false);
  }

  /// The same, asking again for tags that are in the cache.
  public ModuleLibrary refreshing() {
    return new ModuleLibrary(shortcuts, cache, folder, true);
  }

  /// Short names and the repositories that they stand for.
  public Shortcuts shortcuts() {
    return shortcuts;
  }

  /// A version of a repository that is on this machine.
  ///
  /// @param url of the repository
  /// @param ref tag, branch, commit or `HEAD`
  /// @param commit what it was when it was fetched last
  public record Cached(String url, String ref, String commit) {}

  /// What has been fetched before.
  public List<Cached> cached() {
    return cache.all().stream().map(one -> new Cached(one.url(), one.ref(), one.commit())).toList();
  }

  @Override public List<String> known() {
    return bundled.known();
  }

  @Override public LilypadModule resolve(String name) {
    return switch (ModuleReference.parse(name, folder)) {
      case ModuleReference.Folder(var path) -> folder(path);
      case ModuleReference.Remote remote -> repository(name, remote);
      case ModuleReference.Named named -> bundled.find(named.text()).orElseGet(() -> shortcut(named));
    };
  }

  private LilypadModule shortcut(ModuleReference.Named named) {
    var url = shortcuts.repository(named).orElseThrow(() -> new ModuleRefusedException(
        new Rejection.UnknownModule(named.text(), String.join(", ", known()))));
    var reference = ModuleReference.parse(url + named.tag().map(":"::concat).orElse(""), folder);
    if (!(reference instanceof ModuleReference.Remote remote)) {
      throw ModuleRefusedException.malformed("shortcut " + named.name(), url, "the URL of a git repository");
    }
    return repository(named.text(), remote);
  }

  private LilypadModule repository(String name, ModuleReference.Remote remote) {
    var contents = cache.resolve(remote, refresh);
    boolean local = "file".equals(remote.url().getScheme());
    var place = local ? "local repository " + last(Path.of(remote.url().getPath())) : remote.url().toString();
    return new LilypadModule(local ? last(Path.of(remote.url().getPath())) + remote.ref().map(":"::concat).orElse("")
        : name, place + " " + contents.commit().name(), template(contents), contents);
  }

  private LilypadModule folder(Path path) {
    if (!Files.isDirectory(path)) {
      throw ModuleRefusedException.malformed("module", path.toString(), isVersioned(path)
          ? "file://" + path + " for a version of a git repository"
          : "a folder with " + LilypadModule.FILE + "; 'lilypad modules init NAME' makes one");
    }
    var contents = new FolderContents(path);
    return new LilypadModule(last(path), "local folder " + last(path), template(contents), contents);
  }

  /// Whether it reads as `folder:ref`.
  private static boolean isVersioned(Path path) {
    var text = path.toString();
    int colon = text.lastIndexOf(':');
    return colon > 0 && Files.isDirectory(Path.of(text.substring(0, colon)));
  }

  /// What may be told to others of a path of this machine.
  private static String last(Path path) {
    return Optional.ofNullable(path.toAbsolutePath().normalize().getFileName()).map(Path::toString).orElse("root");
  }

  private static String template(ModuleContents contents) {
    var bytes = contents.read(new ModulePath(LilypadModule.FILE), TEMPLATE_BYTES_MAX);
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes.toByteArray())).toString();
    } catch (CharacterCodingException _) {
      throw ModuleRefusedException.malformed(LilypadModule.FILE, "not text", "UTF-8");
    }
  }
}
