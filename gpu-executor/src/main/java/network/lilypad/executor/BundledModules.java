package network.lilypad.executor;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import network.lilypad.protocol.Defect;
import network.lilypad.protocol.value.Bytes32;
import network.lilypad.protocol.value.Sha256;

/// The modules that come with every node: WebAssembly commands, so a fresh installation can run jobs at once, and
/// definitions of containers, for machines with an engine.
public final class BundledModules {
  private static final List<Bundled> ALL = read("bundled.txt").lines().map(Bundled::parse).toList();

  private BundledModules() {}

  /// All of them, by name.
  public static List<Bundled> all() {
    return ALL;
  }

  /// The first by a name; WebAssembly comes first.
  public static Optional<Bundled> find(String name) {
    return ALL.stream().filter(bundled -> bundled.name().equals(name)).findFirst();
  }

  /// A module of ours.
  ///
  /// @param name such as `cowsay`
  /// @param version its tag, such as `v0.0.4`
  /// @param digest sha2-256 of the WebAssembly module; zero: it is a container, whose image its template names
  public record Bundled(String name, String version, Bytes32 digest) {
    private static final String CONTAINER = "container";

    private static Bundled parse(String line) {
      var parts = List.of(line.split(" ", -1));
      Defect.unless(parts.size() == 3, "bundled module: " + line + " (expected: name, version and digest)");
      return new Bundled(parts.get(0), parts.get(1),
          parts.get(2).equals(CONTAINER) ? Bytes32.ZERO : Bytes32.parse("0x" + parts.get(2)));
    }

    /// Whether it runs in a container.
    public boolean container() {
      return digest.isZero();
    }

    /// Name and version as a job creator writes them: `cowsay:v0.0.4`.
    public String reference() {
      return name + ":" + version;
    }

    /// The text of its `lilypad_module.json.tmpl`; a WebAssembly module's `EntryModule` is `module.wasm`.
    public String template() {
      return read((container() ? "containers/" : "") + name + "/lilypad_module.json.tmpl");
    }

    /// The bytes of `module.wasm`, a fresh array. A container has none.
    public byte[] wasm() {
      var bytes = bytes(name + "/module.wasm");
      Defect.unless(Sha256.hash(bytes).equals(digest),
          "bundled module: " + name + " (expected: digest " + digest + ")");
      return bytes;
    }
  }

  private static String read(String path) {
    return new String(bytes(path), StandardCharsets.UTF_8);
  }

  private static byte[] bytes(String path) {
    try (var stream = BundledModules.class.getResourceAsStream("/modules/" + path)) {
      return Objects.requireNonNull(stream, path).readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
