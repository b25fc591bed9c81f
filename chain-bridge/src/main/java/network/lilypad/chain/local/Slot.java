package network.lilypad.chain.local;

import network.lilypad.chain.Intent;
import network.lilypad.protocol.value.Address;
import network.lilypad.protocol.value.Bytes32;
import network.lilypad.protocol.value.DealId;
import network.lilypad.protocol.value.DealPhase;
import network.lilypad.protocol.value.JobId;
import network.lilypad.protocol.value.Lp;
import network.lilypad.protocol.value.Result;

/// What the ledger holds of a job: its latest deal. One slot per job, used again by the next attempt, so that a job
/// cannot have two live deals. Times are ledger seconds.
sealed interface Slot {
  Terms terms();

  DealPhase phase();

  /// A deal whose money is locked.
  sealed interface Live extends Slot {
    default Ended end(DealPhase phase, long at, Lp paid, Lp refunded) {
      return new Ended(terms(), phase, at, paid, refunded);
    }
  }

  /// What both sides signed, as far as the rules need it.
  ///
  /// @param acceptor who may accept beside the creator, zero: nobody
  /// @param solver who may say that the machine fell silent
  /// @param panel who may judge, zero: nobody
  /// @param price locked from the creator
  /// @param collateral locked from the provider
  record Terms(JobId job, int attempt, Address creator, Address acceptor, Address solver, Address provider,
      Bytes32 panel, Lp price, Lp collateral, int runSeconds, int reviewSeconds, long submitBy) {
    DealId deal() {
      return job.deal(attempt);
    }
  }

  record Agreed(Terms terms, long openedAt) implements Live {
    @Override public DealPhase phase() {
      return DealPhase.AGREED;
    }

    Submitted submit(Result result, long at) {
      return new Submitted(terms, openedAt, at, result.commitment(), result.cost());
    }
  }

  record Submitted(Terms terms, long openedAt, long submittedAt, Bytes32 commitment, Lp cost) implements Live {
    @Override public DealPhase phase() {
      return DealPhase.RESULTS_SUBMITTED;
    }

    long reviewEnds() {
      return submittedAt + terms.reviewSeconds();
    }

    Checked check(long at, Lp bond) {
      return new Checked(terms, openedAt, submittedAt, at, commitment, cost, bond);
    }
  }

  /// @param bond locked from the creator beside the price
  record Checked(Terms terms, long openedAt, long submittedAt, long checkedAt, Bytes32 commitment, Lp cost,
      Lp bond) implements Live {
    @Override public DealPhase phase() {
      return DealPhase.RESULTS_CHECKED;
    }

    long verdictBy() {
      return checkedAt + Intent.MEDIATION_SECONDS;
    }
  }

  record Ended(Terms terms, DealPhase phase, long endedAt, Lp paid, Lp refunded) implements Slot {
    /// Whether the job is over with this deal: another attempt would make the creator pay twice.
    boolean endsJob() {
      return phase.paid() || phase == DealPhase.CANCELLED;
    }
  }
}
