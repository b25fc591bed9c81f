package network.lilypad.node.modules;

import com.google.protobuf.ByteString;
import network.lilypad.protocol.value.JobSpec;
import network.lilypad.protocol.value.NetworkPolicy;
import network.lilypad.protocol.value.Resources;

/// A module rendered with its inputs: all of a job that does not depend on who pays for it.
///
/// @param spec what to run
/// @param resources what it needs of one machine
/// @param runSeconds the longest it may run
/// @param network what it may reach
/// @param program the bytes that `spec` names by digest
public record PreparedJob(JobSpec spec, Resources resources, int runSeconds, NetworkPolicy network,
    ByteString program) {}
