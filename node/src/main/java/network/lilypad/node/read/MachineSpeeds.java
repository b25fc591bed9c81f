package network.lilypad.node.read;

import com.google.protobuf.InvalidProtocolBufferException;
import java.util.Optional;
import javax.sql.DataSource;
import network.lilypad.node.store.Sql;
import network.lilypad.protocol.proto.v1.MachineSpeed;
import network.lilypad.protocol.value.MachineId;

/// How fast machines say they are: unsigned, for people, of each the newest. No attribute of the machine's entity, because
/// nothing is decided by it. Thread-safe. Blocks.
public final class MachineSpeeds {
  private final DataSource database;

  /// @param database with the node's tables
  public MachineSpeeds(DataSource database) {
    this.database = database;
  }

  /// Keeps a measurement unless a newer one is known.
  public void put(MachineId machine, MachineSpeed speed) {
    var id = machine.toString();
    Sql.transaction(database, sql -> sql.update(
        "update machine_speed set measured_at = ?, speed = ? where machine = ? and measured_at < ?",
        speed.getMeasuredAt(), speed.toByteArray(), id, speed.getMeasuredAt()) > 0
        || sql.one("select 1 from machine_speed where machine = ?", _ -> true, id).isPresent()
        || sql.update("insert into machine_speed values (?, ?, ?)", id, speed.getMeasuredAt(),
            speed.toByteArray()) > 0);
  }

  /// The newest measurement of a machine.
  public Optional<MachineSpeed> find(MachineId machine) {
    return Sql.transaction(database, sql -> sql.one("select speed from machine_speed where machine = ?",
        row -> row.getBytes(1), machine.toString())).map(MachineSpeeds::read);
  }

  private static MachineSpeed read(byte[] bytes) {
    try {
      return MachineSpeed.parseFrom(bytes);
    } catch (InvalidProtocolBufferException _) {
      return MachineSpeed.getDefaultInstance();
    }
  }
}
