package network.lilypad.node.cli;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import network.lilypad.node.client.MarketClient;
import network.lilypad.node.client.Trees;
import network.lilypad.node.client.UrlFile;
import network.lilypad.node.client.UrlRefusedException;
import network.lilypad.node.client.UrlUnavailableException;
import network.lilypad.protocol.content.Cid;
import network.lilypad.protocol.content.FolderBlocks;
import network.lilypad.protocol.value.Bytes32;

/// The files a job gets: a tree that is known by its CID, or a folder, single files and files of the web together. All of it
/// is here and hashed before the job is signed, so the signature pins every byte.
///
/// @param cid a directory that the gateway has, or finds at its IPFS gateway
/// @param folder a folder, its contents become `/inputs`
/// @param files files that are put into `/inputs` by their names
/// @param urls files that are fetched now, by the names they get in `/inputs`
record JobInputs(Optional<Cid> cid, Optional<Path> folder, List<Path> files, Map<String, URI> urls) {
  /// The gateway's default bound of a tree.
  static final int ENTRIES_MAX = 100_000;

  /// What a gateway looks for, by api.proto.
  private static final int SOUGHT_MAX = 100;
  private static final Duration URL_PAUSE = Duration.ofMillis(500);

  /// @throws FailureException if a CID comes with other files, or is no directory's
  JobInputs {
    boolean local = folder.isPresent() || !files.isEmpty() || !urls.isEmpty();
    if (cid.isPresent() && local) {
      throw FailureException.usage("--inputs-cid with other input files (expected: all of /inputs by its CID, or none)",
          "lilypad content import makes one tree of a folder");
    }
    if (cid.isPresent() && cid.get().codec() != Cid.Codec.DAG_PB) {
      throw FailureException.usage("--inputs-cid " + cid.get() + " (expected: the CID of a directory)", "");
    }
    files = List.copyOf(files);
    urls = Map.copyOf(urls);
  }

  /// Splits `NAME=URL`.
  static Map<String, URI> named(List<String> given) {
    var named = new LinkedHashMap<String, URI>();
    for (var text : given) {
      int equals = text.indexOf('=');
      var name = text.substring(0, Math.max(0, equals));
      if (name.isEmpty() || name.equals(".") || name.equals("..") || name.indexOf('/') >= 0) {
        throw FailureException.usage("--input-url " + text + " (expected: NAME=https://..., a name without /)",
            "lilypad run --help");
      }
      if (named.put(name, web(name, text.substring(equals + 1))) != null) {
        throw FailureException.usage("--input-url " + name + " twice (expected: each name once)", "");
      }
    }
    return named;
  }

  private static URI web(String name, String url) {
    try {
      return UrlFile.web(URI.create(url));
    } catch (IllegalArgumentException _) {
      throw FailureException.usage("--input-url " + name + ": " + url + " (expected: https://host/path)",
          "check the address");
    }
  }

  /// Looks for what is named on this machine.
  ///
  /// @throws FailureException if a folder or file is not there
  void requireThere() {
    folder.ifPresent(path -> folder(path).requireFolder());
    files.forEach(file -> new NamedPath("--input-file", file).requireFile());
  }

  /// Stores them at the gateway.
  ///
  /// @return the root, zero if there are none
  /// @throws FailureException if a file is not there or a name is taken twice
  Bytes32 upload(MarketClient market, long bytesMax, Screen screen) throws IOException {
    if (cid.isPresent()) {
      return cid.get().digest();
    }
    if (files.isEmpty() && urls.isEmpty()) {
      return folder.isEmpty() ? Bytes32.ZERO : upload(folder(folder.get()).blocks(bytesMax), market);
    }
    var staged = Files.createTempDirectory("lilypad-inputs-");
    try {
      stage(staged, bytesMax, screen);
      screen.waiting("storing program and inputs");
      return upload(new NamedPath("inputs, together in", staged).blocks(bytesMax), market);
    } finally {
      Trees.delete(staged);
    }
  }

  /// Which of these the gateway is to look for: it knows what a CID holds. Of a module that needs more than it looks for, the
  /// first.
  List<String> unseen(List<String> names) {
    return cid.isPresent() ? names.stream().limit(SOUGHT_MAX).toList() : List.of();
  }

  /// Checks names before anything is signed, but for those that are [#unseen].
  ///
  /// @throws FailureException if a file that the module needs is not among them
  void requireNames(List<String> names) {
    for (var name : names) {
      boolean given = cid.isPresent() || urls.containsKey(name) || files.stream().anyMatch(file -> file.endsWith(name))
          || folder.filter(path -> Files.exists(path.resolve(name))).isPresent();
      if (!given) {
        throw FailureException.usage("input file " + name + ": missing, the module needs it",
            "--input-file .../" + name + " or --inputs-path DIR");
      }
    }
  }

  private void stage(Path staged, long bytesMax, Screen screen) throws IOException {
    if (folder.isPresent()) {
      // refuses links, devices and what is too large before anything is copied
      folder(folder.get()).blocks(bytesMax);
      copyTree(folder.get(), staged);
    }
    for (var file : files) {
      new NamedPath("--input-file", file).requireFile();
      Files.copy(file, free(staged, file.getFileName().toString()), StandardCopyOption.COPY_ATTRIBUTES);
    }
    for (var url : urls.entrySet()) {
      screen.waiting("fetching " + url.getValue());
      fetch(url.getKey(), new UrlFile(url.getValue(), bytesMax, URL_PAUSE), free(staged, url.getKey()));
    }
  }

  private static void fetch(String name, UrlFile url, Path target) throws IOException {
    try {
      url.into(target);
    } catch (UrlRefusedException e) {
      throw FailureException.usage("--input-url " + name + ": " + e.getMessage(), "check the address");
    } catch (UrlUnavailableException e) {
      throw FailureException.ours("url-unavailable", "--input-url " + name + ": " + e.getMessage(),
          "try again in a moment, or fetch it yourself and give it with --input-file");
    }
  }

  private static NamedPath folder(Path path) {
    return new NamedPath("--inputs-path", path);
  }

  private static void copyTree(Path from, Path to) throws IOException {
    try (var paths = Files.walk(from)) {
      for (var path : paths.skip(1).toList()) {
        Files.copy(path, to.resolve(from.relativize(path).toString()), LinkOption.NOFOLLOW_LINKS);
      }
    }
  }

  private static Path free(Path staged, String name) {
    var target = staged.resolve(name);
    if (Files.exists(target)) {
      throw FailureException.usage("input file " + name + " twice (expected: each name once)", "");
    }
    return target;
  }

  /// Hashes everything before anything travels; a file that changes meanwhile is refused by the gateway.
  private static Bytes32 upload(FolderBlocks blocks, MarketClient market) {
    market.putTree(blocks.cids(), blocks);
    return blocks.root().digest();
  }
}
