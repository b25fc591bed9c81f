package network.lilypad.node.modules.source;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import network.lilypad.node.modules.ModuleContents;
import network.lilypad.node.modules.ModulePath;
import network.lilypad.node.modules.ModuleRefusedException;
import network.lilypad.protocol.Rejection;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.storage.file.FileRepositoryBuilder;
import org.eclipse.jgit.treewalk.TreeWalk;

/// The files of one commit, read from git's objects: nothing is ever checked out.
///
/// @param repository a bare repository
/// @param commit which
record GitContents(Path repository, ObjectId commit) implements ModuleContents {
  @Override public ByteString read(ModulePath path, long bytesMax) {
    try (var git = open(repository)) {
      return read(git, path, bytesMax);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Repository open(Path repository) throws IOException {
    return new FileRepositoryBuilder().setGitDir(repository.toFile()).setBare().build();
  }

  private ByteString read(Repository git, ModulePath path, long bytesMax) throws IOException {
    try (var commits = new RevWalk(git);
        var found = TreeWalk.forPath(git, path.text(), commits.parseCommit(commit).getTree())) {
      if (found == null) {
        throw ModuleRefusedException.malformed("module file", path.text(), "a file of commit " + commit.name());
      }
      requireFile(found.getFileMode(0), path);
      var blob = git.open(found.getObjectId(0));
      if (blob.getSize() > bytesMax) {
        throw new ModuleRefusedException(
            new Rejection.TooLarge("module file " + path.text(), blob.getSize(), bytesMax));
      }
      return UnsafeByteOperations.unsafeWrap(blob.getCachedBytes((int) Math.min(bytesMax, Integer.MAX_VALUE)));
    }
  }

  private static void requireFile(FileMode mode, ModulePath path) {
    if (!mode.equals(FileMode.REGULAR_FILE) && !mode.equals(FileMode.EXECUTABLE_FILE)) {
      var kind = mode.equals(FileMode.SYMLINK) ? "a symbolic link"
          : mode.equals(FileMode.GITLINK) ? "a submodule" : "a folder";
      throw ModuleRefusedException.malformed("module file " + path.text(), kind, "a plain file");
    }
  }
}
