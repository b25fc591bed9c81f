package network.lilypad.node.modules.source;

import org.eclipse.jgit.lib.Config;
import org.eclipse.jgit.storage.file.FileBasedConfig;
import org.eclipse.jgit.util.FS;
import org.eclipse.jgit.util.SystemReader;

/// Git without anybody's configuration: no file outside the cache is read or written, no git program is started,
/// nothing is tidied up in the background, and a module means the same for everyone.
final class Unconfigured extends SystemReader.Delegate {
  private Unconfigured(SystemReader system) {
    super(system);
  }

  /// Makes it hold for this process.
  static void install() {
    if (!(SystemReader.getInstance() instanceof Unconfigured)) {
      SystemReader.setInstance(new Unconfigured(SystemReader.getInstance()));
    }
  }

  @Override public FileBasedConfig openUserConfig(Config parent, FS fs) {
    var config = new Nothing(parent, fs);
    // after a fetch JGit tidies up on a thread of its own, behind the cache's lock
    config.setInt("gc", null, "auto", 0);
    config.setBoolean("gc", null, "autodetach", false);
    return config;
  }

  @Override public FileBasedConfig openSystemConfig(Config parent, FS fs) {
    return new Nothing(parent, fs);
  }

  @Override public FileBasedConfig openJGitConfig(Config parent, FS fs) {
    return new Nothing(parent, fs);
  }

  /// A configuration without a file.
  private static final class Nothing extends FileBasedConfig {
    Nothing(Config parent, FS fs) {
      super(parent, new java.io.File("no-git-configuration"), fs);
    }

    @Override public void load() {}

    @Override public void save() {}

    @Override public boolean isOutdated() { return false; }
  }
}
