package network.lilypad.protocol.content;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import network.lilypad.protocol.content.ContentException.Reason;
import network.lilypad.protocol.content.DagNode.Directory;
import network.lilypad.protocol.content.DagNode.Entry;
import network.lilypad.protocol.content.DagNode.Link;

/// Turns files into blocks and hands every block to a sink; the last one's name is the root.
///
/// Streams: it holds one chunk of 1 MiB, 174 links per level of the current file, and the names and links of the
/// directories on the current path. Blocks the calling thread. As thread-safe as its sink. After an exception the sink
/// has some blocks of the tree, which nothing refers to.
public final class UnixFsWriter {
  private final BlockSink sink;
  private final TreeLimits limits;
  private final Layout layout;
  private final FileWriting files;

  /// How one regular file becomes blocks.
  @FunctionalInterface
  interface FileWriting {
    Link write(Path file, Place at, Budget budget) throws IOException;
  }

  /// @param sink takes every block; [BlockSink#NONE] if only roots are wanted
  /// @param limits how much to take in one call
  public UnixFsWriter(BlockSink sink, TreeLimits limits) {
    this(sink, limits, Layout.STANDARD);
  }

  UnixFsWriter(BlockSink sink, TreeLimits limits, Layout layout) {
    this.sink = sink;
    this.limits = limits;
    this.layout = layout;
    this.files = this::streamed;
  }

  UnixFsWriter(BlockSink sink, TreeLimits limits, FileWriting files) {
    this.sink = sink;
    this.limits = limits;
    this.layout = Layout.STANDARD;
    this.files = files;
  }

  /// Writes one file, read to its end and not closed.
  ///
  /// @return raw for a file of up to one chunk, dag-pb above
  /// @throws ContentException `TOO_MANY_BYTES` or `IO`
  public Cid writeFile(InputStream bytes) {
    try {
      return stream(bytes, Place.ROOT, new Budget(limits)).cid();
    } catch (IOException e) {
      throw new ContentException(e);
    }
  }

  /// Writes a directory with all below it. Nobody may change it meanwhile; links are refused, never followed.
  ///
  /// @param directory a directory, not a link to one
  /// @return dag-pb; its digest is the root
  /// @throws ContentException `NOT_A_DIRECTORY`, `UNSUPPORTED_FILE`, `BAD_NAME`, `TOO_DEEP`, `TOO_MANY_BYTES`,
  ///     `TOO_MANY_ENTRIES`, `BLOCK_TOO_LARGE` or `IO`; the message names the path relative to the directory
  public Cid writeDirectory(Path directory) {
    try {
      if (!Files.isDirectory(directory, NOFOLLOW_LINKS)) {
        throw new ContentException(Reason.NOT_A_DIRECTORY, "root", directory, "a directory, not a link to one");
      }
      return new Walk(new Budget(limits)).directory(directory, Place.ROOT).cid();
    } catch (IOException e) {
      throw new ContentException(e);
    }
  }

  private Link streamed(Path file, Place at, Budget budget) throws IOException {
    try (var bytes = Files.newInputStream(file, NOFOLLOW_LINKS)) {
      return stream(bytes, at, budget);
    }
  }

  private Link stream(InputStream bytes, Place at, Budget budget) throws IOException {
    var builder = new FileBuilder(layout, sink);
    byte[] chunk = bytes.readNBytes(layout.chunkBytes());
    do {
      budget.spendBytes(chunk.length, at);
      var cid = Cid.ofBlock(Cid.Codec.RAW, chunk);
      sink.put(cid, chunk);
      builder.add(cid, chunk.length);
      chunk = bytes.readNBytes(layout.chunkBytes());
    } while (chunk.length > 0);
    return builder.finish();
  }

  private final class Walk {
    private final Budget budget;

    Walk(Budget budget) {
      this.budget = budget;
    }

    Link directory(Path directory, Place at) throws IOException {
      var entries = new ArrayList<Entry>();
      for (String name : sortedNames(directory, at)) {
        entries.add(new Entry(name, entry(directory.resolve(name), at.child(name))));
      }
      var node = new Directory(entries);
      byte[] block = DagPb.encode(node);
      if (block.length > BlockSink.MAX_BLOCK_BYTES) {
        throw new ContentException(Reason.BLOCK_TOO_LARGE, at.toString(), entries.size() + " names",
            "a directory block of at most " + BlockSink.MAX_BLOCK_BYTES + " bytes");
      }
      var cid = Cid.ofBlock(Cid.Codec.DAG_PB, block);
      sink.put(cid, block);
      return new Link(cid, block.length + node.dagBytesBelow());
    }

    private List<String> sortedNames(Path directory, Place at) throws IOException {
      var names = new ArrayList<String>();
      try (var paths = Files.newDirectoryStream(directory)) {
        for (Path path : paths) {
          budget.spendEntries(1, at);
          names.add(name(path, at));
        }
      } catch (DirectoryIteratorException e) {
        throw e.getCause();
      }
      names.sort(EntryName.ORDER);
      return names;
    }

    /// A name whose bytes are not UTF-8, or that this JVM's locale cannot read, comes as a text that does not lead back
    /// to the file; taken as it reads, two files could have one name.
    private String name(Path path, Place at) {
      String name = path.getFileName().toString();
      EntryName.check(name, at);
      if (!leadsTo(path, name)) {
        throw EntryName.bad(name, at, "well-formed UTF-8, and a UTF-8 locale to read it");
      }
      return name;
    }

    private boolean leadsTo(Path path, String name) {
      try {
        return path.resolveSibling(name).equals(path);
      } catch (InvalidPathException _) {
        return false;
      }
    }

    private Link entry(Path path, Place at) throws IOException {
      var attributes = Files.readAttributes(path, BasicFileAttributes.class, NOFOLLOW_LINKS);
      if (attributes.isDirectory()) {
        return directory(path, at);
      }
      if (!attributes.isRegularFile()) {
        throw new ContentException(Reason.UNSUPPORTED_FILE, at.toString(),
            attributes.isSymbolicLink() ? "a symbolic link" : "a fifo, socket or device",
            "a regular file or a directory");
      }
      return files.write(path, at, budget);
    }
  }
}
