// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Figures, JobOffer, Lease, Outcome, PanelId, Terms} from "./Types.sol";

/// @title Hashes of the signed types (EIP-712) and of what the contract stores
///
/// @dev The structs are static, so in calldata their members lie one after the other, a word each, just as EIP-712
/// encodes them: a hash is a type hash and a copy. The copies go to free memory that is not kept. A word with dirty upper
/// bits gives another hash than any signer has signed; members that are used are read by Solidity, which refuses them.
library Hashing {
    bytes32 private constant WORK = keccak256(
        "Work(uint8 engine,bytes32 module,bytes32 inputs,bytes32 outputs,Resources resources,uint32 runSeconds,uint8 network,bytes32 comparator,bytes32 extra)Resources(uint32 milliCpu,uint32 gpus,bytes32 gpuModel,uint32 vramMibPerGpu,uint64 ramMib,uint64 diskMib)"
    );
    bytes32 private constant JOB_OFFER = keccak256(
        "JobOffer(address creator,address acceptor,address solver,bytes32 market,address target,bytes32 panel,Work work,uint64 maxPrice,uint64 maxFee,uint64 minCollateral,uint8 verification,uint8 maxAttempts,uint32 reviewSeconds,uint40 validUntil,uint40 deliverBy,uint64 nonce,bytes32 extra)Resources(uint32 milliCpu,uint32 gpus,bytes32 gpuModel,uint32 vramMibPerGpu,uint64 ramMib,uint64 diskMib)Work(uint8 engine,bytes32 module,bytes32 inputs,bytes32 outputs,Resources resources,uint32 runSeconds,uint8 network,bytes32 comparator,bytes32 extra)"
    );
    bytes32 private constant LEASE = keccak256(
        "Lease(bytes32 job,uint8 attempt,address provider,bytes32 offer,uint64 epoch,uint64 price,uint64 collateral,uint32 ttlSeconds,uint40 openBy,uint40 submitBy,bytes32 extra)"
    );
    bytes32 private constant RESULT =
        keccak256("Result(bytes32 deal,bytes32 commitment,uint64 cost,uint64 startedAt,uint64 endedAt)");
    bytes32 private constant ACCEPTANCE = keccak256("Acceptance(bytes32 deal,bytes32 commitment,uint64 cost)");
    bytes32 private constant DISPUTE = keccak256("Dispute(bytes32 deal,bytes32 commitment)");
    bytes32 private constant CANCEL = keccak256("Cancel(bytes32 job)");
    bytes32 private constant RELEASE = keccak256("Release(bytes32 deal)");
    bytes32 private constant LAPSE = keccak256("Lapse(bytes32 deal,uint40 at)");
    bytes32 private constant VERDICT =
        keccak256("Verdict(bytes32 deal,uint8 round,uint8 verdict,bytes32 commitment)");

    function domainSeparator() internal view returns (bytes32) {
        return keccak256(
            abi.encode(
                keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"),
                keccak256("Lilypad"),
                keccak256("1"),
                block.chainid,
                address(this)
            )
        );
    }

    /// What is signed: 0x1901, the domain, the struct's hash.
    function digest(bytes32 domain, bytes32 structHash) internal pure returns (bytes32 hashed) {
        assembly ("memory-safe") {
            let m := mload(0x40)
            mstore(m, hex"1901")
            mstore(add(m, 2), domain)
            mstore(add(m, 34), structHash)
            hashed := keccak256(m, 66)
        }
    }

    /// 25 words of calldata: 6 before the work, 9 of the work, 10 behind it.
    function hashOffer(JobOffer calldata offer) internal pure returns (bytes32 hashed) {
        bytes32 workType = WORK;
        bytes32 offerType = JOB_OFFER;
        assembly ("memory-safe") {
            let m := mload(0x40)
            mstore(m, workType)
            calldatacopy(add(m, 32), add(offer, 192), 288)
            let work := keccak256(m, 320)
            mstore(m, offerType)
            calldatacopy(add(m, 32), offer, 192)
            mstore(add(m, 224), work)
            calldatacopy(add(m, 256), add(offer, 480), 320)
            hashed := keccak256(m, 576)
        }
    }

    function hashLease(bytes32 job, Lease calldata lease) internal pure returns (bytes32 hashed) {
        bytes32 leaseType = LEASE;
        assembly ("memory-safe") {
            let m := mload(0x40)
            mstore(m, leaseType)
            mstore(add(m, 32), job)
            calldatacopy(add(m, 64), lease, 320)
            hashed := keccak256(m, 384)
        }
    }

    function hashResult(bytes32 deal, Outcome calldata outcome) internal pure returns (bytes32 hashed) {
        bytes32 resultType = RESULT;
        assembly ("memory-safe") {
            let m := mload(0x40)
            mstore(m, resultType)
            mstore(add(m, 32), deal)
            calldatacopy(add(m, 64), outcome, 128)
            hashed := keccak256(m, 192)
        }
    }

    function hashAcceptance(bytes32 deal, bytes32 commitment, uint256 cost) internal pure returns (bytes32) {
        return four(ACCEPTANCE, deal, commitment, bytes32(cost));
    }

    function hashDispute(bytes32 deal, bytes32 commitment) internal pure returns (bytes32) {
        return three(DISPUTE, deal, commitment);
    }

    function hashCancel(bytes32 job) internal pure returns (bytes32) {
        return two(CANCEL, job);
    }

    function hashRelease(bytes32 deal) internal pure returns (bytes32) {
        return two(RELEASE, deal);
    }

    function hashLapse(bytes32 deal, uint40 silentAt) internal pure returns (bytes32) {
        return three(LAPSE, deal, bytes32(uint256(silentAt)));
    }

    function hashVerdict(bytes32 deal, uint8 round, uint8 decision, bytes32 commitment)
        internal
        pure
        returns (bytes32)
    {
        return keccak256(abi.encode(VERDICT, deal, round, decision, commitment));
    }

    /// The id of a deal: `keccak256(abi.encode(job, attempt))`.
    function dealId(bytes32 job, uint8 attempt) internal pure returns (bytes32) {
        return two(job, bytes32(uint256(attempt)));
    }

    /// Of the terms that an offer and a lease make: the contract keeps just this.
    function hashTerms(JobOffer calldata offer, address creator, address provider, Figures figures)
        internal
        pure
        returns (bytes32 hashed)
    {
        (address acceptor, address solver, PanelId panel) = (offer.acceptor, offer.solver, offer.panel);
        assembly ("memory-safe") {
            let m := mload(0x40)
            mstore(m, creator)
            mstore(add(m, 32), acceptor)
            mstore(add(m, 64), solver)
            mstore(add(m, 96), provider)
            mstore(add(m, 128), panel)
            mstore(add(m, 160), figures)
            hashed := keccak256(m, 192)
        }
    }

    /// Of terms as somebody gives them again.
    function hashTerms(Terms calldata terms) internal pure returns (bytes32 hashed) {
        assembly ("memory-safe") {
            let m := mload(0x40)
            calldatacopy(m, terms, 192)
            hashed := keccak256(m, 192)
        }
    }

    /// Of terms with a submitted result.
    function hashSubmitted(bytes32 termsHash, bytes32 commitment, uint256 cost) internal pure returns (bytes32) {
        return three(termsHash, commitment, bytes32(cost));
    }

    /// Of a result that was paid.
    function hashPaid(bytes32 commitment, uint256 cost) internal pure returns (bytes32) {
        return two(commitment, bytes32(cost));
    }

    // The hash of `abi.encode(a, b, ...)` without keeping memory.

    function two(bytes32 a, bytes32 b) private pure returns (bytes32 hashed) {
        assembly ("memory-safe") {
            mstore(0, a)
            mstore(32, b)
            hashed := keccak256(0, 64)
        }
    }

    function three(bytes32 a, bytes32 b, bytes32 c) private pure returns (bytes32 hashed) {
        assembly ("memory-safe") {
            let m := mload(0x40)
            mstore(m, a)
            mstore(add(m, 32), b)
            mstore(add(m, 64), c)
            hashed := keccak256(m, 96)
        }
    }

    function four(bytes32 a, bytes32 b, bytes32 c, bytes32 d) private pure returns (bytes32 hashed) {
        assembly ("memory-safe") {
            let m := mload(0x40)
            mstore(m, a)
            mstore(add(m, 32), b)
            mstore(add(m, 64), c)
            mstore(add(m, 96), d)
            hashed := keccak256(m, 128)
        }
    }
}
