// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Figures, JobOffer, Lease, Outcome, Terms, Vote} from "../Types.sol";

/// @title The market's money on a chain: escrow, payment, mediation and slashing of compute deals
///
/// @notice Accounts hold LP deposited here. A deal opens with two signatures collected off chain, the creator's under the
/// JobOffer and the provider's under the Lease, and moves only by signatures of its parties or by the clock. Whoever sends
/// the transaction has no part in it: everybody may relay every call, and every deal can be ended by anybody after its
/// deadline. Nobody, the guardian included, can move an account's money without its signature.
///
/// @dev Amounts are gwei of LP: 1e9 of the token's base units. No account and no sum of accounts exceeds 1e18 gwei, so 64
/// bits hold every sum.
///
/// Assumptions about the token: an ERC-20 whose balances change by transfers only (no rebase), and that reports a failed
/// transfer by reverting or returning false. Fees on transfer are allowed: what arrives is what is credited. A token that
/// calls back is allowed: deposits are locked against re-entry, and withdrawals pay after all writes.
///
/// Signatures: 65 bytes (r, s, v) with s in the lower half and v 27 or 28, or whatever an ERC-1271 wallet accepts within
/// [SIGNATURE_GAS] gas. Ids and digests never cover signature bytes.
///
/// Errors carry in `custom:code` the number of the Rejection that clients see off chain.
interface IController {
    // ------------------------------------------------------------------------------------------------ events

    /// @notice LP came in: `amount` gwei were credited to `account`.
    event Deposited(address indexed account, uint64 amount);
    /// @notice `amount` gwei left the free balance of `account` and can be taken from `takeableAt` on.
    event WithdrawalRequested(address indexed account, uint64 amount, uint40 takeableAt);
    /// @notice What was leaving is free again.
    event WithdrawalCancelled(address indexed account, uint64 amount);
    /// @notice `amount` gwei were paid out to `to`.
    event Withdrawn(address indexed account, address indexed to, uint64 amount);
    /// @notice `agent` signs leases, results and releases for `principal` until `expiry`, zero: no more.
    event AgentSet(address indexed principal, address indexed agent, uint40 expiry);
    /// @notice `amount` gwei were added to the verification pool.
    event PoolFunded(address indexed from, uint64 amount);
    /// @notice No deal opens before `until`; a time in the past: deals open.
    event OpeningPaused(uint40 until);

    /// @notice Price and collateral of a deal are locked (state 1).
    event Opened(
        bytes32 indexed job,
        address indexed creator,
        address indexed provider,
        uint8 attempt,
        Figures figures
    );
    /// @notice The solver took its fee of the creator.
    event FeePaid(bytes32 indexed job, address indexed solver, uint64 fee);
    // A job has one live deal: the events below are about the attempt that was opened last.

    /// @notice A result is committed and its review runs (state 2).
    event Submitted(bytes32 indexed job, bytes32 commitment, uint64 cost);
    /// @notice The creator disputes the result: `bond` gwei are locked, the panel may judge (state 4).
    event Checked(bytes32 indexed job, uint64 bond);
    /// @notice The deal has ended.
    /// @param state its terminal state
    /// @param paid gwei of the price that went to the provider, its compensation after mediation included
    /// @param refunded gwei that went back to the creator: of price, bond and slash
    event Ended(bytes32 indexed job, uint8 state, uint64 paid, uint64 refunded);
    /// @notice The provider lost `amount` gwei of its collateral.
    event Slashed(bytes32 indexed job, address indexed provider, uint64 amount);
    /// @notice The creator withdrew the job: no deal of it will open (again).
    event Revoked(bytes32 indexed job);
    /// @notice Call `index` of a batch was skipped; `reason` is what it reverted with.
    event Skipped(uint256 indexed index, bytes reason);

    // ------------------------------------------------------------------------------------------------ errors

    /// @notice The deal does not do that in its present state.
    /// @custom:code 1001
    error WrongState(uint8 state);
    /// @notice The caller has no part in it.
    /// @custom:code 1002
    error NotAParty(address caller);
    /// @notice The deadline has passed.
    /// @custom:code 1003
    error TooLate(uint256 deadline);
    /// @notice The time has not come.
    /// @custom:code 1004
    error TooEarly(uint256 notBefore);
    /// @notice The signature is not that of `expected`, nor of somebody who may sign for it.
    /// @custom:code 1005
    error BadSignature(address expected);
    /// @notice The job was paid, cancelled or revoked: no further deal opens.
    /// @custom:code 1006
    error JobEnded(uint8 state);
    /// @notice The free balance does not cover it.
    /// @custom:code 1007
    error InsufficientFunds(address account, uint256 needed, uint256 available);
    /// @notice Above a bound.
    /// @custom:code 1009
    error TooLarge(uint256 value, uint256 limit);
    /// @notice The price or fee is beyond the creator's limit.
    /// @custom:code 1010
    error TooExpensive(uint256 price, uint256 limit);
    /// @notice A parameter is not what it must be.
    /// @custom:code 1014
    error Malformed(bytes32 field);
    /// @notice No deal of that job.
    /// @custom:code 1015
    error NotFound(bytes32 job);
    /// @notice What was given does not fit what was signed or stored; `rule` names it in ASCII.
    /// @custom:code 1018
    error Mismatch(bytes32 rule);
    /// @notice Another deal of the job is live, or a later attempt has been.
    /// @custom:code 1020
    error LedgerConflict(uint8 state, uint8 attempt);
    /// @notice Opening is paused, or the token failed; `what` names it in ASCII.
    /// @custom:code 1901
    error Unavailable(bytes32 what);

    // ------------------------------------------------------------------------------------------------ accounts

    /// @notice Credits `account` with what arrives of `amount` gwei of the caller's LP.
    /// @dev Takes an allowance; a fraction of a gwei that a token's fee leaves stays with the contract.
    function deposit(address account, uint64 amount) external;

    /// @notice [deposit] with an EIP-2612 permit in the same transaction. A permit that somebody else has already sent is
    /// no error: the allowance counts.
    function depositWithPermit(address account, uint64 amount, uint256 deadline, uint8 v, bytes32 r, bytes32 s)
        external;

    /// @notice Takes `amount` gwei off the caller's free balance at once, to be taken out [WITHDRAWAL_DELAY] later. Asking
    /// again adds to it and starts the delay anew.
    function requestWithdrawal(uint64 amount) external;

    /// @notice Makes all that is leaving the caller's account free again.
    function cancelWithdrawal() external;

    /// @notice Pays out all that was leaving the caller's account, after the delay.
    function withdraw(address to) external;

    /// @notice Lets `agent` sign leases, results and releases in the caller's name until `expiry`; zero: no more. An agent
    /// never withdraws, accepts or cancels.
    function setAgent(address agent, uint40 expiry) external;

    /// @notice Adds what arrives of `amount` gwei of the caller's LP to the verification pool. Nobody can take it out: it is
    /// there for a later version that draws and pays checks.
    function fundPool(uint64 amount) external;

    /// @notice The guardian keeps deals from opening until a time at most [PAUSE_MAX] away, or lets them again with a
    /// time in the past. Everything else goes on: results, settlements, mediation, withdrawals.
    function pauseOpening(uint40 until) external;

    // ------------------------------------------------------------------------------------------------ deals

    /// @notice Locks price and collateral of one attempt at a job.
    /// @dev Refused when: opening is paused; a signature is not its party's; price, fee, collateral, target or deadline do
    /// not fit the offer; the offer's validUntil or the lease's openBy has passed; the job has ended; a deal of it is
    /// live or a later attempt has been; a balance does not cover it.
    /// @param fee gwei that the named solver takes of the creator. The solver, or its agent, may take less than the
    /// offer's maxFee; anybody else relays for maxFee, so outrunning the solver gains and costs nobody anything.
    function openDeal(
        JobOffer calldata offer,
        bytes calldata offerSignature,
        Lease calldata lease,
        bytes calldata leaseSignature,
        uint64 fee
    ) external;

    /// @notice Pays a finished job in one step, without locking anything before: for short jobs of parties that agree,
    /// and after a reorganisation, also beyond openBy and validUntil. Needs all four signatures.
    function openAndSettle(
        JobOffer calldata offer,
        bytes calldata offerSignature,
        Lease calldata lease,
        bytes calldata leaseSignature,
        Outcome calldata outcome,
        bytes calldata resultSignature,
        bytes calldata acceptanceSignature,
        uint64 fee
    ) external;

    /// @notice Commits the provider's result, until submitBy: the review runs from now (1 -> 2).
    /// @dev The cost is at most the price for the metered time: price x min(runSeconds, ended - started + 1) / runSeconds,
    /// rounded up.
    function submitResult(bytes32 job, Terms calldata terms, Outcome calldata outcome, bytes calldata signature) external;

    /// @notice Pays a submitted result that the creator or acceptor has signed for (2 -> 3).
    function acceptResult(bytes32 job, Terms calldata terms, bytes32 commitment, uint64 cost, bytes calldata signature)
        external;

    /// @notice [submitResult] and [acceptResult] in one step (1 -> 3).
    function acceptOutcome(
        bytes32 job,
        Terms calldata terms,
        Outcome calldata outcome,
        bytes calldata resultSignature,
        bytes calldata acceptanceSignature
    ) external;

    /// @notice Pays a submitted result whose review has ended in silence (2 -> 9).
    function settle(bytes32 job, Terms calldata terms, bytes32 commitment, uint64 cost) external;

    /// @notice Ends an agreed deal for the creator, who pays the larger of a tenth of the price and the part of
    /// runSeconds that has passed, rounded up (1 -> 11). Ends the job.
    function cancel(bytes32 job, Terms calldata terms, bytes calldata signature) external;

    /// @notice Ends a job that has no live deal: none will open. The signature is that of [cancel].
    function revoke(JobOffer calldata offer, bytes calldata signature) external;

    /// @notice Refunds both sides: the provider gives the deal back, until submitBy (1 -> 13).
    function release(bytes32 job, Terms calldata terms, bytes calldata signature) external;

    /// @notice Refunds both sides: the solver that the offer names found the provider's machine silent (1 -> 12).
    /// @param silentAt when it was found: a part of what is signed
    function lapse(bytes32 job, Terms calldata terms, uint40 silentAt, bytes calldata signature) external;

    /// @notice Ends a deal without a result after submitBy (1 -> 8). The creator is refunded; the provider loses a fifth of
    /// the price, at most its collateral: half of it to the creator, 1 % of the price to a caller who is no party, the rest
    /// to the verification pool.
    function timeoutSubmit(bytes32 job, Terms calldata terms) external;

    // ------------------------------------------------------------------------------------------------ mediation

    /// @notice The creator or acceptor disputes a submitted result within its review (2 -> 4). Locks a bond: the fees of
    /// the whole panel and a tenth of the price.
    function checkResult(
        bytes32 job,
        Terms calldata terms,
        bytes32 commitment,
        uint64 cost,
        bytes calldata signature
    ) external;

    /// @notice Ends a disputed deal by equal verdicts of at least the panel's quorum, until [MEDIATION_SECONDS] after the
    /// dispute.
    /// @dev 1 OK (-> 5): paid, and a tenth of the price from the bond. 2 BAD (-> 6): price and bond refunded; of the
    /// collateral the fees, then up to a tenth of the price to the creator, the rest to the pool. 3 NONDET (-> 5): paid.
    /// 4 NO_INPUT, 5 ABSTAIN (-> 15): both refunded. Each mediator given gets the panel's fee: of the bond (1, 3), of the
    /// collateral and then the bond (2); who cannot judge gets none (4, 5).
    /// @param mediators the members of the panel, as its name hashes them
    /// @param round a part of what is signed, 1 to 255
    /// @param votes of different members, in ascending order of their addresses, as a panel has its seats
    function decide(
        bytes32 job,
        Terms calldata terms,
        bytes32 commitment,
        uint64 cost,
        address[] calldata mediators,
        uint8 round,
        uint8 decision,
        Vote[] calldata votes
    ) external;

    /// @notice Refunds both sides and the bond when the panel has stayed silent (4 -> 10).
    function timeoutMediate(
        bytes32 job,
        Terms calldata terms,
        bytes32 commitment,
        uint64 cost
    ) external;

    // ------------------------------------------------------------------------------------------------ many at once

    /// @notice Carries out calls of this contract in order. One that reverts changes nothing and is skipped, with an event
    /// that tells its reason.
    /// @return done how many were carried out
    function batch(bytes[] calldata calls) external returns (uint256 done);

    // ------------------------------------------------------------------------------------------------ views

    /// @notice The id of an offer's job: its EIP-712 digest here.
    function jobId(JobOffer calldata offer) external view returns (bytes32);
    /// @notice The hash that every signature here covers.
    function domainSeparator() external view returns (bytes32);
    /// @notice What an account has, in gwei, and when what is leaving can be taken.
    function account(address holder)
        external
        view
        returns (uint64 free, uint64 locked, uint64 leaving, uint40 leavingAt);
    /// @notice The latest deal of a job: state, attempt, when it got there, and a truncated hash of what it is about.
    function slot(bytes32 job) external view returns (uint8 state, uint8 attempt, uint40 since, uint200 commitment);
    /// @notice The state of a job that was paid for exactly this result; zero for any other.
    function ended(bytes32 job, bytes32 commitment, uint64 cost) external view returns (uint8 state);
    /// @notice Until when an agent signs for a principal.
    function agentUntil(address principal, address agent) external view returns (uint40);
    /// @notice Deposits less withdrawals; what of it is in the verification pool; until when opening is paused.
    function totals() external view returns (uint64 issued, uint64 pool, uint40 pausedUntil);
    /// @notice The LP token.
    function token() external view returns (address);
    /// @notice Who may pause the opening of deals; zero: nobody.
    function guardian() external view returns (address);
}
