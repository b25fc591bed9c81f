package network.lilypad.actors.market;

import java.util.List;
import network.lilypad.protocol.value.JobId;
import network.lilypad.protocol.value.MachineId;

/// What has left the book because its time is over.
///
/// @param jobs whose offers have run out or cannot deliver in time any more
/// @param machines whose offers have run out
public record Expired(List<JobId> jobs, List<MachineId> machines) {
  /// Copies.
  public Expired {
    jobs = List.copyOf(jobs);
    machines = List.copyOf(machines);
  }
}
