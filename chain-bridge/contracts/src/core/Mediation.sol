// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Hashing} from "./Hashing.sol";
import {Payments} from "./Payments.sol";
import {Signatures} from "./Signatures.sol";
import {State} from "./Storage.sol";
import {PanelId, Terms, Vote} from "./Types.sol";
import {IController} from "./interfaces/IController.sol";

/// @title Disputed results: the creator's bond, the panel's verdict, who pays for it
abstract contract Mediation is Payments {
    /// A panel may take so long: time for standbys and for running the longest usual job again.
    uint40 public constant MEDIATION_SECONDS = 1 days;
    /// The largest panel: 15 is the top of the ladder, and a verdict must fit a transaction.
    uint256 private constant MEDIATORS_MAX = 32;
    /// Who was in the right gets this part of the price on top: 1/10.
    uint256 private constant COMPENSATION_DIVISOR = 10;

    // Where a panel's name says what: see PanelId.
    uint256 private constant QUORUM = 1 << 64;
    uint256 private constant SIZE = 1 << 72;
    uint256 private constant MEMBERS_SHIFT = 80;

    uint8 private constant OK = 1;
    uint8 private constant BAD = 2;
    uint8 private constant NONDET = 3;
    uint8 private constant ABSTAIN = 5;

    /// Who gets what at the end of a dispute, in gwei.
    struct Ruling {
        uint8 state;
        uint256 paid;
        uint256 refunded;
        uint256 slashed;
        uint256 feeEach;
    }

    /// @inheritdoc IController
    function checkResult(
        bytes32 job,
        Terms calldata terms,
        bytes32 commitment,
        uint64 cost,
        bytes calldata signature
    ) external {
        bytes32 hash = Hashing.hashSubmitted(Hashing.hashTerms(terms), commitment, cost);
        (uint8 attempt, uint256 since) = _expect(job, State.RESULTS_SUBMITTED, hash);
        uint256 reviewEnds = since + terms.figures.reviewSeconds();
        if (block.timestamp >= reviewEnds) revert TooLate(reviewEnds);
        _signedByEither(
            terms.creator, terms.acceptor, Hashing.hashDispute(Hashing.dealId(job, attempt), commitment), signature
        );
        uint256 bond = _bond(_sound(terms.panel), terms.figures.price());
        _lock(terms.creator, bond, 0);
        _write(job, State.RESULTS_CHECKED, attempt, hash);
        emit Checked(job, uint64(bond));
    }

    /// @inheritdoc IController
    function decide(
        bytes32 job,
        Terms calldata terms,
        bytes32 commitment,
        uint64 cost,
        address[] calldata mediators,
        uint8 round,
        uint8 decision,
        Vote[] calldata votes
    ) external {
        bytes32 hash = Hashing.hashSubmitted(Hashing.hashTerms(terms), commitment, cost);
        (uint8 attempt, uint256 since) = _expect(job, State.RESULTS_CHECKED, hash);
        if (block.timestamp > since + MEDIATION_SECONDS) revert TooLate(since + MEDIATION_SECONDS);
        if (decision < OK || decision > ABSTAIN) revert Malformed("verdict");
        uint256 panel = uint256(PanelId.unwrap(terms.panel));
        uint256 bond = _bond(panel, terms.figures.price());
        _decided(Hashing.dealId(job, attempt), panel, mediators, round, decision, votes);
        Ruling memory ruling = _rule(terms, cost, bond, uint64(panel), votes.length, decision);
        for (uint256 i = 0; i < votes.length; i++) {
            _credit(mediators[votes[i].seat], ruling.feeEach);
        }
        _close(job, terms, attempt, bond, ruling, Hashing.hashPaid(commitment, cost));
    }

    /// @inheritdoc IController
    function timeoutMediate(
        bytes32 job,
        Terms calldata terms,
        bytes32 commitment,
        uint64 cost
    ) external {
        bytes32 hash = Hashing.hashSubmitted(Hashing.hashTerms(terms), commitment, cost);
        (uint8 attempt, uint256 since) = _expect(job, State.RESULTS_CHECKED, hash);
        if (block.timestamp <= since + MEDIATION_SECONDS) revert TooEarly(since + MEDIATION_SECONDS + 1);
        uint256 bond = _bond(uint256(PanelId.unwrap(terms.panel)), terms.figures.price());
        Ruling memory ruling = Ruling(State.TIMEOUT_MEDIATE_RESULTS, 0, terms.figures.price() + bond, 0, 0);
        _close(job, terms, attempt, bond, ruling, 0);
    }

    /// The parties agreed to the panel by its name; that it can decide at all is seen when it is first needed.
    function _sound(PanelId id) private pure returns (uint256 panel) {
        panel = uint256(PanelId.unwrap(id));
        uint256 size = uint8(panel / SIZE);
        uint256 quorum = uint8(panel / QUORUM);
        if (size == 0 || size > MEDIATORS_MAX) revert Malformed("panel size");
        if (quorum * 2 <= size || quorum > size) revert Malformed("panel quorum");
    }

    /// What a dispute may cost the creator: the whole panel's fees, and the compensation.
    function _bond(uint256 panel, uint256 price) private pure returns (uint256) {
        return uint256(uint8(panel / SIZE)) * uint64(panel) + price / COMPENSATION_DIVISOR;
    }

    /// Requires that enough different members of the panel signed this decision.
    function _decided(
        bytes32 deal,
        uint256 panel,
        address[] calldata mediators,
        uint8 round,
        uint8 decision,
        Vote[] calldata votes
    ) private view {
        bytes32 members = keccak256(abi.encodePacked(mediators));
        bool same = uint256(members) >> MEMBERS_SHIFT == panel >> MEMBERS_SHIFT;
        if (!same || mediators.length != uint8(panel / SIZE)) revert Mismatch("panel");
        if (votes.length < uint8(panel / QUORUM)) revert Mismatch("quorum");
        address last = address(0);
        for (uint256 i = 0; i < votes.length; i++) {
            Vote calldata vote = votes[i];
            if (vote.seat >= mediators.length) revert Malformed("seat");
            address mediator = mediators[vote.seat];
            // Ascending: so a member with two seats votes once, and the zero address, whose signature is any, never.
            if (mediator <= last) revert Malformed("seat");
            last = mediator;
            bytes32 word = Hashing.hashVerdict(deal, round, decision, vote.commitment);
            bytes32 digest = Hashing.digest(domainSeparator(), word);
            if (Signatures.recover(digest, vote.r, vote.vs) != mediator) revert BadSignature(mediator);
        }
    }

    function _rule(Terms calldata terms, uint64 cost, uint256 bond, uint256 fee, uint256 voters, uint8 decision)
        private
        returns (Ruling memory)
    {
        uint256 price = terms.figures.price();
        uint256 fees = fee * voters;
        uint256 compensation = price / COMPENSATION_DIVISOR;
        if (decision == OK) {
            uint256 refunded = price - cost + bond - compensation - fees;
            return Ruling(State.MEDIATION_ACCEPTED, cost + compensation, refunded, 0, fee);
        }
        if (decision == NONDET) {
            return Ruling(State.MEDIATION_ACCEPTED, cost, price - cost + bond - fees, 0, fee);
        }
        if (decision == BAD) {
            uint256 collateral = terms.figures.collateral();
            uint256 fromCollateral = _min(fees, collateral);
            compensation = _min(compensation, collateral - fromCollateral);
            _fillPool(collateral - fromCollateral - compensation);
            uint256 refunded = price + bond - (fees - fromCollateral) + compensation;
            return Ruling(State.MEDIATION_REJECTED, 0, refunded, collateral, fee);
        }
        // A panel that cannot judge earns nothing: paid by the pool, it could be anybody's who disputes with himself.
        return Ruling(State.NO_VERDICT, 0, price + bond, 0, 0);
    }

    function _close(
        bytes32 job,
        Terms calldata terms,
        uint8 attempt,
        uint256 bond,
        Ruling memory ruling,
        bytes32 paidHash
    ) private {
        _unlock(terms.creator, terms.figures.price() + bond, ruling.refunded);
        _unlock(terms.provider, terms.figures.collateral(), terms.figures.collateral() - ruling.slashed + ruling.paid);
        _write(job, ruling.state, attempt, State.paid(ruling.state) ? paidHash : bytes32(0));
        emit Ended(job, ruling.state, uint64(ruling.paid), uint64(ruling.refunded));
        if (ruling.slashed != 0) emit Slashed(job, terms.provider, uint64(ruling.slashed));
    }
}
