package network.lilypad.node.modules.source;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import network.lilypad.node.modules.ModuleRefusedException;
import org.eclipse.jgit.lib.Repository;

/// What a person may write to name a module, read but not looked up yet.
sealed interface ModuleReference {
  /// A job's own bound of a module's name.
  int CHARS_MAX = 256;

  /// `name` or `name:tag`: bundled, or a shortcut.
  record Named(String name, Optional<String> tag) implements ModuleReference {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");

    String text() {
      return name + tag.map(":"::concat).orElse("");
    }
  }

  /// A git repository, at a tag, branch or commit, or at what its `HEAD` names.
  record Remote(URI url, Optional<String> ref) implements ModuleReference {
    private static final int REF_CHARS_MAX = 200;

    /// @throws ModuleRefusedException if the version can be none
    public Remote {
      ref.ifPresent(Remote::requireRef);
    }

    private static void requireRef(String ref) {
      if (ref.length() > REF_CHARS_MAX || ref.startsWith("-") || ref.startsWith("refs/")
          || !Repository.isValidRefName("refs/tags/" + ref)) {
        throw ModuleRefusedException.malformed("module version", shown(ref), "a tag, a branch or a commit");
      }
    }
  }

  /// A folder of this machine, as it is now.
  record Folder(Path path) implements ModuleReference {}

  /// Reads a reference.
  ///
  /// @param folder what relative paths are relative to
  /// @throws ModuleRefusedException if it is none
  static ModuleReference parse(String text, Path folder) {
    if (text.isEmpty() || text.length() > CHARS_MAX || text.chars().anyMatch(c -> c < ' ' || c == 0x7f)) {
      throw refused(text);
    }
    if (text.equals(".") || text.equals("..") || text.startsWith("./") || text.startsWith("../")
        || text.startsWith("/")) {
      return new Folder(path(text, folder));
    }
    if (text.contains(" ")) {
      throw refused(text);
    }
    if (text.contains("://")) {
      return url(text);
    }
    return isHosted(text) ? hosted(text) : named(text);
  }

  /// A version may hold slashes, a name may not: `name:feature/x`.
  private static boolean isHosted(String text) {
    int slash = text.indexOf('/');
    int colon = text.indexOf(':');
    return slash >= 0 && (colon < 0 || colon > slash || text.substring(0, colon).contains("."));
  }

  private static Path path(String text, Path folder) {
    try {
      return folder.resolve(text).normalize();
    } catch (InvalidPathException _) {
      throw refused(text);
    }
  }

  private static ModuleReference named(String text) {
    int colon = text.indexOf(':');
    var name = colon < 0 ? text : text.substring(0, colon);
    if (!Named.NAME.matcher(name).matches()) {
      throw refused(text);
    }
    var tag = colon < 0 ? Optional.<String>empty() : Optional.of(text.substring(colon + 1));
    tag.ifPresent(Remote::requireRef);
    return new Named(name, tag);
  }

  private static ModuleReference hosted(String text) {
    var host = text.substring(0, text.indexOf('/'));
    if (!host.contains(".") || host.contains("@")) {
      throw refused(text);
    }
    return url("https://" + text);
  }

  private static ModuleReference url(String text) {
    int path = text.indexOf('/', text.indexOf("://") + 3);
    int colon = text.lastIndexOf(':');
    boolean versioned = path > 0 && colon > text.lastIndexOf('/');
    var slashed = path > 0 && !versioned ? text.indexOf(':', path) : -1;
    int cut = versioned ? colon : slashed;
    var url = uri(cut > 0 ? text.substring(0, cut) : text, text);
    var ref = cut > 0 ? Optional.of(text.substring(cut + 1)) : Optional.<String>empty();
    if ("file".equals(url.getScheme())) {
      return file(url, ref, text);
    }
    requireFetchable(url, text);
    return new Remote(url, ref);
  }

  private static URI uri(String url, String text) {
    try {
      var uri = new URI(url.endsWith("/") ? url.substring(0, url.length() - 1) : url);
      var scheme = Optional.ofNullable(uri.getScheme()).orElse("").toLowerCase(Locale.ROOT);
      if (!List.of("https", "http", "file").contains(scheme) || uri.getPath() == null || uri.getRawQuery() != null
          || uri.getRawFragment() != null) {
        throw refused(text);
      }
      return uri;
    } catch (URISyntaxException _) {
      throw refused(text);
    }
  }

  private static void requireFetchable(URI url, String text) {
    if (url.getHost() == null || url.getPath().length() < 2) {
      throw refused(text);
    }
    if (url.getRawUserInfo() != null) {
      throw ModuleRefusedException.malformed("module", url.getScheme() + "://...@" + url.getHost() + url.getPath(),
          "a URL without name or password: providers see it, so the repository must be public");
    }
    if (url.getScheme().equals("http") && !List.of("localhost", "127.0.0.1", "[::1]").contains(url.getHost())) {
      throw ModuleRefusedException.malformed("module", shown(text), "https off this machine");
    }
  }

  /// A folder, or a git repository in one.
  private static ModuleReference file(URI url, Optional<String> ref, String text) {
    boolean local = url.getRawAuthority() == null || url.getRawAuthority().isEmpty()
        || "localhost".equals(url.getHost());
    if (!local || url.getPath().isEmpty()) {
      throw refused(text);
    }
    var path = path(url.getPath(), Path.of("/"));
    boolean repository = GitFolders.isRepository(path);
    if (!repository && ref.isPresent()) {
      throw ModuleRefusedException.malformed("module", shown(text), "a git repository, because it names a version");
    }
    return repository ? new Remote(path.toUri(), ref) : new Folder(path);
  }

  private static ModuleRefusedException refused(String text) {
    return ModuleRefusedException.malformed("module", shown(text),
        "name:tag, ./folder, github.com/owner/repository:ref, https://... or file:///...");
  }

  private static String shown(String text) {
    return text.length() <= 120 ? text : text.substring(0, 120) + "...";
  }
}
