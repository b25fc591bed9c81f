// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Hashing} from "./Hashing.sol";
import {Signatures} from "./Signatures.sol";
import {JobOffer} from "./Types.sol";
import {IController} from "./interfaces/IController.sol";

// An account in one word, from the lowest bit: free (64), locked (64), leaving (64), leavingAt (40). Sums are moved within
// a word by adding multiples of these units; no part ever exceeds 1e18, so none runs into the next.
uint256 constant FREE = 1;
uint256 constant LOCKED = 1 << 64;
uint256 constant LEAVING = 1 << 128;
uint256 constant LEAVING_AT = 1 << 192;

// The latest deal of a job in one word, from the lowest bit: state (8), attempt (8), since (40), truncated hash (200).
uint256 constant ATTEMPT = 1 << 8;
uint256 constant SINCE = 1 << 16;
uint256 constant HASH_SHIFT = 56;

/// The states of a deal. Numbers are for ever; those of the market that a chain does not see are left out.
library State {
    uint8 internal constant AGREED = 1;
    uint8 internal constant RESULTS_SUBMITTED = 2;
    uint8 internal constant RESULTS_ACCEPTED = 3;
    uint8 internal constant RESULTS_CHECKED = 4;
    uint8 internal constant MEDIATION_ACCEPTED = 5;
    uint8 internal constant MEDIATION_REJECTED = 6;
    uint8 internal constant TIMEOUT_SUBMIT_RESULTS = 8;
    uint8 internal constant TIMEOUT_JUDGE_RESULTS = 9;
    uint8 internal constant TIMEOUT_MEDIATE_RESULTS = 10;
    uint8 internal constant CANCELLED = 11;
    uint8 internal constant LAPSED = 12;
    uint8 internal constant RELEASED = 13;
    uint8 internal constant NO_VERDICT = 15;

    /// Money is locked.
    function live(uint8 state) internal pure returns (bool) {
        return state == AGREED || state == RESULTS_SUBMITTED || state == RESULTS_CHECKED;
    }

    /// The provider was paid for a result.
    function paid(uint8 state) internal pure returns (bool) {
        return state == RESULTS_ACCEPTED || state == TIMEOUT_JUDGE_RESULTS || state == MEDIATION_ACCEPTED;
    }

    /// Another attempt would make the creator pay twice.
    function endsJob(uint8 state) internal pure returns (bool) {
        return paid(state) || state == CANCELLED;
    }
}

/// @title What the market holds, and who may speak for whom
abstract contract Storage is IController {
    /// All the LP that the market can hold, in gwei: a sum of anything fits 64 bits.
    uint64 internal constant ISSUED_MAX = 1e18;

    /// @inheritdoc IController
    address public immutable token;
    /// @inheritdoc IController
    address public immutable guardian;

    mapping(address holder => uint256 word) internal accounts;
    mapping(bytes32 job => uint256 word) internal slots;
    mapping(address principal => mapping(address agent => uint40 expiry)) internal agents;

    struct Market {
        uint64 issued;
        uint64 pool;
        uint40 pausedUntil;
    }

    Market internal market;

    bytes32 private immutable homeDomain;
    uint256 private immutable homeChain;

    constructor(address token_, address guardian_) {
        token = token_;
        guardian = guardian_;
        homeDomain = Hashing.domainSeparator();
        homeChain = block.chainid;
    }

    /// @inheritdoc IController
    function domainSeparator() public view returns (bytes32) {
        return block.chainid == homeChain ? homeDomain : Hashing.domainSeparator();
    }

    /// @inheritdoc IController
    function jobId(JobOffer calldata offer) public view returns (bytes32) {
        return Hashing.digest(domainSeparator(), Hashing.hashOffer(offer));
    }

    /// @inheritdoc IController
    function account(address holder) external view returns (uint64, uint64, uint64, uint40) {
        uint256 word = accounts[holder];
        return (uint64(word), uint64(word / LOCKED), uint64(word / LEAVING), uint40(word / LEAVING_AT));
    }

    /// @inheritdoc IController
    function slot(bytes32 job) external view returns (uint8, uint8, uint40, uint200) {
        uint256 word = slots[job];
        return (uint8(word), uint8(word / ATTEMPT), uint40(word / SINCE), uint200(word >> HASH_SHIFT));
    }

    /// @inheritdoc IController
    function ended(bytes32 job, bytes32 commitment, uint64 cost) external view returns (uint8) {
        uint256 word = slots[job];
        bool same = word >> HASH_SHIFT == uint256(Hashing.hashPaid(commitment, cost)) >> HASH_SHIFT;
        return same && State.paid(uint8(word)) ? uint8(word) : 0;
    }

    /// @inheritdoc IController
    function agentUntil(address principal, address agent) external view returns (uint40) {
        return agents[principal][agent];
    }

    /// @inheritdoc IController
    function totals() external view returns (uint64, uint64, uint40) {
        return (market.issued, market.pool, market.pausedUntil);
    }

    /// Requires that `party` signed a struct.
    function _signed(address party, bytes32 structHash, bytes calldata signature) internal view {
        _signedDigest(party, Hashing.digest(domainSeparator(), structHash), signature);
    }

    function _signedDigest(address party, bytes32 digest, bytes calldata signature) internal view {
        if (!Signatures.by(party, digest, signature)) revert BadSignature(party);
    }

    /// Requires that a provider or one of its agents signed a struct.
    function _signedByProvider(address provider, bytes32 structHash, bytes calldata signature) internal view {
        bytes32 digest = Hashing.digest(domainSeparator(), structHash);
        address signer = Signatures.recover(digest, signature);
        bool valid = signer != address(0) && (signer == provider || _isAgent(provider, signer));
        if (!valid && !Signatures.approved(provider, digest, signature)) revert BadSignature(provider);
    }

    /// Requires that one of two parties signed a struct; `second` may be nobody.
    function _signedByEither(address first, address second, bytes32 structHash, bytes calldata signature)
        internal
        view
    {
        bytes32 digest = Hashing.digest(domainSeparator(), structHash);
        address signer = Signatures.recover(digest, signature);
        bool valid = signer != address(0) && (signer == first || signer == second);
        if (!valid && !Signatures.approved(first, digest, signature) && !Signatures.approved(second, digest, signature))
        {
            revert BadSignature(first);
        }
    }

    function _isAgent(address principal, address agent) internal view returns (bool) {
        return agents[principal][agent] >= block.timestamp;
    }

    /// Requires that the latest deal of a job is in a state, about just this; tells its attempt and since when.
    function _expect(bytes32 job, uint8 state, bytes32 hash) internal view returns (uint8 attempt, uint256 since) {
        uint256 word = slots[job];
        if (uint8(word) != state) _wrong(job, uint8(word));
        if ((word ^ uint256(hash)) >> HASH_SHIFT != 0) revert Mismatch("terms");
        return (uint8(word / ATTEMPT), uint40(word / SINCE));
    }

    function _wrong(bytes32 job, uint8 state) private pure {
        if (state == 0) revert NotFound(job);
        revert WrongState(state);
    }

    /// Writes where a deal is now.
    function _write(bytes32 job, uint8 state, uint8 attempt, bytes32 hash) internal {
        unchecked {
            slots[job] =
                state + attempt * ATTEMPT + block.timestamp * SINCE + ((uint256(hash) >> HASH_SHIFT) << HASH_SHIFT);
        }
    }
}
