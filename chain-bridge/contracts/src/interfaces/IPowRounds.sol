// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

/// @title Proof-of-work rounds: LP for machines that are there
///
/// @notice Anybody fills a pool. On schedule, and opened by anybody, a round sets part of the pool aside; each node that finds a
/// nonce within the window has one share of it. Difficulty follows the number of nodes.
///
/// What it is worth: a proof that somebody computed, at that time, for that node. It does not show that the machine is the
/// one that it says, nor that it would serve a job.
///
/// @dev Amounts are gwei of LP, times seconds. Assumptions about the token: as in IController. Nobody owns this contract. A
/// node is (sender, node id): nobody can use up another's place in a round. The seed of a round is made of the randomness
/// of the block that opens it (EIP-4399): nobody can work before, but the block's proposer knows it some seconds earlier.
interface IPowRounds {
    /// @notice A round.
    /// @param openedAt when; works are taken until `closesAt`
    /// @param target a work's hash is below it
    /// @param reward gwei for all works together
    /// @param works accepted so far
    /// @param claimed works that have been paid
    struct Round {
        bytes32 seed;
        uint256 target;
        uint40 openedAt;
        uint40 closesAt;
        uint64 reward;
        uint32 works;
        uint32 claimed;
        bool settled;
    }

    /// @notice `amount` gwei were added to the pool.
    event Funded(address indexed from, uint64 amount);
    /// @notice A round is open.
    event RoundOpened(uint256 indexed round, bytes32 seed, uint256 target, uint40 closesAt, uint64 reward);
    /// @notice A node's work was accepted.
    event WorkAccepted(uint256 indexed round, address indexed sender, bytes32 indexed nodeId, uint256 nonce);
    /// @notice The sender's works of a round were paid.
    event Claimed(uint256 indexed round, address indexed sender, uint64 amount);
    /// @notice What nobody claimed in time went back into the pool.
    event Reclaimed(uint256 indexed round, uint64 amount);

    /// @notice A parameter is not what it must be; `field` names it in ASCII.
    error Malformed(bytes32 field);
    /// @notice The next round cannot open yet, or a round not be claimed or reclaimed yet.
    error TooEarly(uint256 notBefore);
    /// @notice The round's window, or the time to claim, is over.
    error TooLate(uint256 deadline);
    /// @notice There is nothing to give away.
    error EmptyPool();
    /// @notice This node has had its work accepted in this round.
    error AlreadyAccepted(uint256 round, bytes32 nodeId);
    /// @notice The hash is not below the target.
    error NotEnoughWork(uint256 hash, uint256 target);
    /// @notice The caller has nothing to claim there, or no such round.
    error NothingDue(uint256 round);

    /// @notice Adds to the pool, by allowance.
    function fund(uint64 amount) external;

    /// @notice Opens the next round; anybody may, from [nextRoundAt] on. Sets the difficulty by the round before.
    /// @return round its number, from 1 on
    function openRound() external returns (uint256 round);

    /// @notice What the caller's node has to work on in the open round.
    function generateChallenge(bytes32 nodeId) external view returns (bytes32 challenge);

    /// @notice [generateChallenge] for any sender and round.
    function challengeOf(uint256 round, address sender, bytes32 nodeId) external view returns (bytes32 challenge);

    /// @notice Hands in work for the open round: `keccak256(abi.encode(challenge, nonce))` below the target. One for each node.
    function submitWork(bytes32 nodeId, uint256 nonce) external;

    /// @notice Pays the caller its shares of closed rounds.
    /// @param rounds at most CLAIM_MAX of them
    /// @return amount gwei
    function claim(uint256[] calldata rounds) external returns (uint64 amount);

    /// @notice Puts what nobody claimed of a round back into the pool, CLAIM_SECONDS after it has closed. Anybody may.
    function reclaim(uint256 round) external;

    /// @notice The latest round's number, zero before the first.
    function latest() external view returns (uint256);
    /// @notice When the next round can open.
    function nextRoundAt() external view returns (uint256);
    /// @notice All about a round.
    function roundOf(uint256 round) external view returns (Round memory);
    /// @notice The works of a sender in a round that have not been paid.
    function worksOf(uint256 round, address sender) external view returns (uint32);
    /// @notice What is there to give away, beside what open and unclaimed rounds have set aside.
    function pool() external view returns (uint64);
}
