package network.lilypad.node.modules;

import java.util.Optional;
import java.util.regex.Pattern;
import network.lilypad.protocol.value.Bytes32;

/// The name of a container image as a module writes it: `registry/repository:tag@sha256:digest`, of which only the
/// repository must be there. Docker's rules: no registry is Docker Hub, where one-part names are under `library`.
///
/// @param name registry and repository as written, such as `ghcr.io/owner/cowsay` or `cowsay`
/// @param tag `latest` if there is none
/// @param digest the pinned manifest, if it is pinned
public record ImageReference(String name, String tag, Optional<Bytes32> digest) {
  private static final String PART = "[a-z0-9]+(?:(?:[._]|__|-{1,8})[a-z0-9]+){0,32}";
  private static final String HOST = "[A-Za-z0-9](?:[A-Za-z0-9.-]{0,252})(?::[0-9]{1,5})?";
  private static final Pattern REFERENCE = Pattern.compile("((?:" + HOST + "/)?" + PART + "(?:/" + PART + "){0,8})"
      + "(?::([A-Za-z0-9_][A-Za-z0-9._-]{0,127}))?(?:@sha256:([0-9a-f]{64}))?");
  private static final int CHARS_MAX = 512;
  private static final String HUB = "registry-1.docker.io";

  /// @throws ModuleRefusedException if it is no image's name
  public static ImageReference parse(String text) {
    var matcher = REFERENCE.matcher(text.length() <= CHARS_MAX ? text : "");
    if (!matcher.matches()) {
      throw ModuleRefusedException.malformed("module field job.Spec.Docker.Image",
          text.length() <= 120 ? text : text.substring(0, 120) + "...",
          "an image such as name:tag or registry/owner/name:tag@sha256:<64 hexadecimal digits>");
    }
    return new ImageReference(matcher.group(1), Optional.ofNullable(matcher.group(2)).orElse("latest"),
        Optional.ofNullable(matcher.group(3)).map(hex -> Bytes32.parse("0x" + hex)));
  }

  /// Where its registry answers.
  public String registry() {
    return hasRegistry() && !hubAlias() ? first() : HUB;
  }

  /// Its path at that registry.
  public String repository() {
    var path = hasRegistry() ? name.substring(name.indexOf('/') + 1) : name;
    return registry().equals(HUB) && !path.contains("/") ? "library/" + path : path;
  }

  private boolean hubAlias() {
    return first().equals("docker.io") || first().equals("index.docker.io");
  }

  private String first() {
    return name.substring(0, Math.max(0, name.indexOf('/')));
  }

  private boolean hasRegistry() {
    return first().contains(".") || first().contains(":") || first().equals("localhost");
  }

  /// Name and tag, for an engine to find or pull.
  public String tagged() {
    return name + ":" + tag;
  }

  @Override public String toString() {
    return tagged() + digest.map(pinned -> "@sha256:" + pinned.toString().substring(2)).orElse("");
  }
}
