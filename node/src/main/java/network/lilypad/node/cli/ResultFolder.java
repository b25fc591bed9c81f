package network.lilypad.node.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;
import network.lilypad.node.client.MarketClient;
import network.lilypad.node.client.Patience;
import network.lilypad.protocol.content.CarWriter;
import network.lilypad.protocol.content.Cid;
import network.lilypad.protocol.content.FolderBlocks;
import network.lilypad.protocol.content.ResultTree;
import network.lilypad.protocol.content.ResumedFolder;
import network.lilypad.protocol.content.TreeLimits;
import network.lilypad.protocol.value.Bytes32;
import network.lilypad.protocol.value.JobId;
import org.jspecify.annotations.Nullable;

/// Where a job's results are put: a folder that was not there before.
///
/// @param folder the folder
record ResultFolder(Path folder) {
  /// Where result folders are if nobody says otherwise.
  private static final String PARENT = "lilypad-results";

  /// The folder that a person named, else the job's own, beside others of the same short id.
  ///
  /// @param named with `--output-dir`
  /// @param working the working directory
  /// @param name the job's short id
  static ResultFolder of(@Nullable Path named, Path working, String name) {
    if (named != null) {
      return new ResultFolder(working.resolve(named));
    }
    var parent = working.resolve(PARENT);
    var folder = parent.resolve(name);
    for (int i = 2; Files.exists(folder); i++) {
      folder = parent.resolve(name + "-" + i);
    }
    return new ResultFolder(folder);
  }

  /// Looks whether it can be made. Makes nothing.
  ///
  /// @throws FailureException if it is there already, or nothing can be written beside it
  void requireNew() {
    new NamedPath("--output-dir", folder).requireNew();
  }

  /// Fetches a result and checks every byte of it against the root. Goes on where an earlier fetch broke.
  ///
  /// @throws network.lilypad.protocol.content.ContentException if the gateway's bytes are not those of the root
  /// @throws FailureException as [#requireNew]
  /// @throws IOException if the disk refuses
  ResultTree fetch(MarketClient market, JobId job, Bytes32 root, long bytesMax) throws IOException {
    requireNew();
    var parent = folder.toAbsolutePath().getParent();
    if (parent == null) {
      throw new IOException("no folder: " + folder);
    }
    Files.createDirectories(parent);
    var moved = new AtomicLong();
    Patience.STANDARD.with(moved::get, () -> {
      var resumed = new ResumedFolder(folder);
      var blocks = market.result(job, resumed.have(), 2 * bytesMax);
      try (blocks) {
        resumed.read(Cid.ofDirectory(root), blocks, new TreeLimits(bytesMax, JobInputs.ENTRIES_MAX));
      } finally {
        moved.addAndGet(blocks.bytes());
      }
      return folder;
    });
    var tree = new ResultTree(folder);
    tree.check();
    return tree;
  }

  /// Writes a fetched result into a CAR file, the root first.
  ///
  /// @param car is made, never overwritten
  /// @throws FailureException as [NamedPath#requireNew]
  /// @throws IOException if the disk refuses
  static void export(ResultTree tree, NamedPath car, long bytesMax) throws IOException {
    var limits = new TreeLimits(bytesMax, JobInputs.ENTRIES_MAX);
    var blocks = FolderBlocks.of(tree.directory(), limits);
    try (var out = car.create()) {
      CarWriter.write(out, blocks, limits, blocks.root());
    }
  }

  /// Bytes of all outputs.
  static long bytes(ResultTree tree) throws IOException {
    long total = 0;
    try (var paths = Files.walk(tree.directory())) {
      for (var path : paths.filter(Files::isRegularFile).toList()) {
        total += Files.size(path);
      }
    }
    return total;
  }
}
