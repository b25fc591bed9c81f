package network.lilypad.node.read;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.stream.Stream;
import javax.sql.DataSource;
import network.lilypad.actors.job.Job;
import network.lilypad.actors.machine.Machine;
import network.lilypad.actors.market.OpenOffers;
import network.lilypad.node.store.Sql;
import network.lilypad.protocol.Defect;
import network.lilypad.protocol.proto.v1.Hello;
import network.lilypad.protocol.sign.Signatures;
import network.lilypad.protocol.value.Address;
import network.lilypad.protocol.value.Bytes32;
import network.lilypad.protocol.value.Engine;
import network.lilypad.protocol.value.JobId;
import network.lilypad.protocol.value.JobOffer;
import network.lilypad.protocol.value.MachineId;
import network.lilypad.protocol.value.MachineLimits;
import network.lilypad.protocol.value.ResourceOffer;
import network.lilypad.protocol.wire.SignedWire;
import network.lilypad.protocol.wire.ValuesWire;
import org.jspecify.annotations.Nullable;

/// What is open in each market: the table `open_offer`, from which a starting matchmaker fills its book. Each row keeps
/// the sequence number of the last event that it has seen, so that events of different tags may come in any order and
/// any number of times.
public final class OpenOfferTable implements OpenOffers {
  private static final String JOB = "job";
  private static final String MACHINE = "machine";

  private final DataSource database;
  private final Executor blocking;
  private final Signatures signatures;

  /// @param blocking where queries run
  /// @param signatures of the ledger's domain
  public OpenOfferTable(DataSource database, Executor blocking, Signatures signatures) {
    this.database = database;
    this.blocking = blocking;
    this.signatures = signatures;
  }

  @Override public CompletionStage<Open> load(Bytes32 market) {
    return CompletableFuture.supplyAsync(() -> Sql.transaction(database, sql -> {
      var jobs = new ArrayList<Job>();
      var machines = new ArrayList<Offer>();
      sql.all("select id, kind, sequence, attempt, excluded, payload from open_offer where market = ? and listed",
          row -> row.getString(2).equals(JOB) ? jobs.add(job(row)) : machines.add(machine(row)), market.toString());
      return new Open(List.copyOf(jobs), List.copyOf(machines));
    }), blocking);
  }

  private static Job job(ResultSet row) throws SQLException {
    return new Job(JobId.parse(row.getString(1)), SignedWire.signed(JobOffer.class, signed(row.getBytes(6))),
        row.getInt(4), excluded(row.getString(5)));
  }

  private Offer machine(ResultSet row) throws SQLException {
    var hello = hello(row.getBytes(6));
    var offer = SignedWire.signed(ResourceOffer.class, hello.getOffer());
    var attributes = new Machine.Attributes(hello.getEnginesList().stream().map(Engine::of).toList(),
        digests(hello.getAllowedModulesList()), digests(hello.getDeniedModulesList()),
        hello.hasLimits() ? ValuesWire.machineLimits(hello.getLimits()) : MachineLimits.UNLIMITED,
        hello.hasSpeed() ? List.of(ValuesWire.machineSpeed(hello.getSpeed())) : List.of());
    return new Offer(offer, signatures.digest(offer.word()), attributes,
        offer.word().capacity().min(ValuesWire.resources(hello.getInventory())), row.getLong(3));
  }

  /// A job's event.
  ///
  /// @param sequence its number in the job's journal
  static void apply(Sql sql, JobId job, long sequence, network.lilypad.actors.job.Job.Event event)
      throws SQLException {
    switch (event) {
      case network.lilypad.actors.job.Job.Posted(var offer, _, _) -> put(sql,
          new Row(job.toString(), JOB, sequence, offer.word().market()), SignedWire.toProto(offer).toByteArray());
      case network.lilypad.actors.job.Job.AttemptLost(var attempt, var ending, _) -> sql.update("""
          update open_offer set sequence = ?, attempt = ?, excluded = concat(excluded, ?)
          where id = ? and sequence < ? and listed""", sequence, attempt + 1,
          ending.cause().excludes() ? ending.provider() + "," : "", job.toString(), sequence);
      case network.lilypad.actors.job.Job.Ended _ ->
        takeOff(sql, new Row(job.toString(), JOB, sequence, Bytes32.ZERO));
      case network.lilypad.actors.job.Job.Closing _ -> {}
    }
  }

  /// A machine's event.
  ///
  /// @param sequence its number in the machine's journal
  static void apply(Sql sql, MachineId machine, long sequence, Machine.Event event) throws SQLException {
    switch (event) {
      case Machine.Listed listed -> put(sql,
          new Row(machine.toString(), MACHINE, sequence, listed.offer().word().market()),
          hello(listed).toByteArray());
      case Machine.Delisted _ -> takeOff(sql, new Row(machine.toString(), MACHINE, sequence, Bytes32.ZERO));
      case Machine.Reserved _,Machine.Freed _ -> {}
    }
  }

  private record Row(String id, String kind, long sequence, Bytes32 market) {}

  private static void put(Sql sql, Row row, byte[] payload) throws SQLException {
    write(sql, row, true, payload);
  }

  private static void takeOff(Sql sql, Row row) throws SQLException {
    write(sql, row, false, null);
  }

  private static void write(Sql sql, Row row, boolean listed, byte @Nullable [] payload) throws SQLException {
    boolean known = sql.one("select sequence from open_offer where id = ?", found -> true, row.id).isPresent();
    if (known) {
      sql.update("""
          update open_offer set sequence = ?, listed = ?, market = ?, attempt = 1, excluded = '', payload = ?
          where id = ? and sequence < ?""", row.sequence, listed, row.market.toString(), payload, row.id, row.sequence);
    } else {
      sql.update("insert into open_offer values (?, ?, ?, ?, ?, 1, '', ?)", row.id, row.kind, row.sequence, listed,
          row.market.toString(), payload);
    }
  }

  private static Hello hello(Machine.Listed listed) {
    var attributes = listed.attributes();
    var hello = Hello.newBuilder().setOffer(SignedWire.toProto(listed.offer()))
        .addAllEngines(attributes.engines().stream().map(Engine::number).toList())
        .addAllAllowedModules(bytes(attributes.allowedModules())).addAllDeniedModules(bytes(attributes.deniedModules()))
        .setInventory(ValuesWire.toProto(listed.inventory())).setLimits(ValuesWire.toProto(attributes.limits()));
    attributes.speed().forEach(speed -> hello.setSpeed(ValuesWire.toProto(speed)));
    return hello.build();
  }

  private static List<ByteString> bytes(List<Bytes32> digests) {
    return digests.stream().map(digest -> ByteString.copyFrom(digest.bytes())).toList();
  }

  private static List<Bytes32> digests(List<ByteString> bytes) {
    return bytes.stream().map(digest -> Bytes32.of(digest.toByteArray())).toList();
  }

  private static List<Address> excluded(String text) {
    return Stream.of(text.split(",", -1)).filter(address -> !address.isEmpty()).map(Address::parse).distinct().toList();
  }

  private static network.lilypad.protocol.proto.v1.Signed signed(byte[] payload) {
    try {
      return network.lilypad.protocol.proto.v1.Signed.parseFrom(payload);
    } catch (InvalidProtocolBufferException e) {
      throw new Defect("open_offer: " + e.getMessage() + " (expected: what we wrote)");
    }
  }

  private static Hello hello(byte[] payload) {
    try {
      return Hello.parseFrom(payload);
    } catch (InvalidProtocolBufferException e) {
      throw new Defect("open_offer: " + e.getMessage() + " (expected: what we wrote)");
    }
  }
}
