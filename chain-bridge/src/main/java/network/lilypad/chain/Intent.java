package network.lilypad.chain;

import java.util.List;
import network.lilypad.protocol.value.Acceptance;
import network.lilypad.protocol.value.Address;
import network.lilypad.protocol.value.Cancel;
import network.lilypad.protocol.value.DealId;
import network.lilypad.protocol.value.Dispute;
import network.lilypad.protocol.value.JobId;
import network.lilypad.protocol.value.JobOffer;
import network.lilypad.protocol.value.Lapse;
import network.lilypad.protocol.value.Lease;
import network.lilypad.protocol.value.Lp;
import network.lilypad.protocol.value.Panel;
import network.lilypad.protocol.value.Release;
import network.lilypad.protocol.value.Result;
import network.lilypad.protocol.value.Signed;
import network.lilypad.protocol.value.Verdict;

/// What is asked of a ledger, with all the evidence its rules need: the words of [Settlement]. They are those of
/// `Bridge` without the sender, and with the solver's signature under a lapse.
public sealed interface Intent {
  /// How long a withdrawal takes: above the time in which a transaction becomes final.
  int WITHDRAWAL_DELAY_SECONDS = 600;
  /// How long a panel may take: time for standbys and for running the longest usual job again.
  int MEDIATION_SECONDS = 24 * 3600;

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
  /// @param lease signed by the provider or its agent
  /// @param fee what the solver takes of the creator, at most the offer's maxFee
  record Open(Signed<JobOffer> offer, Signed<Lease> lease, Lp fee) implements Intent {
    /// An opening for which the solver takes nothing.
    public Open(Signed<JobOffer> offer, Signed<Lease> lease) {
      this(offer, lease, Lp.ZERO);
    }

    /// The deal that opens.
    public DealId deal() {
      return lease.word().deal();
    }

    @Override public Key key() {
      return new Key(deal().toString(), "OPEN");
    }
  }

  /// Pays a finished job in one step, also when it is too late to open it: all four have signed.
  ///
  /// @param open what would have opened it
  /// @param proof the result and its acceptance
  record OpenAndSettle(Open open, Accepted proof) implements Intent {
    @Override public Key key() {
      return new Key(open.deal().toString(), "END");
    }
  }

  /// Ends a job that has no live deal: none will open.
  ///
  /// @param offer signed by the creator
  /// @param cancel signed by the creator
  record Revoke(Signed<JobOffer> offer, Signed<Cancel> cancel) implements Intent {
    @Override public Key key() {
      return new Key(cancel.word().job().toString(), "REVOKE");
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

  /// Disputes a submitted result within its review: the bond is locked, the panel may judge.
  ///
  /// @param deal the deal
  /// @param dispute signed by the creator or acceptor
  /// @param panel the one that the offer names
  record Check(DealId deal, Signed<Dispute> dispute, Panel panel) implements Intent {
    @Override public Key key() {
      return new Key(deal.toString(), "CHECK");
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

  /// Lets somebody sign leases, results and releases for a provider until a time; zero: no more. Obeyed each time.
  ///
  /// @param provider in whose name
  /// @param agent who signs
  /// @param expiry ledger seconds
  record SetAgent(Address provider, Address agent, long expiry) implements Intent {
    @Override public Key key() {
      return new Key(provider.toString(), "AGENT");
    }
  }

  /// Takes money off the free balance at once, to be paid out [#WITHDRAWAL_DELAY_SECONDS] later. Asking again adds to
  /// it and starts the delay anew.
  ///
  /// @param nonce the caller's number: the same one again takes nothing
  record RequestWithdrawal(Address account, Lp amount, long nonce) implements Intent {
    @Override public Key key() {
      return new Key(account.toString(), "LEAVE " + nonce);
    }
  }

  /// Makes all that is leaving free again.
  ///
  /// @param nonce the caller's number: the same one again does nothing
  record CancelWithdrawal(Address account, long nonce) implements Intent {
    @Override public Key key() {
      return new Key(account.toString(), "STAY " + nonce);
    }
  }

  /// Pays out all that was leaving, after the delay. It is no more on this ledger then.
  ///
  /// @param nonce the caller's number: the same one again takes nothing
  record Withdraw(Address account, long nonce) implements Intent {
    @Override public Key key() {
      return new Key(account.toString(), "TAKE " + nonce);
    }
  }

  /// What entitles to an ending, beside the ledger's own clock and state.
  sealed interface Proof {}

  /// The creator or acceptor accepted the provider's result.
  record Accepted(Signed<Result> result, Signed<Acceptance> acceptance) implements Proof {}

  /// The review of the submitted result has ended in silence.
  record Silence(Signed<Result> result) implements Proof {}

  /// No result came in time.
  ///
  /// @param keeper who found it and gets 1 % of the price of the slash, zero or a party: nobody does
  record NoResult(Address keeper) implements Proof {
    /// Found by nobody who wants to be paid for it.
    public NoResult() {
      this(Address.ZERO);
    }
  }

  /// The panel has decided, by equal verdicts of its quorum.
  ///
  /// @param verdicts each signed by another member
  record Decided(Panel panel, List<Signed<Verdict>> verdicts) implements Proof {
    /// Keeps a copy of the verdicts.
    public Decided {
      verdicts = List.copyOf(verdicts);
    }
  }

  /// The panel has stayed silent.
  record PanelSilent() implements Proof {}

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
