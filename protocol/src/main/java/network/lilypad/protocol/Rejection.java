package network.lilypad.protocol;

import java.time.Duration;
import java.util.Optional;

/// A refusal the caller can act on. A value: it travels, and nothing has changed because of the refused command.
/// Bugs are a [Defect] and crash; an unknown outcome is an `...UnavailableException`.
///
/// Codes are for ever and documented in the README of this module; a removed one is never used again. Components are
/// text and numbers only, so that one codec carries every kind.
public sealed interface Rejection {
  /// The entity does not do that in its present state.
  ///
  /// @param entity which
  /// @param state its state
  /// @param command what
  record WrongState(String entity, String state, String command) implements Rejection {}

  /// The signer has no part in it.
  ///
  /// @param caller who signed
  /// @param expected whose signature it takes
  record NotAParty(String caller, String expected) implements Rejection {}

  /// The deadline has passed.
  ///
  /// @param what of what
  /// @param deadline ledger seconds
  /// @param at ledger seconds
  record TooLate(String what, long deadline, long at) implements Rejection {}

  /// The time has not come.
  ///
  /// @param what for what
  /// @param notBefore ledger seconds
  /// @param at ledger seconds
  record TooEarly(String what, long notBefore, long at) implements Rejection {}

  /// The bytes are nobody's signature, or somebody else's.
  ///
  /// @param what signed word
  /// @param expected whose it should be
  record BadSignature(String what, String expected) implements Rejection {}

  /// The same job has ended; sign the offer with another nonce to run it again.
  ///
  /// @param job id
  /// @param end how it ended
  record JobEnded(String job, String end) implements Rejection {}

  /// The account cannot cover it.
  ///
  /// @param account whose
  /// @param neededGwei gwei of LP
  /// @param availableGwei gwei of LP
  record InsufficientFunds(String account, long neededGwei, long availableGwei) implements Rejection {}

  /// No such module.
  ///
  /// @param module as asked for
  /// @param known what there is
  record UnknownModule(String module, String known) implements Rejection {}

  /// Above a bound.
  ///
  /// @param what of what
  /// @param size what it is
  /// @param limit what it may be
  record TooLarge(String what, long size, long limit) implements Rejection {}

  /// The price is beyond the limit.
  ///
  /// @param priceGwei asked
  /// @param maxPriceGwei offered
  record TooExpensive(long priceGwei, long maxPriceGwei) implements Rejection {}

  /// A lease with an older epoch speaks.
  ///
  /// @param epoch its own
  /// @param current the machine's for that deal
  record StaleEpoch(long epoch, long current) implements Rejection {}

  /// The machine holds no lease for that deal.
  ///
  /// @param machine id
  /// @param deal id
  record NoLease(String machine, String deal) implements Rejection {}

  /// Content that does not hash, unpack or parse as it must.
  ///
  /// @param what of what
  /// @param reason why
  record BadContent(String what, String reason) implements Rejection {}

  /// A field that is not what it must be.
  ///
  /// @param field which
  /// @param value offending
  /// @param expectation what it takes
  record Malformed(String field, String value, String expectation) implements Rejection {}

  /// Nothing has that id, or it is somebody else's.
  ///
  /// @param entity kind
  /// @param id id
  record NotFound(String entity, String id) implements Rejection {}

  /// The machine has not that much free.
  ///
  /// @param machine id
  /// @param wanted demand
  /// @param free what is left
  record NoCapacity(String machine, String wanted, String free) implements Rejection {}

  /// The machine is not reachable or takes no new work.
  ///
  /// @param machine id
  /// @param reason why
  record MachineUnavailable(String machine, String reason) implements Rejection {}

  /// The offers do not fit each other.
  ///
  /// @param rule the rule that fell
  /// @param detail what it compared
  record Mismatch(String rule, String detail) implements Rejection {}

  /// The provider's own policy says no.
  ///
  /// @param reason its words
  record AgentRefused(String reason) implements Rejection {}

  /// The ledger holds another truth.
  ///
  /// @param what of what
  /// @param state its state there
  record LedgerConflict(String what, String state) implements Rejection {}

  /// The caller has proven no identity that may do this.
  ///
  /// @param reason why
  record Unauthenticated(String reason) implements Rejection {}

  /// Another proposal was first.
  ///
  /// @param deal id
  record AlreadyProposed(String deal) implements Rejection {}

  /// Too much at once; try again later.
  ///
  /// @param what of what
  /// @param limit the bound
  /// @param retryAfterMillis when
  record Overloaded(String what, long limit, long retryAfterMillis) implements Rejection {}

  /// Something it depends on does not answer; try again later.
  ///
  /// @param what which
  /// @param retryAfterMillis when
  record Unavailable(String what, long retryAfterMillis) implements Rejection {}

  /// A refusal by a newer program, of a kind that this one does not know.
  ///
  /// @param theirCode the code it came with
  /// @param name the kind's name there
  /// @param text its sentence for a person
  record Unrecognised(long theirCode, String name, String text) implements Rejection {}

  /// The number clients and dashboards key on.
  default int code() {
    return switch (this) {
      case WrongState _ -> 1001;
      case NotAParty _ -> 1002;
      case TooLate _ -> 1003;
      case TooEarly _ -> 1004;
      case BadSignature _ -> 1005;
      case JobEnded _ -> 1006;
      case InsufficientFunds _ -> 1007;
      case UnknownModule _ -> 1008;
      case TooLarge _ -> 1009;
      case TooExpensive _ -> 1010;
      case StaleEpoch _ -> 1011;
      case NoLease _ -> 1012;
      case BadContent _ -> 1013;
      case Malformed _ -> 1014;
      case NotFound _ -> 1015;
      case NoCapacity _ -> 1016;
      case MachineUnavailable _ -> 1017;
      case Mismatch _ -> 1018;
      case AgentRefused _ -> 1019;
      case LedgerConflict _ -> 1020;
      case Unauthenticated _ -> 1021;
      case AlreadyProposed _ -> 1022;
      case Overloaded _ -> 1900;
      case Unavailable _ -> 1901;
      case Unrecognised _ -> 1999;
    };
  }

  /// How long to wait before trying again; empty when trying again cannot help.
  default Optional<Duration> retryAfter() {
    return switch (this) {
      case Overloaded(_, _, var millis) -> Optional.of(Duration.ofMillis(millis));
      case Unavailable(_, var millis) -> Optional.of(Duration.ofMillis(millis));
      default -> Optional.empty();
    };
  }

  /// One sentence for a person: what was refused, why, and the next step where there is one.
  default String message() {
    return RejectionText.of(this);
  }
}
