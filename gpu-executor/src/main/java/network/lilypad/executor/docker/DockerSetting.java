package network.lilypad.executor.docker;

import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;
import network.lilypad.executor.egress.EgressRule;
import network.lilypad.protocol.value.NetworkPolicy;
import org.jspecify.annotations.Nullable;

/// How an agent uses a container engine.
///
/// @param engine `unix:///` and the path of its socket: folders are shared with it, so it must be on this machine
/// @param owner whose containers are whose: 1 to 64 lower-case letters and digits, the same after a restart
/// @param network the most a job may reach
/// @param credentials folder of a Docker `config.json` with passwords of registries; read at each pull, may be missing
/// @param egress what holds for every job with network `http`, whatever hosts it names
/// @param images what they may take of the disk
public record DockerSetting(URI engine, String owner, NetworkPolicy network, Path credentials, EgressRule egress,
    ImageRule images) {
  /// Where engines listen unless told otherwise.
  public static final URI ENGINE_DEFAULT = URI.create("unix:///var/run/docker.sock");

  private static final Pattern OWNER = Pattern.compile("[a-z0-9]{1,64}");

  /// With the internet as what `http` reaches.
  ///
  /// @throws IllegalArgumentException if the engine is not on this machine or the owner is no plain name
  public DockerSetting(URI engine, String owner, NetworkPolicy network, Path credentials) {
    this(engine, owner, network, credentials, EgressRule.PUBLIC, ImageRule.USUAL);
  }

  /// The same with another rule for images.
  public DockerSetting with(ImageRule rule) {
    return new DockerSetting(engine, owner, network, credentials, egress, rule);
  }

  /// Checks engine and owner.
  ///
  /// @throws IllegalArgumentException if the engine is not on this machine or the owner is no plain name
  public DockerSetting {
    if (!"unix".equals(engine.getScheme()) || engine.getPath().length() < 2) {
      throw new IllegalArgumentException("engine: " + engine + " (expected: unix:///path, a socket of this machine)");
    }
    if (!OWNER.matcher(owner).matches()) {
      throw new IllegalArgumentException("owner: " + owner + " (expected: 1 to 64 lower-case letters and digits)");
    }
  }

  /// The engine that Docker's own tools would use, without network, with the user's own passwords.
  ///
  /// @param owner whose containers they are
  /// @throws IllegalArgumentException if `DOCKER_HOST` names an engine elsewhere
  public static DockerSetting of(String owner) {
    return new DockerSetting(engineOf(System.getenv("DOCKER_HOST")), owner, NetworkPolicy.NONE,
        credentialsOf(System.getenv("DOCKER_CONFIG")));
  }

  private static URI engineOf(@Nullable String host) {
    return Optional.ofNullable(host).filter(text -> !text.isBlank()).map(URI::create).orElse(ENGINE_DEFAULT);
  }

  /// Where Docker's own tools keep the user's passwords of registries.
  ///
  /// @param folder what `DOCKER_CONFIG` says; null or blank: the usual one
  public static Path credentialsOf(@Nullable String folder) {
    return Optional.ofNullable(folder).filter(text -> !text.isBlank()).map(Path::of)
        .orElseGet(() -> Path.of(System.getProperty("user.home"), ".docker"));
  }
}
