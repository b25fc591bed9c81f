package network.lilypad.node.modules.source;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import network.lilypad.node.modules.ModuleContents;
import network.lilypad.node.modules.ModulePath;
import network.lilypad.node.modules.ModuleRefusedException;
import network.lilypad.protocol.Rejection;

/// The files of a folder as they are now. Links are not followed: a module is what is in its folder.
///
/// @param folder which
record FolderContents(Path folder) implements ModuleContents {
  @Override public ByteString read(ModulePath path, long bytesMax) {
    var file = folder;
    for (var segment : path.segments()) {
      file = file.resolve(segment);
      if (Files.isSymbolicLink(file)) {
        throw ModuleRefusedException.malformed("module file " + path.text(), "a symbolic link", "a plain file");
      }
    }
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      throw ModuleRefusedException.malformed("module file", path.text(), "a file in " + folder);
    }
    try (var stream = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
      long size = Files.size(file);
      if (size > bytesMax) {
        throw new ModuleRefusedException(new Rejection.TooLarge("module file " + path.text(), size, bytesMax));
      }
      return ByteString.readFrom(stream);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
