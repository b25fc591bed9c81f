package network.lilypad.chain;

import java.util.List;

import network.lilypad.protocol.message.Bridge;
import network.lilypad.protocol.value.Address;
import network.lilypad.protocol.value.DealId;
import network.lilypad.protocol.value.Domain;
import network.lilypad.protocol.value.Lp;

/// The money side of the market: reserves budgets, locks price and collateral, then pays, refunds or slashes.
///
/// Every [Intent] is keyed by its subject (deal, job or account) and step. Repeating one returns the first receipt and
/// moves nothing, so callers repeat freely after a crash. Deadlines are the ledger's own time.
///
/// Thread-safe. Methods block until the ledger is certain of the outcome, which takes seconds on a public chain: call
/// them from a virtual thread, never from an actor.
public interface Settlement {
  /// The largest batch: one transaction stays short, and what a crash undoes stays small.
  int MAX_BATCH = 256;

  /// The domain in which every word must be signed. Known from the start: does not block.
  Domain domain();

  /// Carries out a batch in its order, as one transaction where the ledger can. An intent that its rules refuse is
  /// refused alone.
  ///
  /// @param batch at most [#MAX_BATCH] intents
  /// @return one reply for each intent, in order: a receipt, durable when this returns, or a refusal
  /// @throws SettlementUnavailableException if the ledger gave no answer; all, some or none may have happened, and
  ///     repeating the batch is the way to learn
  List<Bridge.Reply> settle(List<Intent> batch);

  /// What the ledger holds of a deal: its latest receipt, its refusal, or a refusal with `NotFound`.
  ///
  /// @throws SettlementUnavailableException if the ledger gave no answer
  Bridge.Reply deal(DealId deal);

  /// What an account has; nothing at all for an account never heard of.
  ///
  /// @throws SettlementUnavailableException if the ledger gave no answer
  Bridge.Balance balance(Address account);

  /// Seconds since 1970 by the ledger's clock, which never runs backwards.
  ///
  /// @throws SettlementUnavailableException if the ledger gave no answer
  long ledgerTime();

  /// All the money there is, by where it is.
  ///
  /// @throws SettlementUnavailableException if the ledger gave no answer
  Totals totals();

  /// All the money of a ledger. Invariant: `free + locked + leaving + pool = issued`, always.
  ///
  /// @param free in accounts, reservations included
  /// @param locked price, collateral and bonds in live deals
  /// @param leaving asked for and not yet paid out
  /// @param pool the verification pool: shares of slashes, remainders of divisions
  /// @param issued deposits less withdrawals
  record Totals(Lp free, Lp locked, Lp leaving, Lp pool, Lp issued) {}
}
