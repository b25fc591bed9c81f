// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Permit.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";

import {Hashing} from "./core/Hashing.sol";
import {Signatures} from "./core/Signatures.sol";
import {IController} from "./core/interfaces/IController.sol";
import {IMediatorRegistry} from "./interfaces/IMediatorRegistry.sol";
import {LpTransfers} from "./libraries/LpTransfers.sol";

/// @title Mediators and their stakes
/// @notice See IMediatorRegistry.
contract MediatorRegistry is IMediatorRegistry, ReentrancyGuardTransient {
    using LpTransfers for IERC20;
    using SafeERC20 for IERC20;

    /// @notice Longer than a dispute may take (1 day): a contradiction is known before the stake is gone.
    uint40 public constant EXIT_DELAY_MIN = 2 days;
    /// @notice A stake is not a life sentence.
    uint40 public constant EXIT_DELAY_MAX = 90 days;
    /// @dev The part of a slashed stake that its reporter gets: a tenth.
    uint64 private constant REWARD_DIVISOR = 10;

    /// @notice The LP token.
    IERC20 public immutable token;
    /// @notice The contract in whose domain verdicts are signed.
    IController public immutable controller;
    /// @notice The least stake of an active mediator, in gwei of LP.
    uint64 public immutable minimumStake;
    /// @notice Seconds between asking to leave and leaving.
    uint40 public immutable exitDelay;

    /// @inheritdoc IMediatorRegistry
    uint64 public poolDue;

    struct Standing {
        uint64 staked;
        uint40 takeableAt;
        bool banned;
    }

    mapping(address mediator => Standing) private _standings;

    /// @param controller_ whose token is staked and whose verdicts count
    /// @param minimumStake_ gwei of LP, at least one
    /// @param exitDelay_ seconds, within the bounds above; 7 days is usual
    constructor(IController controller_, uint64 minimumStake_, uint40 exitDelay_) {
        require(minimumStake_ > 0, Malformed("minimumStake"));
        require(exitDelay_ >= EXIT_DELAY_MIN && exitDelay_ <= EXIT_DELAY_MAX, Malformed("exitDelay"));
        controller = controller_;
        token = IERC20(controller_.token());
        minimumStake = minimumStake_;
        exitDelay = exitDelay_;
    }

    /// @inheritdoc IMediatorRegistry
    function stake(uint64 amount) public nonReentrant returns (uint64 arrived) {
        Standing storage standing_ = _standings[msg.sender];
        require(!standing_.banned, Banned(msg.sender));
        require(standing_.takeableAt == 0, WrongStanding());
        arrived = token.pull(msg.sender, amount);
        standing_.staked += arrived;
        emit Staked(msg.sender, arrived, standing_.staked);
    }

    /// @inheritdoc IMediatorRegistry
    function stakeWithPermit(uint64 amount, uint256 deadline, uint8 v, bytes32 r, bytes32 s)
        external
        returns (uint64 arrived)
    {
        uint256 value = amount * LpTransfers.GWEI;
        // Whoever saw the permit may have used it first: then the allowance is there, and if not, the transfer fails.
        try IERC20Permit(address(token)).permit(msg.sender, address(this), value, deadline, v, r, s) {} catch {}
        return stake(amount);
    }

    /// @inheritdoc IMediatorRegistry
    function requestExit() external {
        Standing storage standing_ = _standings[msg.sender];
        require(standing_.staked > 0 && standing_.takeableAt == 0, WrongStanding());
        standing_.takeableAt = uint40(block.timestamp) + exitDelay;
        emit ExitRequested(msg.sender, standing_.takeableAt);
    }

    /// @inheritdoc IMediatorRegistry
    function cancelExit() external {
        require(_standings[msg.sender].takeableAt != 0, WrongStanding());
        _standings[msg.sender].takeableAt = 0;
        emit ExitCancelled(msg.sender);
    }

    /// @inheritdoc IMediatorRegistry
    function withdraw(address to) external nonReentrant {
        Standing storage standing_ = _standings[msg.sender];
        uint40 takeableAt = standing_.takeableAt;
        require(takeableAt != 0, WrongStanding());
        require(block.timestamp >= takeableAt, TooEarly(takeableAt));
        uint64 amount = standing_.staked;
        standing_.staked = 0;
        standing_.takeableAt = 0;
        emit Exited(msg.sender, to, amount);
        token.push(to, amount);
    }

    /// @inheritdoc IMediatorRegistry
    function slash(address mediator, bytes32 deal, uint8 round, Word calldata one, Word calldata other)
        external
        nonReentrant
    {
        require(one.verdict != other.verdict || one.commitment != other.commitment, NoContradiction());
        _requireSigned(mediator, deal, round, one);
        _requireSigned(mediator, deal, round, other);
        Standing storage standing_ = _standings[mediator];
        uint64 amount = standing_.staked;
        require(amount > 0, WrongStanding());
        uint64 reward = amount / REWARD_DIVISOR;
        _standings[mediator] = Standing(0, 0, true);
        poolDue += amount - reward;
        emit Contradicted(mediator, msg.sender, deal, round, amount, reward);
        token.push(msg.sender, reward);
    }

    /// @inheritdoc IMediatorRegistry
    function payPool() external nonReentrant {
        uint64 amount = poolDue;
        require(amount > 0, WrongStanding());
        poolDue = 0;
        emit PoolPaid(amount);
        token.forceApprove(address(controller), amount * LpTransfers.GWEI);
        controller.fundPool(amount);
    }

    /// @inheritdoc IMediatorRegistry
    function active(address mediator) external view returns (bool) {
        Standing storage standing_ = _standings[mediator];
        return standing_.staked >= minimumStake && standing_.takeableAt == 0;
    }

    /// @inheritdoc IMediatorRegistry
    function standing(address mediator) external view returns (uint64 staked, uint40 takeableAt, bool banned) {
        Standing storage standing_ = _standings[mediator];
        return (standing_.staked, standing_.takeableAt, standing_.banned);
    }

    function _requireSigned(address mediator, bytes32 deal, uint8 round, Word calldata word) private view {
        bytes32 hash = Hashing.hashVerdict(deal, round, word.verdict, word.commitment);
        bytes32 digest = Hashing.digest(controller.domainSeparator(), hash);
        require(Signatures.by(mediator, digest, word.signature), BadSignature(mediator));
    }
}
