package network.lilypad.node.modules;

import com.google.protobuf.ByteString;
import java.util.List;
import network.lilypad.protocol.value.JobSpec;
import network.lilypad.protocol.value.NetworkPolicy;
import network.lilypad.protocol.value.Resources;

/// A module rendered with its inputs: all of a job that does not depend on who pays for it.
///
/// @param spec what to run
/// @param resources what it needs of one machine
/// @param runSeconds the longest it may run
/// @param network what it may reach
/// @param program the bytes that `spec` names by digest, empty for a container image, which is fetched by its name
/// @param requiredFiles names of the files that must be in its inputs
public record PreparedJob(JobSpec spec, Resources resources, int runSeconds, NetworkPolicy network,
    ByteString program, List<String> requiredFiles) {
  /// Whether the program travels with the job.
  public boolean carriesProgram() {
    return spec.imageName().isEmpty();
  }
}
