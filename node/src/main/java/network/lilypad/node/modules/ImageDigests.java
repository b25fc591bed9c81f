package network.lilypad.node.modules;

import network.lilypad.protocol.value.Bytes32;

/// Says what exactly stands behind the name of a container image now. Blocks, on the local engine or a registry.
@FunctionalInterface
public interface ImageDigests {
  /// Takes only what the module itself has pinned.
  ImageDigests PINNED = image -> image.digest().orElseThrow(() -> ModuleRefusedException.malformed(
      "module field job.Spec.Docker.Image", image.toString(), "an image pinned as " + image.name() + "@sha256:..."));

  /// The digest of the manifest, or the id of an image that only a local engine has.
  ///
  /// @throws ModuleRefusedException if there is no such image
  /// @throws ModuleUnavailableException if nobody could be asked
  Bytes32 digest(ImageReference image);
}
