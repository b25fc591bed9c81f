package network.lilypad.node.agent;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.TimeUnit;
import network.lilypad.executor.RunDirectory;
import network.lilypad.node.client.Durable;
import network.lilypad.protocol.proto.v1.Run;
import network.lilypad.protocol.proto.v1.RunReport;
import network.lilypad.protocol.proto.v1.Signed;
import network.lilypad.protocol.value.DealId;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What an agent has put its name to, one folder for each deal: `lease` (the job and the signed lease), `taken` (it was
/// told to run it), `ending` (the signed result or release), `report` (what became of the run, for people) and `run`
/// (the run's files).
///
/// Each file but the report is there as a whole or not at all and is on the disk before anybody hears of it, so a
/// killed agent answers the same when it is asked again. Thread-safe.
final class Spool {
  private static final Logger LOG = LoggerFactory.getLogger(Spool.class);
  /// The most deals: what a Hello may name.
  static final int DEALS_MAX = 1024;
  /// How long a deal that nobody asks about is kept: longer than any outage that ends well.
  static final long KEPT_SECONDS = 24 * 3600;

  private static final String LEASE = "lease";
  private static final String TAKEN = "taken";
  private static final String ENDING = "ending";
  private static final String REPORT = "report";
  private static final String RUN = "run";

  private final Path folder;
  private final SortedMap<DealId, SpooledDeal> deals = new ConcurrentSkipListMap<>();

  private Spool(Path folder) {
    this.folder = folder;
  }

  /// Opens the spool and reads what an earlier process left.
  ///
  /// @throws IOException if the disk refuses or a file is not what it was
  static Spool open(Path folder) throws IOException {
    Files.createDirectories(folder);
    var spool = new Spool(folder);
    try (var entries = Files.newDirectoryStream(folder)) {
      for (var entry : entries) {
        spool.load(entry);
      }
    }
    Durable.sync(folder);
    return spool;
  }

  private void load(Path entry) throws IOException {
    var lease = entry.resolve(LEASE);
    if (!Files.exists(lease)) {
      discard(entry);
      return;
    }
    var ending = entry.resolve(ENDING);
    try {
      var deal = new SpooledDeal(Run.parseFrom(Files.readAllBytes(lease)), Files.exists(entry.resolve(TAKEN)),
          Files.exists(ending) ? Optional.of(Signed.parseFrom(Files.readAllBytes(ending))) : Optional.empty(),
          report(entry), Files.getLastModifiedTime(lease).to(TimeUnit.SECONDS));
      deals.put(deal.deal(), deal);
    } catch (InvalidProtocolBufferException | IllegalArgumentException e) {
      throw new IOException("spool: " + lease + " is not readable; move the folder away to start without it", e);
    }
  }

  /// Nobody is paid by it: what is not readable is not there.
  private static Optional<RunReport> report(Path entry) {
    try {
      var file = entry.resolve(REPORT);
      return Files.exists(file) ? Optional.of(RunReport.parseFrom(Files.readAllBytes(file))) : Optional.empty();
    } catch (IOException e) {
      LOG.debug("{} is not read: {}", entry, e.toString());
      return Optional.empty();
    }
  }

  Optional<SpooledDeal> find(DealId deal) {
    return Optional.ofNullable(deals.get(deal));
  }

  Collection<SpooledDeal> all() {
    return deals.values();
  }

  boolean full() {
    return deals.size() >= DEALS_MAX;
  }

  /// Remembers a signed lease.
  SpooledDeal leased(Run run) {
    var deal = new SpooledDeal(run, false, Optional.empty(), Optional.empty(), 0);
    write(deal.deal(), LEASE, run);
    syncFolder();
    deal = new SpooledDeal(run, false, Optional.empty(), Optional.empty(), written(deal.deal()));
    deals.put(deal.deal(), deal);
    return deal;
  }

  /// Remembers that a deal is to be run.
  SpooledDeal taken(SpooledDeal deal) {
    write(deal.deal(), TAKEN, Run.getDefaultInstance());
    var taken = new SpooledDeal(deal.run(), true, deal.ending(), deal.report(), deal.leasedAt());
    deals.put(deal.deal(), taken);
    return taken;
  }

  /// Remembers how it ended for the agent; the first ending stands.
  ///
  /// @param report the run's last
  SpooledDeal ended(SpooledDeal deal, Signed ending, RunReport report) {
    var known = deals.get(deal.deal());
    if (known != null && known.ending().isPresent()) {
      return known;
    }
    write(deal.deal(), ENDING, ending);
    tell(deal.deal(), report);
    var ended = new SpooledDeal(deal.run(), true, Optional.of(ending), Optional.of(report), deal.leasedAt());
    deals.put(deal.deal(), ended);
    return ended;
  }

  /// Forgets a deal with all its files. Nothing happens if it is unknown.
  void forget(DealId deal) {
    if (deals.remove(deal) == null) {
      return;
    }
    try {
      Files.deleteIfExists(entry(deal).resolve(LEASE));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    discard(entry(deal));
  }

  /// Removes what nothing depends on. What cannot be removed now is tried again at the next start.
  void discard(Path tree) {
    try {
      delete(tree);
    } catch (IOException e) {
      LOG.warn("{} cannot be removed: {}", tree, e.toString());
    }
  }

  /// However deep a program made it.
  private void delete(Path tree) throws IOException {
    new RunDirectory(folder).delete(tree);
  }

  /// Forgets what nobody can want any more.
  ///
  /// @return what was forgotten
  List<DealId> sweep(long now) {
    var stale = deals.values().stream().filter(deal -> deal.stale(now)).map(SpooledDeal::deal).toList();
    stale.forEach(this::forget);
    return stale;
  }

  /// The directory of a deal's run.
  RunDirectory runDirectory(DealId deal) {
    return new RunDirectory(entry(deal).resolve(RUN));
  }

  /// Takes what a run has written out of its deal's folder, so that the deal can be forgotten first. Whoever takes it
  /// removes it; what a killed agent has left is removed at the next start.
  ///
  /// @return where it is now; empty if the run has not ended
  /// @throws IOException if the disk refuses
  Optional<Path> setAside(DealId deal) throws IOException {
    var run = runDirectory(deal);
    if (!Files.exists(run.exitCode())) {
      return Optional.empty();
    }
    var aside = folder.resolve("aside-" + deal);
    delete(aside);
    return Optional.of(Files.move(run.result(), aside));
  }

  /// Drops the files of a deal's run, keeps what was signed.
  void dropRun(DealId deal) {
    discard(entry(deal).resolve(RUN));
  }

  private long written(DealId deal) {
    try {
      return Files.getLastModifiedTime(entry(deal).resolve(LEASE)).to(TimeUnit.SECONDS);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Path entry(DealId deal) {
    return folder.resolve(deal.toString());
  }

  /// The names of the deals; those of a deal's files are on the disk with the files.
  private void syncFolder() {
    try {
      Durable.sync(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Not worth waiting for the disk.
  private void tell(DealId deal, RunReport report) {
    try {
      Files.write(entry(deal).resolve(REPORT), report.toByteArray());
    } catch (IOException e) {
      LOG.debug("the report of deal {} is not kept: {}", deal, e.toString());
    }
  }

  private void write(DealId deal, String name, MessageLite content) {
    try {
      Durable.write(entry(deal).resolve(name), content.toByteArray());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
