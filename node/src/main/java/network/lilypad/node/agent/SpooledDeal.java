package network.lilypad.node.agent;

import java.util.Optional;
import network.lilypad.protocol.proto.v1.Run;
import network.lilypad.protocol.proto.v1.RunReport;
import network.lilypad.protocol.proto.v1.Signed;
import network.lilypad.protocol.value.DealId;
import network.lilypad.protocol.value.JobOffer;
import network.lilypad.protocol.value.JobSpec;
import network.lilypad.protocol.value.Lease;
import network.lilypad.protocol.wire.JobSpecWire;
import network.lilypad.protocol.wire.ValuesWire;

/// What an agent remembers of one deal.
///
/// @param run the job, the lease it signed and the spec
/// @param taken whether it was told to run it
/// @param ending the signed result, or the signed release; empty while there is neither
/// @param report the run's last, if it has ended; it goes with the ending
/// @param leasedAt when its lease was written, seconds of this machine's clock
record SpooledDeal(Run run, boolean taken, Optional<Signed> ending, Optional<RunReport> report, long leasedAt) {
  Lease lease() {
    return ValuesWire.lease(run.getLease().getLease());
  }

  JobOffer offer() {
    return ValuesWire.jobOffer(run.getOffer().getJobOffer());
  }

  JobSpec spec() {
    return JobSpecWire.decode(run.getSpec());
  }

  DealId deal() {
    return lease().deal();
  }

  /// Whether the machine's slice is still needed for it: not when it has ended, nor when it was never opened in time.
  boolean holdsSlice(long now) {
    return ending.isEmpty() && (taken || now <= lease().openBy());
  }

  /// Whether nobody can want anything of it any more.
  boolean stale(long now) {
    return taken ? now > lease().submitBy() + Spool.KEPT_SECONDS : now > lease().openBy() + Spool.KEPT_SECONDS;
  }
}
