// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";

import {IPowRounds} from "./interfaces/IPowRounds.sol";
import {LpTransfers} from "./libraries/LpTransfers.sol";

/// @title Proof-of-work rounds
/// @notice See IPowRounds.
contract PowRounds is IPowRounds, ReentrancyGuardTransient {
    using LpTransfers for IERC20;

    /// @notice What one round brings, and when: set once, for ever.
    /// @param interval seconds from one opening to the next possible one
    /// @param window seconds to hand in work, at most the interval
    /// @param reward gwei for a round, as far as the pool reaches
    /// @param worksWanted accepted works per round that the difficulty aims at
    /// @param target of the first round
    struct Schedule {
        uint40 interval;
        uint40 window;
        uint64 reward;
        uint32 worksWanted;
        uint256 target;
    }

    /// @notice How long shares of a closed round can be claimed.
    uint40 public constant CLAIM_SECONDS = 30 days;
    /// @notice The most rounds in one claim.
    uint256 public constant CLAIM_MAX = 64;
    /// @notice The most works in a round: a share is never less than a reward's billionth part.
    uint32 public constant WORKS_MAX = 1_000_000;
    /// @notice From one round to the next, the target changes by this factor at most.
    uint256 public constant RETARGET_MAX = 2;
    /// @notice No easier than 16 hashes, no harder than 2^192 of them.
    uint256 public constant TARGET_MAX = 1 << 252;
    /// @notice See TARGET_MAX.
    uint256 public constant TARGET_MIN = 1 << 64;

    /// @notice The LP token.
    IERC20 public immutable token;

    /// @notice What one round brings, and when.
    Schedule public schedule;
    /// @inheritdoc IPowRounds
    uint256 public latest;
    /// @inheritdoc IPowRounds
    uint64 public pool;

    mapping(uint256 round => Round) private _rounds;
    mapping(uint256 round => mapping(address sender => uint32)) private _works;
    mapping(bytes32 challenge => bool) private _accepted;

    constructor(IERC20 token_, Schedule memory schedule_) {
        require(schedule_.window > 0 && schedule_.window <= schedule_.interval, Malformed("window"));
        require(schedule_.interval <= 30 days, Malformed("interval"));
        require(schedule_.reward > 0, Malformed("reward"));
        require(schedule_.worksWanted > 0 && schedule_.worksWanted <= WORKS_MAX, Malformed("worksWanted"));
        require(schedule_.target >= TARGET_MIN && schedule_.target <= TARGET_MAX, Malformed("target"));
        token = token_;
        schedule = schedule_;
    }

    /// @inheritdoc IPowRounds
    function fund(uint64 amount) external nonReentrant {
        uint64 arrived = token.pull(msg.sender, amount);
        pool += arrived;
        emit Funded(msg.sender, arrived);
    }

    /// @inheritdoc IPowRounds
    function openRound() external returns (uint256 round) {
        uint256 notBefore = nextRoundAt();
        require(block.timestamp >= notBefore, TooEarly(notBefore));
        Round storage previous = _rounds[latest];
        uint256 target = latest == 0 ? schedule.target : _retargeted(previous);
        if (latest != 0) _keepRest(previous);
        uint64 reward = pool < schedule.reward ? pool : schedule.reward;
        require(reward > 0, EmptyPool());
        round = ++latest;
        pool -= reward;
        bytes32 seed = keccak256(abi.encode(block.chainid, address(this), round, block.prevrandao, blockhash(block.number - 1)));
        uint40 openedAt = uint40(block.timestamp);
        uint40 closesAt = openedAt + schedule.window;
        _rounds[round] = Round(seed, target, openedAt, closesAt, reward, 0, 0, false);
        emit RoundOpened(round, seed, target, closesAt, reward);
    }

    /// @inheritdoc IPowRounds
    function submitWork(bytes32 nodeId, uint256 nonce) external {
        uint256 number = latest;
        Round storage round = _rounds[number];
        require(block.timestamp < round.closesAt, TooLate(round.closesAt));
        require(round.works < WORKS_MAX, Malformed("works"));
        bytes32 challenge = challengeOf(number, msg.sender, nodeId);
        require(!_accepted[challenge], AlreadyAccepted(number, nodeId));
        uint256 hash = uint256(keccak256(abi.encode(challenge, nonce)));
        require(hash < round.target, NotEnoughWork(hash, round.target));
        _accepted[challenge] = true;
        round.works++;
        _works[number][msg.sender]++;
        emit WorkAccepted(number, msg.sender, nodeId, nonce);
    }

    /// @inheritdoc IPowRounds
    function claim(uint256[] calldata rounds) external nonReentrant returns (uint64 amount) {
        require(rounds.length <= CLAIM_MAX, Malformed("rounds"));
        for (uint256 i = 0; i < rounds.length; i++) {
            amount += _claim(rounds[i]);
        }
        token.push(msg.sender, amount);
    }

    /// @inheritdoc IPowRounds
    function reclaim(uint256 number) external {
        Round storage round = _rounds[number];
        require(round.openedAt != 0, NothingDue(number));
        uint256 end = _claimableUntil(round);
        require(block.timestamp > end, TooEarly(end + 1));
        _keepRest(round);
        uint64 amount = _share(round) * (round.works - round.claimed);
        require(amount > 0, NothingDue(number));
        round.claimed = round.works;
        pool += amount;
        emit Reclaimed(number, amount);
    }

    /// @inheritdoc IPowRounds
    function generateChallenge(bytes32 nodeId) external view returns (bytes32) {
        uint40 closesAt = _rounds[latest].closesAt;
        require(block.timestamp < closesAt, TooLate(closesAt));
        return challengeOf(latest, msg.sender, nodeId);
    }

    /// @inheritdoc IPowRounds
    function roundOf(uint256 round) external view returns (Round memory) {
        return _rounds[round];
    }

    /// @inheritdoc IPowRounds
    function worksOf(uint256 round, address sender) external view returns (uint32) {
        return _works[round][sender];
    }

    /// @inheritdoc IPowRounds
    function nextRoundAt() public view returns (uint256) {
        return latest == 0 ? 0 : uint256(_rounds[latest].openedAt) + schedule.interval;
    }

    /// @inheritdoc IPowRounds
    function challengeOf(uint256 round, address sender, bytes32 nodeId) public view returns (bytes32) {
        require(round != 0 && round <= latest, NothingDue(round));
        return keccak256(abi.encode(_rounds[round].seed, sender, nodeId));
    }

    function _claim(uint256 number) private returns (uint64 amount) {
        Round storage round = _rounds[number];
        uint32 works = _works[number][msg.sender];
        require(works > 0, NothingDue(number));
        require(block.timestamp >= round.closesAt, TooEarly(round.closesAt));
        uint256 end = _claimableUntil(round);
        require(block.timestamp <= end, TooLate(end));
        amount = _share(round) * works;
        _works[number][msg.sender] = 0;
        round.claimed += works;
        emit Claimed(number, msg.sender, amount);
    }

    /// @dev What does not divide among the works of a closed round returns to the pool, once.
    function _keepRest(Round storage round) private {
        if (round.settled) return;
        round.settled = true;
        uint64 shared = _share(round) * round.works;
        pool += round.reward - shared;
        round.reward = shared;
    }

    function _share(Round storage round) private view returns (uint64) {
        return round.works == 0 ? 0 : round.reward / round.works;
    }

    function _claimableUntil(Round storage round) private view returns (uint256) {
        return uint256(round.closesAt) + CLAIM_SECONDS;
    }

    /// @dev Twice the works that were wanted: half the target. Within the factor and the bounds above.
    function _retargeted(Round storage round) private view returns (uint256) {
        uint256 old = round.target;
        uint256 wanted = schedule.worksWanted;
        uint256 works = round.works == 0 ? 1 : round.works;
        if (works * RETARGET_MAX <= wanted) return _min(old * RETARGET_MAX, TARGET_MAX);
        uint256 lowest = old / RETARGET_MAX;
        uint256 target = works >= wanted * RETARGET_MAX ? lowest : old / works * wanted;
        return target < TARGET_MIN ? TARGET_MIN : _min(target, TARGET_MAX);
    }

    function _min(uint256 a, uint256 b) private pure returns (uint256) {
        return a < b ? a : b;
    }
}
