package network.lilypad.node.modules.image;

import java.nio.file.Path;
import java.util.Map;
import network.lilypad.executor.docker.DockerSetting;
import network.lilypad.executor.docker.RegistryLogin;
import network.lilypad.node.modules.ImageDigests;
import network.lilypad.node.modules.ImageReference;
import network.lilypad.node.modules.ModuleRefusedException;
import network.lilypad.node.modules.ModuleUnavailableException;
import network.lilypad.protocol.Rejection;
import network.lilypad.protocol.value.Bytes32;

/// Pinned images as they are pinned; others as the local engine knows them, else as their registry says now.
public final class ResolvedImages implements ImageDigests {
  private final LocalEngine engine;
  private final RegistryClient registry;

  ResolvedImages(LocalEngine engine, RegistryClient registry) {
    this.engine = engine;
    this.registry = registry;
  }

  /// @param environment of the process: `DOCKER_HOST` says where the engine listens, if not at the usual socket, and
  ///     `DOCKER_CONFIG` where the user's logins are, if not in `.docker` in the home
  public static ResolvedImages of(Map<String, String> environment) {
    var folder = DockerSetting.credentialsOf(environment.get("DOCKER_CONFIG"));
    var host = environment.getOrDefault("DOCKER_HOST", "unix:///var/run/docker.sock");
    return new ResolvedImages(new LocalEngine(host.startsWith("unix://") ? Path.of(host.substring("unix://".length()))
        : Path.of("no-local-engine")),
        new RegistryClient(repository -> RegistryLogin.of(folder, repository)));
  }

  @Override public Bytes32 digest(ImageReference image) {
    var local = image.digest().or(() -> engine.digest(image));
    try {
      return local.or(() -> registry.digest(image)).orElseThrow(() -> new ModuleRefusedException(
          new Rejection.Malformed("module field job.Spec.Docker.Image", image.toString(),
              "an image that the local engine "
                  + "or " + image.registry() + " has for you (docker login); or pin it as " + image.name()
                  + "@sha256:...")));
    } catch (RegistryUnavailableException e) {
      throw new ModuleUnavailableException("image " + image + ": " + e.getMessage(),
          "pin it in the module as " + image.tagged() + "@sha256:..., or pull it into the local engine");
    }
  }
}
