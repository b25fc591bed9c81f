package network.lilypad.executor.docker;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import network.lilypad.protocol.value.Bytes32;
import network.lilypad.protocol.value.Sha256;

/// An image of the shell guests, made of the host's static busybox: the same bytes, and so the same id, in every build.
///
/// @param layer the root file system
/// @param config the image's configuration, whose sha2-256 is its id
public record ShellImage(byte[] layer, byte[] config) {
  private static final List<String> APPLETS = List.of("sh", "cat", "ls", "mkdir", "ln", "rm", "mv", "kill", "tr",
      "head",
      "seq", "sleep", "truncate", "dd", "printf", "id", "wget", "nc", "ip", "mount", "mkfifo", "mknod", "chmod",
      "chown",
      "yes", "true", "stat", "touch", "grep", "env", "pwd", "df", "ping", "su", "nproc", "find", "wc", "setsid",
      "date", "awk", "sed", "od", "tee");

  /// A script that tells the network interfaces besides `lo` that are up: kernels give more of them, down, for tunnels.
  static final String INTERFACES = "for i in /sys/class/net/*; do [ ${i##*/} = lo ] || [ $(($(cat $i/flags) & 1)) = 0 ]"
      + " || echo ${i##*/}; done";

  /// @param settings JSON members of the image's `config` object, such as its volumes; may be empty
  static ShellImage of(String settings) {
    return of(settings, Map.of());
  }

  /// An image with more in it.
  ///
  /// @param settings JSON members of the image's `config` object, such as its entrypoint; may be empty
  /// @param programs by their path in the image, without the leading `/`
  public static ShellImage of(String settings, Map<String, byte[]> programs) {
    var layer = rootFileSystem(new TreeMap<>(programs));
    var config = """
        {"architecture":"amd64","os":"linux","created":"1970-01-01T00:00:00Z","config":{%s},\
        "rootfs":{"type":"layers","diff_ids":["sha256:%s"]},"history":[{"created":"1970-01-01T00:00:00Z"}]}"""
        .formatted(settings, hex(layer));
    return new ShellImage(layer, config.getBytes(StandardCharsets.UTF_8));
  }

  private static byte[] rootFileSystem(SortedMap<String, byte[]> programs) {
    var tar = new Tar().folder("bin", 0755).folder("guests", 0755).folder("tmp", 01777).folder("home", 0777)
        .file("bin/busybox", 0755, busybox());
    APPLETS.forEach(applet -> tar.link("bin/" + applet, "busybox"));
    for (var guest : List.of("probe", "flood", "spin", "hog")) {
      tar.file("guests/" + guest, 0755, resource("/programs/sh/" + guest));
    }
    programs.forEach((path, program) -> tar.file(path, 0755, program));
    return tar.bytes();
  }

  private static byte[] busybox() {
    var found = Stream.of("/bin/busybox", "/usr/bin/busybox").map(Path::of).filter(Files::isExecutable).findFirst()
        .orElseThrow(() -> new IllegalStateException(
            "these tests need a static busybox at /bin/busybox. Next: apt-get install -y busybox-static"));
    try {
      return Files.readAllBytes(found);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] resource(String name) {
    try (var stream = Objects.requireNonNull(ShellImage.class.getResourceAsStream(name), name)) {
      return stream.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// What an engine calls it, whatever its name.
  public Bytes32 id() {
    return Sha256.hash(config);
  }

  /// What `docker load` takes.
  byte[] archive() {
    return archive("lilypad-test:" + hex(config).substring(0, 12));
  }

  /// What `docker load` takes.
  ///
  /// @param name with a tag
  byte[] archive(String name) {
    var manifest = "[{\"Config\":\"config.json\",\"RepoTags\":[\"%s\"],\"Layers\":[\"layer.tar\"]}]".formatted(name);
    return new Tar().file("config.json", 0644, config).file("layer.tar", 0644, layer)
        .file("manifest.json", 0644, manifest.getBytes(StandardCharsets.UTF_8)).bytes();
  }

  /// The layer as registries keep it.
  byte[] compressed() {
    var out = new ByteArrayOutputStream();
    try (var gzip = new GZIPOutputStream(out)) {
      gzip.write(layer);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  static String hex(byte[] bytes) {
    return Sha256.hash(bytes).toString().substring(2);
  }
}
