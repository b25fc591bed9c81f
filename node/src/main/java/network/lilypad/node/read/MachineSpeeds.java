package network.lilypad.node.read;

import com.google.protobuf.InvalidProtocolBufferException;
import java.sql.SQLException;
import java.util.Optional;
import javax.sql.DataSource;
import network.lilypad.node.store.Sql;
import network.lilypad.protocol.proto.v1.MachineSpeed;
import network.lilypad.protocol.value.MachineId;
import network.lilypad.protocol.wire.ValuesWire;

/// How fast machines say they are: unsigned, for people, of each the newest that it was listed with. Stays when the
/// machine leaves the market, for the deals that it had. Thread-safe. Blocks.
public final class MachineSpeeds {
  private final DataSource database;

  /// @param database with the node's tables
  public MachineSpeeds(DataSource database) {
    this.database = database;
  }

  /// Keeps a measurement unless a newer one is known.
  static void put(Sql sql, MachineId machine, network.lilypad.protocol.value.MachineSpeed speed) throws SQLException {
    var id = machine.toString();
    var bytes = ValuesWire.toProto(speed).toByteArray();
    if (sql.one("select 1 from machine_speed where machine = ?", _ -> true, id).isPresent()) {
      sql.update("update machine_speed set measured_at = ?, speed = ? where machine = ? and measured_at < ?",
          speed.measuredAt(), bytes, id, speed.measuredAt());
    } else {
      sql.update("insert into machine_speed values (?, ?, ?)", id, speed.measuredAt(), bytes);
    }
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
