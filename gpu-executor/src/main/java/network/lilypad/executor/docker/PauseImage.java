package network.lilypad.executor.docker;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import network.lilypad.protocol.value.Sha256;

/// An image of one program that only waits: made here, so that no registry is needed.
final class PauseImage {
  private static final String PROGRAM = "pause";

  private final String name;
  private final byte[] archive;

  private PauseImage(String name, byte[] archive) {
    this.name = name;
    this.archive = archive;
  }

  /// @param architecture as engines name it
  /// @throws network.lilypad.executor.ExecutorUnavailableException if there is no program for it
  static PauseImage of(String architecture) {
    var layer = new Tar().file(PROGRAM, 0755, PauseProgram.of(architecture)).bytes();
    var config = """
        {"architecture":"%s","os":"linux","created":"1970-01-01T00:00:00Z","config":{"Entrypoint":["/%s"]},\
        "rootfs":{"type":"layers","diff_ids":["sha256:%s"]},"history":[{"created":"1970-01-01T00:00:00Z"}]}"""
        .formatted(architecture, PROGRAM, sha256(layer)).getBytes(StandardCharsets.UTF_8);
    var name = "lilypad-pause:" + sha256(config).substring(0, 12);
    var manifest = "[{\"Config\":\"config.json\",\"RepoTags\":[\"%s\"],\"Layers\":[\"layer.tar\"]}]".formatted(name);
    return new PauseImage(name, new Tar().file("config.json", 0644, config).file("layer.tar", 0644, layer)
        .file("manifest.json", 0644, manifest.getBytes(StandardCharsets.UTF_8)).bytes());
  }

  /// The engine's name of it, which has a part of its hash: another program has another name.
  String name() {
    return name;
  }

  /// What an engine loads.
  byte[] archive() {
    return archive.clone();
  }

  private static String sha256(byte[] bytes) {
    return HexFormat.of().formatHex(Sha256.hash(bytes).bytes());
  }
}
