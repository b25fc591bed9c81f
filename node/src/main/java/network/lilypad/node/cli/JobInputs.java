package network.lilypad.node.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import network.lilypad.node.client.MarketClient;
import network.lilypad.node.client.Trees;
import network.lilypad.protocol.content.BlockSink;
import network.lilypad.protocol.content.TreeLimits;
import network.lilypad.protocol.content.UnixFsWriter;
import network.lilypad.protocol.value.Bytes32;

/// The files a job gets: a folder, single files, or both.
///
/// @param folder a folder, its contents become `/inputs`
/// @param files files that are put into `/inputs` by their names
record JobInputs(Optional<Path> folder, List<Path> files) {
  /// The gateway's default bound of a tree.
  static final int ENTRIES_MAX = 100_000;

  /// Stores them at the gateway.
  ///
  /// @return the root, zero if there are none
  /// @throws FailureException if a file is not there or a name is taken twice
  Bytes32 upload(MarketClient market, long bytesMax) throws IOException {
    if (folder.isEmpty() && files.isEmpty()) {
      return Bytes32.ZERO;
    }
    if (files.isEmpty()) {
      return upload(folder.get(), market, bytesMax);
    }
    var staged = Files.createTempDirectory("lilypad-inputs-");
    try {
      if (folder.isPresent()) {
        copyTree(folder.get(), staged);
      }
      for (var file : files) {
        copy(file, staged);
      }
      return upload(staged, market, bytesMax);
    } finally {
      Trees.delete(staged);
    }
  }

  private static void copyTree(Path from, Path to) throws IOException {
    try (var paths = Files.walk(from)) {
      for (var path : paths.skip(1).toList()) {
        Files.copy(path, to.resolve(from.relativize(path).toString()), java.nio.file.LinkOption.NOFOLLOW_LINKS);
      }
    }
  }

  private static void copy(Path file, Path to) throws IOException {
    if (!Files.isRegularFile(file)) {
      throw FailureException.usage("input file: " + file + " (expected: a file)", "check the path");
    }
    var target = to.resolve(file.getFileName());
    if (Files.exists(target)) {
      throw FailureException.usage("input file: " + file.getFileName() + " twice (expected: each name once)", "");
    }
    Files.copy(file, target, StandardCopyOption.COPY_ATTRIBUTES);
  }

  /// Twice over the files: a folder that is refused is refused before anything travels.
  private static Bytes32 upload(Path folder, MarketClient market, long bytesMax) {
    var limits = new TreeLimits(bytesMax, ENTRIES_MAX);
    var root = new UnixFsWriter(BlockSink.NONE, limits).writeDirectory(folder);
    market.putTree(sink -> {
      if (!new UnixFsWriter(sink, limits).writeDirectory(folder).equals(root)) {
        throw FailureException.usage("inputs: " + folder + " changed while it was read", "try again");
      }
    });
    return root.digest();
  }
}
