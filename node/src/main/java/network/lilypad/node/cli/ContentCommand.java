package network.lilypad.node.cli;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import network.lilypad.node.client.BlockFolder;
import network.lilypad.node.client.MarketClient;
import network.lilypad.protocol.content.CarReader;
import network.lilypad.protocol.content.CarWriter;
import network.lilypad.protocol.content.Cid;
import network.lilypad.protocol.content.TreeLimits;
import network.lilypad.protocol.content.UnixFsReader;
import picocli.CommandLine;
import picocli.CommandLine.Parameters;

/// `lilypad content`: folders and CAR files as content that jobs name by its CID.
@CommandLine.Command(name = "content", description = "Folders and CAR files as content that jobs name by its CID.",
    synopsisSubcommandLabel = "COMMAND")
final class ContentCommand {
  /// The most bytes of a folder that is only hashed or exported: what a node may be configured to take.
  private static final long LOCAL_BYTES_MAX = 1L << 40;

  private ContentCommand() {}

  /// All of it for picocli.
  static CommandLine create(Terminal terminal) {
    return new CommandLine(new ContentCommand()).addSubcommand(new Import(terminal)).addSubcommand(new Export(terminal))
        .addSubcommand(new Name(terminal));
  }

  private static NamedPath content(Terminal terminal, Path given) {
    return new NamedPath("content", terminal.folder().resolve(given));
  }

  /// `lilypad content import`.
  @CommandLine.Command(name = "import",
      description = "Store a folder or a CAR file at the gateway, for 'run --inputs-cid'.", footer = {"",
          "A CAR file must hold the tree that lilypad itself makes. Kubo makes the same one with:",
          "  ipfs add -r --cid-version=1 --raw-leaves --chunker=size-1048576 DIR", "",
          "Content that no job uses is kept for the gateway's retention, a day by default."})
  static final class Import extends Command {
    @Parameters(index = "0", paramLabel = "DIR|FILE.car",
        description = "A folder, or a CAR file of version 1 with one root.")
    private Path source = Path.of("");

    Import(Terminal terminal) {
      super(terminal);
    }

    @Override int run(Screen screen) throws IOException {
      var from = content(terminal(), source);
      boolean folder = Files.isDirectory(from.path());
      if (!folder) {
        from.requireFile();
      }
      try (var connection = Connection.open(common(), terminal(), screen)) {
        long bytesMax = connection.info().getMaxContentBytes();
        var root = folder ? folder(from, connection.market(), bytesMax)
            : car(from, connection.market(), bytesMax);
        screen.answer(root.toString(), Screen.event("imported").put("cid", root.toString()));
        return ExitCode.OK;
      }
    }

    private static Cid folder(NamedPath folder, MarketClient market, long bytesMax) {
      var blocks = folder.blocks(bytesMax);
      market.putTree(blocks.cids(), blocks);
      return blocks.root();
    }

    private static Cid car(NamedPath car, MarketClient market, long bytesMax) throws IOException {
      try (var blocks = new BlockFolder(Path.of(System.getProperty("java.io.tmpdir")), 2 * bytesMax);
          var in = new BufferedInputStream(Files.newInputStream(car.path()))) {
        var cids = new ArrayList<Cid>();
        var root = car.content(() -> {
          var found = new CarReader(2 * bytesMax).read(in, blocks);
          new UnixFsReader(blocks, new TreeLimits(bytesMax, JobInputs.ENTRIES_MAX)).blocks(found,
              (cid, _) -> cids.add(cid));
          return found;
        });
        market.putTree(cids, blocks);
        return root;
      }
    }
  }

  /// `lilypad content export`.
  @CommandLine.Command(name = "export", description = "Write a folder into a CAR file; asks no gateway.")
  static final class Export extends Command {
    @Parameters(index = "0", paramLabel = "DIR", description = "A folder.")
    private Path folder = Path.of("");

    @Parameters(index = "1", paramLabel = "FILE.car", description = "A file that is not there yet.")
    private Path car = Path.of("");

    Export(Terminal terminal) {
      super(terminal, new CommonOptions());
    }

    @Override int run(Screen screen) throws IOException {
      var file = new NamedPath("CAR file", terminal().folder().resolve(car));
      file.requireNew();
      var blocks = content(terminal(), folder).blocks(LOCAL_BYTES_MAX);
      try (var out = file.create()) {
        CarWriter.write(out, blocks, new TreeLimits(LOCAL_BYTES_MAX, JobInputs.ENTRIES_MAX), blocks.root());
      }
      screen.answer(blocks.root().toString(), Screen.event("exported").put("cid", blocks.root().toString())
          .put("blocks", blocks.cids().size()).put("bytes", blocks.bytes()));
      return ExitCode.OK;
    }
  }

  /// `lilypad content cid`.
  @CommandLine.Command(name = "cid", description = "The CID of a folder; asks no gateway.")
  static final class Name extends Command {
    @Parameters(index = "0", paramLabel = "DIR", description = "A folder.")
    private Path folder = Path.of("");

    Name(Terminal terminal) {
      super(terminal, new CommonOptions());
    }

    @Override int run(Screen screen) {
      var root = content(terminal(), folder).blocks(LOCAL_BYTES_MAX).root();
      screen.answer(root.toString(), Screen.event("cid").put("cid", root.toString()));
      return ExitCode.OK;
    }
  }
}
