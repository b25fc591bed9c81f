package network.lilypad.node.modules.source;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.eclipse.jgit.dircache.DirCache;
import org.eclipse.jgit.dircache.DirCacheEntry;
import org.eclipse.jgit.lib.CommitBuilder;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.lib.PersonIdent;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.lib.TagBuilder;
import org.eclipse.jgit.storage.file.FileRepositoryBuilder;

/// A bare repository of this machine, which plays the part of a server.
record GitOrigin(Path folder) {
  static final GitOrigin NONE = new GitOrigin(Path.of(""));
  private static final PersonIdent AUTHOR = new PersonIdent("author", "author@example.org",
      Instant.ofEpochSecond(1_700_000_000), ZoneOffset.UTC);

  static GitOrigin create(Path folder) throws IOException {
    Unconfigured.install();
    try (var git = open(folder)) {
      git.create(true);
    }
    return new GitOrigin(folder);
  }

  private static Repository open(Path folder) throws IOException {
    return new FileRepositoryBuilder().setGitDir(folder.toFile()).setBare().build();
  }

  String url() {
    return "file://" + folder;
  }

  String uri() {
    return folder.toUri().toString();
  }

  /// Commits exactly these files on top of `master`; a text that begins with `->` is a symbolic link.
  void commit(String message, Map<String, String> files) throws IOException {
    try (var git = open(folder); var objects = git.newObjectInserter()) {
      var commit = new CommitBuilder();
      commit.setTreeId(tree(files, objects));
      commit.setAuthor(AUTHOR);
      commit.setCommitter(AUTHOR);
      commit.setMessage(message);
      var parent = git.resolve("refs/heads/master");
      if (parent != null) {
        commit.setParentId(parent);
      }
      var id = objects.insert(commit);
      objects.flush();
      set(git, "refs/heads/master", id);
    }
  }

  private static ObjectId tree(Map<String, String> files, ObjectInserter objects) throws IOException {
    var index = DirCache.newInCore();
    var builder = index.builder();
    for (var file : new TreeMap<>(files).entrySet()) {
      boolean link = file.getValue().startsWith("->");
      var entry = new DirCacheEntry(file.getKey());
      entry.setFileMode(link ? FileMode.SYMLINK : FileMode.REGULAR_FILE);
      entry.setObjectId(objects.insert(Constants.OBJ_BLOB,
          file.getValue().substring(link ? 2 : 0).getBytes(StandardCharsets.UTF_8)));
      builder.add(entry);
    }
    builder.finish();
    return index.writeTree(objects);
  }

  /// Puts a tag on `master`.
  ///
  /// @return the commit
  String tag(String name, boolean annotated) throws IOException {
    try (var git = open(folder); var objects = git.newObjectInserter()) {
      var head = Objects.requireNonNull(git.resolve("refs/heads/master"));
      if (!annotated) {
        set(git, "refs/tags/" + name, head);
        return head.name();
      }
      var tag = new TagBuilder();
      tag.setTag(name);
      tag.setObjectId(head, Constants.OBJ_COMMIT);
      tag.setTagger(AUTHOR);
      tag.setMessage(name);
      var id = objects.insert(tag);
      objects.flush();
      set(git, "refs/tags/" + name, id);
      return head.name();
    }
  }

  /// Puts a branch on `master`.
  ///
  /// @return the commit
  String branch(String name) throws IOException {
    try (var git = open(folder)) {
      var head = Objects.requireNonNull(git.resolve("refs/heads/master"));
      set(git, "refs/heads/" + name, head);
      return head.name();
    }
  }

  private static void set(Repository git, String ref, ObjectId id) throws IOException {
    var update = git.updateRef(ref);
    update.setNewObjectId(id);
    update.setForceUpdate(true);
    update.update();
  }
}
