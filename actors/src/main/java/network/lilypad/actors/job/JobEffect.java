package network.lilypad.actors.job;

import java.util.List;
import network.lilypad.protocol.entity.Effect;
import network.lilypad.protocol.value.Address;
import network.lilypad.protocol.value.Cancel;
import network.lilypad.protocol.value.JobId;
import network.lilypad.protocol.value.JobOffer;
import network.lilypad.protocol.value.Signed;

/// What a job tells the world. Receivers make repeats harmless: keys are the job and the attempt.
public sealed interface JobEffect extends Effect {
  /// Put the attempt on the market's book.
  ///
  /// @param excluded providers of earlier attempts that are left out
  /// @param notBefore ledger seconds: not to be matched earlier
  record ListOnBook(JobId job, Signed<JobOffer> offer, int attempt, List<Address> excluded,
      long notBefore) implements JobEffect {}

  /// Take the job off the market's book.
  record TakeOffBook(JobId job, JobOffer offer) implements JobEffect {}

  /// Have the attempt's deal stop.
  record StopDeal(JobId job, int attempt, List<Signed<Cancel>> cancel) implements JobEffect {}

  /// Give the creator's reservation back.
  record Unreserve(JobId job) implements JobEffect {}
}
