package network.lilypad.node.cli;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
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

/// Where a job's results are put: a folder that was not there before.
///
/// @param folder the folder
record ResultFolder(Path folder) {
  /// The folder of a job, beside others of the same short id.
  ///
  /// @param parent where result folders are
  /// @param name the job's short id
  static ResultFolder fresh(Path parent, String name) {
    var folder = parent.resolve(name);
    for (int i = 2; Files.exists(folder); i++) {
      folder = parent.resolve(name + "-" + i);
    }
    return new ResultFolder(folder);
  }

  /// Fetches a result and checks every byte of it against the root. Goes on where an earlier fetch broke.
  ///
  /// @throws network.lilypad.protocol.content.ContentException if the gateway's bytes are not those of the root
  /// @throws IOException if the folder is there already, or the disk refuses
  ResultTree fetch(MarketClient market, JobId job, Bytes32 root, long bytesMax) throws IOException {
    if (Files.exists(folder)) {
      throw new FileAlreadyExistsException(folder + " is there already, nothing is overwritten");
    }
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
  /// @throws IOException if it is there already, or the disk refuses
  static void export(ResultTree tree, Path car, long bytesMax) throws IOException {
    var limits = new TreeLimits(bytesMax, JobInputs.ENTRIES_MAX);
    var blocks = FolderBlocks.of(tree.directory(), limits);
    try (var out = new BufferedOutputStream(Files.newOutputStream(car, StandardOpenOption.CREATE_NEW))) {
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
