// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {JobOffer} from "../core/Types.sol";
import {IController} from "../core/interfaces/IController.sol";

/// @title Jobs for contracts, and for anybody who would rather send a transaction than sign offers
///
/// @notice Whoever calls [runJob] pays a budget in LP and gets back a number. A node, the runner, sees the request, writes the job
/// offer and posts it; market, escrow and settlement are then those of every job. The outcome is called back, and what was
/// not spent returns to the requester's payee.
///
/// Each request has an account of its own in the Controller, and a small contract that is the job's creator there (ERC-1271). So
/// jobs cannot mix: no job reaches another's money, and a request's outcome can only be that of its own job.
///
/// Trust: the runner chooses market, solver, resources and price within the budget, and judges the result in the
/// requester's place. It can waste one request's budget, never more, and never take it for itself. Pin `moduleDigest` and
/// `inputsDigest` to bind it to what is run.
///
/// @dev Amounts are gwei of LP. States of a request: see [Status]. Assumptions about the token: as in IController.
interface IOnChainJobCreator {
    /// @notice Numbers are for ever.
    enum Status {
        None, // no such request
        Requested, // paid for; no offer is out
        Posted, // an offer is out
        Done, // the job was paid for; its result is known
        Failed // no result: the money goes back
    }

    /// @notice What is wanted.
    /// @param module the module's name for the runner to resolve, for example `cowsay:v0.0.4`; at most 256 bytes
    /// @param inputs `Key=value` each; all together at most 4096 bytes, at most 32 of them
    /// @param moduleDigest the work's module digest, zero: as the runner resolves the name
    /// @param inputsDigest the work's inputs digest, zero: as the runner packs the inputs
    /// @param budget gwei of LP, taken by allowance; all that the job can ever cost
    /// @param deadline seconds of block time by which the result must be there, at most 30 days ahead; then anybody can
    /// have the money sent back
    /// @param payee who gets what was not spent, zero: the caller
    struct Request {
        string module;
        string[] inputs;
        bytes32 moduleDigest;
        bytes32 inputsDigest;
        uint64 budget;
        uint40 deadline;
        address payee;
    }

    /// @notice All about a request.
    /// @param account the creator of its jobs in the Controller, and the account that holds its money
    /// @param job the latest posted job, zero: none yet
    /// @param resultRoot of a job that is Done
    /// @param cost gwei paid for a job that is Done
    /// @param delivered whether the requester has been told, or is no contract
    struct Job {
        address requester;
        uint40 deadline;
        Status status;
        bool delivered;
        address payee;
        address account;
        uint64 budget;
        bytes32 job;
        bytes32 moduleDigest;
        bytes32 inputsDigest;
        bytes32 resultRoot;
        uint64 cost;
    }

    /// @notice Somebody wants a job run: the runner's work begins.
    event JobRequested(
        uint256 indexed id, address indexed requester, address account, Request request
    );
    /// @notice The runner has put out an offer for a request.
    event JobPosted(uint256 indexed id, bytes32 indexed job);
    /// @notice A request's job was paid for and has a result.
    event JobDone(uint256 indexed id, bytes32 indexed job, bytes32 resultRoot, uint64 cost);
    /// @notice A request has ended without a result.
    event JobFailed(uint256 indexed id, bytes32 indexed job);
    /// @notice The requester was called back; `succeeded` is false when it reverted or ran out of its gas.
    event Delivered(uint256 indexed id, bool succeeded);
    /// @notice Unspent money was paid to the request's payee.
    event Refunded(uint256 indexed id, address indexed payee, uint64 amount);
    /// @notice Another node does the runner's work.
    event RunnerChanged(address indexed before, address indexed next);

    /// @notice No such request, or it is not in a state for this.
    error WrongStatus(uint256 id, Status status);
    /// @notice The caller may not do this, or not before the deadline.
    error NotAllowed(address caller);
    /// @notice A parameter is not what it must be; `field` names it in ASCII.
    error Malformed(bytes32 field);
    /// @notice The offer is not one for this request; `rule` names what differs in ASCII.
    error Mismatch(bytes32 rule);
    /// @notice A deal of the job is live, or was paid for: it ends by itself.
    error DealStands(bytes32 job, uint8 state);
    /// @notice The job was not paid for that result.
    error NotTheResult(bytes32 job);
    /// @notice Too little gas for the requester's callback.
    error NotEnoughGas(uint256 needed);
    /// @notice Nothing to pay, or not yet.
    error NothingDue(uint256 id);

    /// @notice Asks for a job, paid by the caller's allowance.
    /// @return id the request's number, from 1 on
    function runJob(Request calldata request) external returns (uint256 id);

    /// @notice Puts out an offer for a request; its account then signs for that offer alone (ERC-1271). A former offer of the
    /// request is withdrawn, which needs that no deal of it is live or paid.
    /// @dev For the runner. The offer's creator is the request's account, its acceptor the runner; module and inputs are those
    /// pinned; validUntil and deliverBy are not after the deadline; the review is at most REVIEW_MAX.
    /// @return job the offer's id in the Controller
    function post(uint256 id, JobOffer calldata offer) external returns (bytes32 job);

    /// @notice Ends a request with the result that the Controller paid for, tells the requester and starts the way back of what was
    /// not spent. Anybody may, at any time: the Controller knows whether it is true.
    function complete(uint256 id, bytes32 resultRoot, uint64 cost) external;

    /// @notice Ends a request without a result, tells the requester and starts its money's way back. The requester and the runner
    /// may at any time, anybody after the deadline; never while a deal is live or after one was paid.
    function refund(uint256 id) external;

    /// @notice Pays what is left of an ended request to its payee; anybody may. When the Controller's withdrawal delay has not
    /// been started for some of it, starts that.
    function collect(uint256 id) external;

    /// @notice Calls a requester back again after a call that failed; anybody may.
    function redeliver(uint256 id) external;

    /// @notice Lets another node do the runner's work. Offers that are out keep their acceptor. For the owner.
    function changeRunner(address next) external;

    /// @notice All about a request.
    function jobOf(uint256 id) external view returns (Job memory);

    /// @notice The result of a request that is Done, as a CID.
    function resultCid(uint256 id) external view returns (string memory);

    /// @notice How many requests there have been: the last one's number.
    function count() external view returns (uint256);

    /// @notice Who writes the offers.
    function runner() external view returns (address);

    /// @notice Where the money is.
    function controller() external view returns (IController);
}
