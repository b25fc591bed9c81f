package network.lilypad.node.modules;

import com.google.protobuf.ByteString;

/// The files of a module at one version.
@FunctionalInterface
public interface ModuleContents {
  /// No files at all: a module whose program is a container image.
  ModuleContents NONE = (path, _) -> {
    throw ModuleRefusedException.malformed("module file", path.text(), "a file of the module, but it has none");
  };

  /// Reads a file.
  ///
  /// @param path inside the module, with `/`; see [ModulePath]
  /// @param bytesMax the most it may have
  /// @throws ModuleRefusedException if there is no such plain file, or it is larger
  ByteString read(ModulePath path, long bytesMax);
}
