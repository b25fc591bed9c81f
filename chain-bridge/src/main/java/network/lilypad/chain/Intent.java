package network.lilypad.chain;

import network.lilypad.protocol.value.Acceptance;
import network.lilypad.protocol.value.Address;
import network.lilypad.protocol.value.Cancel;
import network.lilypad.protocol.value.DealId;
import network.lilypad.protocol.value.JobId;
import network.lilypad.protocol.value.JobOffer;
import network.lilypad.protocol.value.Lapse;
import network.lilypad.protocol.value.Lease;
import network.lilypad.protocol.value.Lp;
import network.lilypad.protocol.value.Release;
import network.lilypad.protocol.value.Result;
import network.lilypad.protocol.value.Signed;

/// What is asked of a ledger, with all the evidence its rules need: the words of [Settlement]. They are those of
/// `Bridge` without the sender, and with the solver's signature under a lapse.
public sealed interface Intent {
  /// What makes a repeat a repeat: one intent of a step has an effect, once.
  Key key();

  /// Keeps a job's budget out of the creator's free balance until its validUntil.
  ///
  /// @param offer signed by the creator
  /// @param job the offer's id
  record Reserve(Signed<JobOffer> offer, JobId job) implements Intent {
    @Override public Key key() {
      return new Key(job.toString(), "RESERVE");
    }
  }

  /// Gives a reservation back; obeyed also if there is none.
  record Unreserve(JobId job) implements Intent {
    @Override public Key key() {
      return new Key(job.toString(), "UNRESERVE");
    }
  }

  /// Locks price and collateral. A refusal is final for the deal.
  ///
  /// @param offer signed by the creator
  /// @param lease signed by the provider
  record Open(Signed<JobOffer> offer, Signed<Lease> lease) implements Intent {
    /// The deal that opens.
    public DealId deal() {
      return lease.word().deal();
    }

    @Override public Key key() {
      return new Key(deal().toString(), "OPEN");
    }
  }

  /// Makes sure that a deal that has not opened never will.
  record Annul(DealId deal) implements Intent {
    @Override public Key key() {
      return new Key(deal.toString(), "ANNUL");
    }
  }

  /// Commits a result: the review window runs from the receipt's time.
  ///
  /// @param deal the deal
  /// @param result signed by the provider
  record Submit(DealId deal, Signed<Result> result) implements Intent {
    @Override public Key key() {
      return new Key(deal.toString(), "SUBMIT");
    }
  }

  /// Ends a deal. All endings of a deal are one step: the first one stands.
  ///
  /// @param deal the deal
  /// @param proof what entitles to this ending
  record End(DealId deal, Proof proof) implements Intent {
    @Override public Key key() {
      return new Key(deal.toString(), "END");
    }
  }

  /// Adds LP out of nothing.
  ///
  /// @param account who gets it
  /// @param amount how much
  /// @param nonce the caller's number: the same one again adds nothing
  record Faucet(Address account, Lp amount, long nonce) implements Intent {
    @Override public Key key() {
      return new Key(account.toString(), "FAUCET " + nonce);
    }
  }

  /// What entitles to an ending, beside the ledger's own clock and state.
  sealed interface Proof {}

  /// The creator or acceptor accepted the provider's result.
  record Accepted(Signed<Result> result, Signed<Acceptance> acceptance) implements Proof {}

  /// The review of the submitted result has ended in silence.
  record Silence(Signed<Result> result) implements Proof {}

  /// No result came in time.
  record NoResult() implements Proof {}

  /// The creator cancelled.
  record Cancelled(Signed<Cancel> cancel) implements Proof {}

  /// The provider gave the deal back.
  record Released(Signed<Release> release) implements Proof {}

  /// The solver says that the machine fell silent.
  record Lapsed(Signed<Lapse> lapse) implements Proof {}

  /// What makes a repeat a repeat.
  ///
  /// @param subject the deal, job or account
  /// @param step the step, at most 32 characters
  record Key(String subject, String step) {}
}
