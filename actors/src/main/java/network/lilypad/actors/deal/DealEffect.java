package network.lilypad.actors.deal;

import network.lilypad.actors.job.Job;
import network.lilypad.protocol.entity.Effect;
import network.lilypad.protocol.message.Bridge;
import network.lilypad.protocol.value.Address;
import network.lilypad.protocol.value.DealId;
import network.lilypad.protocol.value.JobId;
import network.lilypad.protocol.value.JobOffer;
import network.lilypad.protocol.value.Lease;
import network.lilypad.protocol.value.Lp;
import network.lilypad.protocol.value.MachineId;
import network.lilypad.protocol.value.Result;
import network.lilypad.protocol.value.Signed;

/// What a deal tells the world. Receivers make repeats harmless: keys are the deal and the step.
public sealed interface DealEffect extends Effect {
  /// Ask the job to be its attempt's deal.
  record ClaimJob(JobId job, int attempt, Address provider) implements DealEffect {}

  /// Ask the machine for a slice and a signed lease.
  record ReserveSlice(MachineId machine, JobId job, Signed<JobOffer> offer, int attempt,
      Lp price) implements DealEffect {}

  /// Lock both sides' money.
  record OpenOnLedger(Signed<JobOffer> offer, Signed<Lease> lease) implements DealEffect {}

  /// Make sure that the deal cannot open any more, or learn that it has.
  record AnnulOnLedger(JobId job, int attempt) implements DealEffect {}

  /// Have the machine's agent run it.
  record RunOnMachine(MachineId machine, DealId deal, Signed<JobOffer> offer,
      Signed<Lease> lease) implements DealEffect {}

  /// Give the slice back, stopping what may still run there.
  record FreeSlice(MachineId machine, DealId deal, boolean kill) implements DealEffect {}

  /// Put the result on the ledger, so that the review window runs in ledger time.
  record CommitResult(DealId deal, Signed<Result> result) implements DealEffect {}

  /// Move the money.
  record EndOnLedger(DealId deal, Bridge.Ending ending) implements DealEffect {}

  /// Say to the job how its attempt ended.
  record TellJob(JobId job, int attempt, Job.Ending ending) implements DealEffect {}

  /// Answer a job that asked its attempt to stop.
  ///
  /// @param nothing whether no deal was ever proposed
  record AnswerStop(JobId job, int attempt, boolean nothing) implements DealEffect {}
}
