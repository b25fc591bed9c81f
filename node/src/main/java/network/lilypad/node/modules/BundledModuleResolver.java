package network.lilypad.node.modules;

import com.google.protobuf.ByteString;
import java.util.List;
import java.util.Optional;
import network.lilypad.executor.BundledModules;
import network.lilypad.executor.BundledModules.Bundled;
import network.lilypad.protocol.Rejection;

/// The modules that come with every node.
public final class BundledModuleResolver implements ModuleResolver {
  /// What a name may be: a job's own bound.
  private static final int NAME_CHARS_MAX = 256;

  @Override public LilypadModule resolve(String name) {
    return find(name)
        .orElseThrow(() -> new ModuleRefusedException(new Rejection.UnknownModule(
            name.substring(0, Math.min(name.length(), NAME_CHARS_MAX)), String.join(", ", known()))));
  }

  /// One by name, or by name and tag.
  public Optional<LilypadModule> find(String name) {
    return bundled(name).map(BundledModuleResolver::module);
  }

  private static Optional<Bundled> bundled(String name) {
    return name.contains(":")
        ? BundledModules.all().stream().filter(module -> module.reference().equals(name)).findFirst()
        : BundledModules.find(name);
  }

  private static LilypadModule module(Bundled bundled) {
    return new LilypadModule(bundled.reference(), "bundled " + bundled.reference(), bundled.template(),
        (path, _) -> program(bundled, path));
  }

  private static ByteString program(Bundled bundled, ModulePath path) {
    if (bundled.container() || !path.text().equals(Launch.WASM_FILE)) {
      throw ModuleRefusedException.malformed("module file", path.text(), "a file of " + bundled.reference());
    }
    return ByteString.copyFrom(bundled.wasm());
  }

  @Override public List<String> known() {
    return BundledModules.all().stream().map(Bundled::reference).sorted().toList();
  }
}
