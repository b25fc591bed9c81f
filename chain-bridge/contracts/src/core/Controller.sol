// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Hashing} from "./Hashing.sol";
import {Mediation} from "./Mediation.sol";
import {ATTEMPT, State, Storage} from "./Storage.sol";
import {Figures, JobOffer, Lease, Outcome, Terms, figuresOf} from "./Types.sol";
import {IController} from "./interfaces/IController.sol";

/// @title The life of a deal
///
/// State numbers, and what moves a deal from one to the next:
///
///     0 -openDeal-> 1 -submitResult-> 2 -acceptResult-> 3            1 -acceptOutcome-> 3        0 -openAndSettle-> 3
///                           2 -settle-> 9            1 -cancel-> 11   1 -release-> 13   1 -lapse-> 12
///                           2 -checkResult->  4            1 -timeoutSubmit-> 8
///     4 -decide-> 5, 6, 15     4 -timeoutMediate-> 10
///
/// 3, 5, 9 and 11 end the job; after any other end a later attempt may open.
contract Controller is Mediation {
    /// A creator who cancels pays at least this part of the price: 1/10.
    uint256 private constant CANCEL_DIVISOR = 10;
    /// A provider who stays silent loses at most this part of the price: 1/5.
    uint256 private constant SLASH_DIVISOR = 5;
    /// The caller who ends somebody's overdue deal gets this part of the price of the slash: 1/100.
    uint256 private constant TIP_DIVISOR = 100;

    /// @param token_ the LP token: see the assumptions in [IController]
    /// @param guardian_ who may pause the opening of deals; zero: nobody
    constructor(address token_, address guardian_) Storage(token_, guardian_) {}

    // ------------------------------------------------------------------------------------------------ opening

    /// @inheritdoc IController
    function openDeal(
        JobOffer calldata offer,
        bytes calldata offerSignature,
        Lease calldata lease,
        bytes calldata leaseSignature,
        uint64 fee
    ) external {
        (address creator, address provider) = (offer.creator, lease.provider);
        (bytes32 job, Figures figures) = _agreed(offer, offerSignature, lease, leaseSignature, creator, provider);
        if (figures.collateral() < offer.minCollateral) revert Mismatch("collateral");
        if (figures.submitBy() > offer.deliverBy) revert Mismatch("submitBy");
        if (block.timestamp > offer.validUntil) revert TooLate(offer.validUntil);
        if (block.timestamp > lease.openBy) revert TooLate(lease.openBy);
        uint8 attempt = _vacant(job, lease.attempt);
        _lock(creator, figures.price(), fee);
        _lock(provider, figures.collateral(), 0);
        _write(job, State.AGREED, attempt, Hashing.hashTerms(offer, creator, provider, figures));
        emit Opened(job, creator, provider, attempt, figures);
        _payFee(job, offer, fee);
    }

    /// @inheritdoc IController
    function openAndSettle(
        JobOffer calldata offer,
        bytes calldata offerSignature,
        Lease calldata lease,
        bytes calldata leaseSignature,
        Outcome calldata outcome,
        bytes calldata resultSignature,
        bytes calldata acceptanceSignature,
        uint64 fee
    ) external {
        (address creator, address provider) = (offer.creator, lease.provider);
        (bytes32 job, Figures figures) = _agreed(offer, offerSignature, lease, leaseSignature, creator, provider);
        uint8 attempt = _vacant(job, lease.attempt);
        bytes32 deal = Hashing.dealId(job, attempt);
        _metered(figures, outcome);
        _signedByProvider(provider, Hashing.hashResult(deal, outcome), resultSignature);
        (uint256 cost, bytes32 commitment) = (outcome.cost, outcome.commitment);
        bytes32 acceptance = Hashing.hashAcceptance(deal, commitment, cost);
        _signedByEither(creator, offer.acceptor, acceptance, acceptanceSignature);
        accounts[creator] = _spend(creator, accounts[creator], cost + fee);
        _credit(provider, cost);
        emit Opened(job, creator, provider, attempt, figures);
        _end(job, attempt, State.RESULTS_ACCEPTED, cost, 0, commitment);
        _payFee(job, offer, fee);
    }

    /// Requires that both parties signed for each other, within the offer's limits.
    function _agreed(
        JobOffer calldata offer,
        bytes calldata offerSignature,
        Lease calldata lease,
        bytes calldata leaseSignature,
        address creator,
        address provider
    ) private view returns (bytes32 job, Figures figures) {
        if (block.timestamp < market.pausedUntil) revert Unavailable("opening paused");
        job = jobId(offer);
        _signedDigest(creator, job, offerSignature);
        _signedByProvider(provider, Hashing.hashLease(job, lease), leaseSignature);
        figures =
            figuresOf(lease.price, lease.collateral, offer.work.runSeconds, offer.reviewSeconds, lease.submitBy);
        if (figures.price() > offer.maxPrice) revert TooExpensive(figures.price(), offer.maxPrice);
        if (offer.target != address(0) && offer.target != provider) revert Mismatch("target");
    }

    /// Pays the solver that the creator named.
    function _payFee(bytes32 job, JobOffer calldata offer, uint64 fee) private {
        (address solver, uint64 maxFee) = (offer.solver, offer.maxFee);
        if (fee > maxFee) revert TooExpensive(fee, maxFee);
        if (fee < maxFee && msg.sender != solver && !_isAgent(solver, msg.sender)) revert NotAParty(msg.sender);
        if (fee == 0) return;
        _credit(solver, fee);
        emit FeePaid(job, solver, fee);
    }

    /// Requires that the job goes on, has no live deal, and none of this or a later attempt.
    function _vacant(bytes32 job, uint8 attempt) private view returns (uint8) {
        uint256 word = slots[job];
        uint8 state = uint8(word);
        uint8 last = uint8(word / ATTEMPT);
        if (State.endsJob(state)) revert JobEnded(state);
        if (State.live(state) || attempt <= last) revert LedgerConflict(state, last);
        return attempt;
    }

    // ------------------------------------------------------------------------------------------------ results

    /// @inheritdoc IController
    function submitResult(bytes32 job, Terms calldata terms, Outcome calldata outcome, bytes calldata signature) external {
        bytes32 hash = Hashing.hashTerms(terms);
        (uint8 attempt,) = _expect(job, State.AGREED, hash);
        _metered(terms.figures, outcome);
        _signedByProvider(terms.provider, Hashing.hashResult(Hashing.dealId(job, attempt), outcome), signature);
        if (block.timestamp > terms.figures.submitBy()) revert TooLate(terms.figures.submitBy());
        _write(job, State.RESULTS_SUBMITTED, attempt, Hashing.hashSubmitted(hash, outcome.commitment, outcome.cost));
        emit Submitted(job, outcome.commitment, outcome.cost);
    }

    /// @inheritdoc IController
    function acceptResult(bytes32 job, Terms calldata terms, bytes32 commitment, uint64 cost, bytes calldata signature)
        external
    {
        bytes32 hash = Hashing.hashSubmitted(Hashing.hashTerms(terms), commitment, cost);
        (uint8 attempt,) = _expect(job, State.RESULTS_SUBMITTED, hash);
        bytes32 word = Hashing.hashAcceptance(Hashing.dealId(job, attempt), commitment, cost);
        _signedByEither(terms.creator, terms.acceptor, word, signature);
        _pay(job, terms, attempt, State.RESULTS_ACCEPTED, cost, commitment);
    }

    /// @inheritdoc IController
    function acceptOutcome(
        bytes32 job,
        Terms calldata terms,
        Outcome calldata outcome,
        bytes calldata resultSignature,
        bytes calldata acceptanceSignature
    ) external {
        (uint8 attempt,) = _expect(job, State.AGREED, Hashing.hashTerms(terms));
        bytes32 deal = Hashing.dealId(job, attempt);
        _metered(terms.figures, outcome);
        _signedByProvider(terms.provider, Hashing.hashResult(deal, outcome), resultSignature);
        (uint256 cost, bytes32 commitment) = (outcome.cost, outcome.commitment);
        _signedByEither(terms.creator, terms.acceptor, Hashing.hashAcceptance(deal, commitment, cost), acceptanceSignature);
        _pay(job, terms, attempt, State.RESULTS_ACCEPTED, cost, commitment);
    }

    /// @inheritdoc IController
    function settle(bytes32 job, Terms calldata terms, bytes32 commitment, uint64 cost) external {
        bytes32 hash = Hashing.hashSubmitted(Hashing.hashTerms(terms), commitment, cost);
        (uint8 attempt, uint256 since) = _expect(job, State.RESULTS_SUBMITTED, hash);
        uint256 reviewEnds = since + terms.figures.reviewSeconds();
        if (block.timestamp < reviewEnds) revert TooEarly(reviewEnds);
        _pay(job, terms, attempt, State.TIMEOUT_JUDGE_RESULTS, cost, commitment);
    }

    /// Requires that the cost is at most the price for the time of the run. A second is added, for times are cut to whole
    /// seconds and a run may have taken up to one more than their difference.
    function _metered(Figures figures, Outcome calldata outcome) private pure {
        (uint256 started, uint256 stopped) = (outcome.startedAt, outcome.endedAt);
        if (stopped < started) revert Malformed("endedAt");
        unchecked {
            uint256 limit = _part(figures.price(), stopped - started + 1, figures.runSeconds());
            if (outcome.cost > limit) revert TooLarge(outcome.cost, limit);
        }
    }

    // ------------------------------------------------------------------------------------------------ other ends

    /// @inheritdoc IController
    function cancel(bytes32 job, Terms calldata terms, bytes calldata signature) external {
        (uint8 attempt, uint256 since) = _expect(job, State.AGREED, Hashing.hashTerms(terms));
        _signed(terms.creator, Hashing.hashCancel(job), signature);
        uint256 elapsed = _part(terms.figures.price(), block.timestamp - since, terms.figures.runSeconds());
        uint256 least = _part(terms.figures.price(), 1, CANCEL_DIVISOR);
        _pay(job, terms, attempt, State.CANCELLED, elapsed > least ? elapsed : least, 0);
    }

    /// @inheritdoc IController
    function revoke(JobOffer calldata offer, bytes calldata signature) external {
        bytes32 job = jobId(offer);
        uint8 state = uint8(slots[job]);
        if (State.endsJob(state)) revert JobEnded(state);
        if (State.live(state)) revert WrongState(state);
        _signed(offer.creator, Hashing.hashCancel(job), signature);
        _write(job, State.CANCELLED, uint8(slots[job] / ATTEMPT), 0);
        emit Revoked(job);
    }

    /// @inheritdoc IController
    function release(bytes32 job, Terms calldata terms, bytes calldata signature) external {
        (uint8 attempt,) = _expect(job, State.AGREED, Hashing.hashTerms(terms));
        _signedByProvider(terms.provider, Hashing.hashRelease(Hashing.dealId(job, attempt)), signature);
        if (block.timestamp > terms.figures.submitBy()) revert TooLate(terms.figures.submitBy());
        _refund(job, terms, attempt, State.RELEASED);
    }

    /// @inheritdoc IController
    function lapse(bytes32 job, Terms calldata terms, uint40 silentAt, bytes calldata signature) external {
        (uint8 attempt,) = _expect(job, State.AGREED, Hashing.hashTerms(terms));
        _signed(terms.solver, Hashing.hashLapse(Hashing.dealId(job, attempt), silentAt), signature);
        _refund(job, terms, attempt, State.LAPSED);
    }

    /// @inheritdoc IController
    function timeoutSubmit(bytes32 job, Terms calldata terms) external {
        (uint8 attempt,) = _expect(job, State.AGREED, Hashing.hashTerms(terms));
        if (block.timestamp <= terms.figures.submitBy()) revert TooEarly(terms.figures.submitBy() + 1);
        (uint256 price, uint256 collateral) = (terms.figures.price(), terms.figures.collateral());
        uint256 slashed = _min(collateral, price / SLASH_DIVISOR);
        uint256 compensation = slashed / 2;
        bool party = msg.sender == terms.creator || msg.sender == terms.provider;
        uint256 tip = party ? 0 : _min(slashed - compensation, price / TIP_DIVISOR);
        uint256 refunded = price + compensation;
        _unlock(terms.creator, price, refunded);
        _unlock(terms.provider, collateral, collateral - slashed);
        _credit(msg.sender, tip);
        _fillPool(slashed - compensation - tip);
        _end(job, attempt, State.TIMEOUT_SUBMIT_RESULTS, 0, refunded, 0);
        emit Slashed(job, terms.provider, uint64(slashed));
    }

    /// The provider earns a part of the price, the creator gets the rest, the collateral is free.
    function _pay(bytes32 job, Terms calldata terms, uint8 attempt, uint8 state, uint256 earned, bytes32 commitment)
        private
    {
        (uint256 price, uint256 collateral) = (terms.figures.price(), terms.figures.collateral());
        uint256 refunded = price - earned;
        _unlock(terms.creator, price, refunded);
        _unlock(terms.provider, collateral, collateral + earned);
        _end(job, attempt, state, earned, refunded, commitment);
    }

    function _refund(bytes32 job, Terms calldata terms, uint8 attempt, uint8 state) private {
        (uint256 price, uint256 collateral) = (terms.figures.price(), terms.figures.collateral());
        _unlock(terms.creator, price, price);
        _unlock(terms.provider, collateral, collateral);
        _end(job, attempt, state, 0, price, 0);
    }

    function _end(bytes32 job, uint8 attempt, uint8 state, uint256 paid, uint256 refunded, bytes32 commitment) private {
        _write(job, state, attempt, State.paid(state) ? Hashing.hashPaid(commitment, paid) : bytes32(0));
        emit Ended(job, state, uint64(paid), uint64(refunded));
    }

    // ------------------------------------------------------------------------------------------------ many at once

    /// @inheritdoc IController
    function batch(bytes[] calldata calls) external returns (uint256 done) {
        for (uint256 i = 0; i < calls.length; i++) {
            (bool success, bytes memory answer) = address(this).delegatecall(calls[i]);
            if (success) done++;
            else emit Skipped(i, answer);
        }
    }
}
