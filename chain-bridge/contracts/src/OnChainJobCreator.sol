// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Ownable, Ownable2Step} from "@openzeppelin/contracts/access/Ownable2Step.sol";
import {Clones} from "@openzeppelin/contracts/proxy/Clones.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";

import {JobAccount} from "./JobAccount.sol";
import {State} from "./core/Storage.sol";
import {JobOffer} from "./core/Types.sol";
import {IController} from "./core/interfaces/IController.sol";
import {ILilypadJobClient} from "./interfaces/ILilypadJobClient.sol";
import {IOnChainJobCreator} from "./interfaces/IOnChainJobCreator.sol";
import {ContentId} from "./libraries/ContentId.sol";
import {LpTransfers} from "./libraries/LpTransfers.sol";

/// @title Jobs for contracts
/// @notice See IOnChainJobCreator.
/// @dev Outcomes are written before a requester is called, so what it does then (ask for the next job, for example) meets
/// a request that has ended.
contract OnChainJobCreator is IOnChainJobCreator, Ownable2Step, ReentrancyGuardTransient {
    using LpTransfers for IERC20;
    using SafeERC20 for IERC20;
    using State for uint8;

    /// @notice What a callback may use; enough to store a result and ask for the next job.
    uint256 public constant CALLBACK_GAS = 1_000_000;
    /// @notice The furthest deadline, in seconds from now.
    uint40 public constant HORIZON = 30 days;
    /// @notice The longest review: nobody waits longer for an outcome that the runner keeps silent about.
    uint32 public constant REVIEW_MAX = 1 days;
    /// @notice The longest module name.
    uint256 public constant MODULE_BYTES_MAX = 256;
    /// @notice The most inputs.
    uint256 public constant INPUTS_MAX = 32;
    /// @notice The most that all inputs have together.
    uint256 public constant INPUT_BYTES_MAX = 4096;
    /// @dev What is needed besides a callback: its event, and the 64th part that EIP-150 keeps back.
    uint256 private constant GAS_AROUND_CALLBACK = 50_000;

    /// @inheritdoc IOnChainJobCreator
    IController public immutable controller;
    /// @notice The LP token.
    IERC20 public immutable token;
    address private immutable ACCOUNT_CODE;

    /// @inheritdoc IOnChainJobCreator
    address public runner;
    /// @inheritdoc IOnChainJobCreator
    uint256 public count;

    mapping(uint256 id => Job) private _jobs;

    /// @param controller_ where the money is
    /// @param runner_ the node that writes the offers
    /// @param owner_ who may name another runner, and nothing else; it passes this on in two steps (Ownable2Step)
    constructor(IController controller_, address runner_, address owner_) Ownable(owner_) {
        controller = controller_;
        token = IERC20(controller_.token());
        ACCOUNT_CODE = address(new JobAccount(controller_));
        runner = runner_;
        emit RunnerChanged(address(0), runner_);
    }

    /// @inheritdoc IOnChainJobCreator
    function runJob(Request calldata request) external nonReentrant returns (uint256 id) {
        _check(request);
        id = ++count;
        address account = Clones.cloneDeterministic(ACCOUNT_CODE, bytes32(id));
        Job storage job = _jobs[id];
        job.requester = msg.sender;
        job.deadline = request.deadline;
        job.status = Status.Requested;
        job.delivered = msg.sender.code.length == 0;
        job.payee = request.payee == address(0) ? msg.sender : request.payee;
        job.account = account;
        job.moduleDigest = request.moduleDigest;
        job.inputsDigest = request.inputsDigest;
        emit JobRequested(id, msg.sender, account, request);
        job.budget = _fund(account, request.budget);
    }

    /// @inheritdoc IOnChainJobCreator
    function post(uint256 id, JobOffer calldata offer) external returns (bytes32 digest) {
        require(msg.sender == runner, NotAllowed(msg.sender));
        Job storage job = _jobs[id];
        _requireOpen(id, job);
        _requireFits(job, offer);
        _requireNoDeal(job.job);
        digest = controller.jobId(offer);
        job.job = digest;
        job.status = Status.Posted;
        emit JobPosted(id, digest);
        JobAccount(job.account).approve(digest);
    }

    /// @inheritdoc IOnChainJobCreator
    function complete(uint256 id, bytes32 resultRoot, uint64 cost) external {
        Job storage job = _jobs[id];
        require(job.status == Status.Posted, WrongStatus(id, job.status));
        require(controller.ended(job.job, resultRoot, cost) != 0, NotTheResult(job.job));
        job.status = Status.Done;
        job.resultRoot = resultRoot;
        job.cost = cost;
        emit JobDone(id, job.job, resultRoot, cost);
        _finish(id, job);
    }

    /// @inheritdoc IOnChainJobCreator
    function refund(uint256 id) external {
        Job storage job = _jobs[id];
        _requireOpen(id, job);
        bool early = block.timestamp <= job.deadline;
        require(!early || msg.sender == job.requester || msg.sender == runner, NotAllowed(msg.sender));
        _requireNoDeal(job.job);
        job.status = Status.Failed;
        emit JobFailed(id, job.job);
        _finish(id, job);
    }

    /// @inheritdoc IOnChainJobCreator
    function collect(uint256 id) external nonReentrant {
        Job storage job = _jobs[id];
        require(job.status == Status.Done || job.status == Status.Failed, WrongStatus(id, job.status));
        JobAccount account = JobAccount(job.account);
        (uint64 free,, uint64 leaving, uint40 leavingAt) = controller.account(job.account);
        if (leaving == 0) {
            require(free > 0, NothingDue(id));
            account.requestWithdrawal(free);
        } else {
            require(block.timestamp >= leavingAt, NothingDue(id));
            emit Refunded(id, job.payee, leaving);
            account.withdraw(job.payee);
        }
    }

    /// @inheritdoc IOnChainJobCreator
    function redeliver(uint256 id) external {
        Job storage job = _jobs[id];
        bool ended = job.status == Status.Done || job.status == Status.Failed;
        require(ended && !job.delivered, WrongStatus(id, job.status));
        _deliver(id, job);
    }

    /// @inheritdoc IOnChainJobCreator
    function changeRunner(address next) external onlyOwner {
        emit RunnerChanged(runner, next);
        runner = next;
    }

    /// @inheritdoc IOnChainJobCreator
    function jobOf(uint256 id) external view returns (Job memory) {
        return _jobs[id];
    }

    /// @inheritdoc IOnChainJobCreator
    function resultCid(uint256 id) external view returns (string memory) {
        Job storage job = _jobs[id];
        require(job.status == Status.Done, WrongStatus(id, job.status));
        return ContentId.toText(job.resultRoot);
    }

    function _check(Request calldata request) private view {
        require(request.budget > 0, Malformed("budget"));
        bool inTime = request.deadline > block.timestamp && request.deadline <= block.timestamp + HORIZON;
        require(inTime, Malformed("deadline"));
        uint256 length = bytes(request.module).length;
        require(length > 0 && length <= MODULE_BYTES_MAX, Malformed("module"));
        require(request.inputs.length <= INPUTS_MAX, Malformed("inputs"));
        uint256 inputBytes = 0;
        for (uint256 i = 0; i < request.inputs.length; i++) {
            inputBytes += bytes(request.inputs[i]).length;
        }
        require(inputBytes <= INPUT_BYTES_MAX, Malformed("inputs"));
    }

    /// @dev From the caller's tokens to a request's account; what arrives there is its budget.
    function _fund(address account, uint64 amount) private returns (uint64 budget) {
        uint64 arrived = token.pull(msg.sender, amount);
        token.forceApprove(address(controller), arrived * LpTransfers.GWEI);
        controller.deposit(account, arrived);
        (budget,,,) = controller.account(account);
        require(budget > 0, Malformed("budget"));
    }

    function _requireOpen(uint256 id, Job storage job) private view {
        Status status = job.status;
        require(status == Status.Requested || status == Status.Posted, WrongStatus(id, status));
    }

    /// @dev What binds an offer to its request. Its price needs no rule: the request's account holds the budget and nothing else.
    function _requireFits(Job storage job, JobOffer calldata offer) private view {
        require(offer.creator == job.account, Mismatch("creator"));
        require(offer.acceptor == runner, Mismatch("acceptor"));
        bytes32 module = job.moduleDigest;
        require(module == 0 || offer.work.module == module, Mismatch("module"));
        bytes32 inputs = job.inputsDigest;
        require(inputs == 0 || offer.work.inputs == inputs, Mismatch("inputs"));
        require(uint256(offer.maxPrice) + offer.maxFee <= job.budget, Mismatch("budget"));
        require(offer.validUntil <= job.deadline, Mismatch("validUntil"));
        require(offer.deliverBy <= job.deadline, Mismatch("deliverBy"));
        require(offer.reviewSeconds <= REVIEW_MAX, Mismatch("reviewSeconds"));
    }

    /// @dev While no deal is live, none can come: the account signs for nothing else, and not for this any more.
    function _requireNoDeal(bytes32 digest) private view {
        if (digest == 0) return;
        (uint8 state,,,) = controller.slot(digest);
        require(!state.live() && !state.paid(), DealStands(digest, state));
    }

    /// @dev The request has ended: no offer of it is signed any more, its money leaves, its requester hears of it.
    function _finish(uint256 id, Job storage job) private {
        JobAccount account = JobAccount(job.account);
        account.approve(0);
        (uint64 free,, uint64 leaving,) = controller.account(address(account));
        if (free > 0 && leaving == 0) account.requestWithdrawal(free);
        if (!job.delivered) _deliver(id, job);
    }

    /// @dev Calls the requester with so much gas and no more, ignores what it returns, and goes on whatever it does. Whoever
    /// gives too little gas for that changes nothing.
    function _deliver(uint256 id, Job storage job) private {
        bytes memory data = job.status == Status.Done
            ? abi.encodeCall(ILilypadJobClient.onJobDone, (id, job.job, job.resultRoot))
            : abi.encodeCall(ILilypadJobClient.onJobFailed, (id, job.job));
        address requester = job.requester;
        job.delivered = true;
        uint256 needed = CALLBACK_GAS + CALLBACK_GAS / 63 + GAS_AROUND_CALLBACK;
        require(gasleft() >= needed, NotEnoughGas(needed));
        bool succeeded;
        assembly ("memory-safe") {
            succeeded := call(CALLBACK_GAS, requester, 0, add(data, 32), mload(data), 0, 0)
        }
        if (!succeeded) job.delivered = false;
        emit Delivered(id, succeeded);
    }
}
