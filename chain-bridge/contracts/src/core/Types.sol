// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

// The signed types of the protocol, member for member as they are hashed by EIP-712, and what the contract is told
// beside them. Amounts are gwei of LP (1e-9 LP), at most 1e18; times are seconds of block time; ids are EIP-712 digests.

/// What is to be run, pinned by digests. `resources` is the EIP-712 hash of the Resources struct: only matching reads them.
struct Work {
    uint8 engine;
    bytes32 module;
    bytes32 inputs;
    bytes32 outputs;
    bytes32 resources;
    uint32 runSeconds;
    uint8 network;
    bytes32 comparator;
    bytes32 extra;
}

/// A job creator's offer. Its digest is the job's id.
struct JobOffer {
    address creator;
    address acceptor;
    address solver;
    bytes32 market;
    address target;
    PanelId panel;
    Work work;
    uint64 maxPrice;
    uint64 maxFee;
    uint64 minCollateral;
    uint8 verification;
    uint8 maxAttempts;
    uint32 reviewSeconds;
    uint40 validUntil;
    uint40 deliverBy;
    uint64 nonce;
    bytes32 extra;
}

/// A provider's word that it runs one attempt of one job: the signed `Lease` without the job, which the contract knows.
struct Lease {
    uint8 attempt;
    address provider;
    bytes32 offer;
    uint64 epoch;
    uint64 price;
    uint64 collateral;
    uint32 ttlSeconds;
    uint40 openBy;
    uint40 submitBy;
    bytes32 extra;
}

/// What a provider says a run gave and cost: the signed `Result` without the deal, which the contract knows.
struct Outcome {
    bytes32 commitment;
    uint64 cost;
    uint64 startedAt;
    uint64 endedAt;
}

/// All that the later steps of a deal need of its offer and lease. The contract keeps only its hash: every step is
/// given the terms again, by anybody who has the two signed words or the opening transaction.
struct Terms {
    address creator;
    address acceptor;
    address solver;
    address provider;
    PanelId panel;
    Figures figures;
}

/// The numbers of a deal in one word, from the lowest bit: price (64), collateral (64), runSeconds (32), reviewSeconds (32),
/// submitBy (40).
type Figures is uint256;

using {price, collateral, runSeconds, reviewSeconds, submitBy} for Figures global;

function figuresOf(uint256 price_, uint256 collateral_, uint256 runSeconds_, uint256 reviewSeconds_, uint256 submitBy_)
    pure
    returns (Figures)
{
    return Figures.wrap(
        price_ | (collateral_ << 64) | (runSeconds_ << 128) | (reviewSeconds_ << 160) | (submitBy_ << 192)
    );
}

function price(Figures figures) pure returns (uint256) {
    return uint64(Figures.unwrap(figures));
}

function collateral(Figures figures) pure returns (uint256) {
    return uint64(Figures.unwrap(figures) >> 64);
}

function runSeconds(Figures figures) pure returns (uint256) {
    return uint32(Figures.unwrap(figures) >> 128);
}

function reviewSeconds(Figures figures) pure returns (uint256) {
    return uint32(Figures.unwrap(figures) >> 160);
}

function submitBy(Figures figures) pure returns (uint256) {
    return uint40(Figures.unwrap(figures) >> 192);
}

/// The name of a mediator panel, as offers carry it: a truncated hash of its members beside what the money needs to know.
/// From the lowest bit: fee (64), gwei of LP for each mediator whose verdict decides; quorum (8), equal verdicts that decide,
/// more than half of the members; size (8), 1 to 32 members; and the upper 176 bits of
/// `keccak256(abi.encodePacked(mediators))`, each padded to a word, in ascending order of address.
type PanelId is bytes32;

/// One mediator's signed verdict: `seat` is its place in the panel, `commitment` what its own run gave, `r` and `vs` its
/// signature as EIP-2098 packs it. A mediator signs with a key, not as a contract.
struct Vote {
    uint8 seat;
    bytes32 commitment;
    bytes32 r;
    bytes32 vs;
}
