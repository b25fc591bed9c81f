// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

/// @title Mediators and what they stake on being consistent
///
/// @notice A mediator stakes LP and loses all of it when anybody shows two of its verdicts on the same deal and round that
/// differ: a contradiction proves itself, no vote and no owner is needed. Nothing else slashes.
///
/// @dev Amounts are gwei of LP. Assumptions about the token: as in IController. Nobody owns this contract.
interface IMediatorRegistry {
    /// @notice One signed verdict, `Verdict(bytes32 deal,uint8 round,uint8 verdict,bytes32 commitment)` in the Controller's
    /// EIP-712 domain, without the deal and round that both sides of a contradiction share.
    struct Word {
        uint8 verdict;
        bytes32 commitment;
        bytes signature;
    }

    /// @notice `amount` gwei were added to the mediator's stake, which is `total` now.
    event Staked(address indexed mediator, uint64 amount, uint64 total);
    /// @notice The mediator is leaving; its stake can be taken from `takeableAt` on.
    event ExitRequested(address indexed mediator, uint40 takeableAt);
    /// @notice The mediator stays after all.
    event ExitCancelled(address indexed mediator);
    /// @notice The mediator has left with `amount` gwei, paid to `to`.
    event Exited(address indexed mediator, address indexed to, uint64 amount);
    /// @notice The mediator contradicted itself in `deal`: it lost `amount` gwei, `reward` of them to the reporter.
    event Contradicted(
        address indexed mediator, address indexed reporter, bytes32 indexed deal, uint8 round, uint64 amount, uint64 reward
    );
    /// @notice `amount` gwei of slashed stakes went to the Controller's verification pool.
    event PoolPaid(uint64 amount);

    /// @notice A constructor argument is out of bounds; `field` names it in ASCII.
    error Malformed(bytes32 field);
    /// @notice Not with this call: the mediator has no stake, is leaving or is not.
    error WrongStanding();
    /// @notice The mediator contradicted itself once and never stakes again.
    error Banned(address mediator);
    /// @notice The exit delay has not passed.
    error TooEarly(uint256 notBefore);
    /// @notice The two words say the same.
    error NoContradiction();
    /// @notice A word is not signed by the mediator.
    error BadSignature(address expected);

    /// @notice Adds to the caller's stake, by allowance.
    /// @return arrived what arrived of `amount`
    function stake(uint64 amount) external returns (uint64 arrived);

    /// @notice [stake] with an EIP-2612 permit in the same transaction. A permit that somebody else has already sent is no
    /// error: the allowance counts.
    function stakeWithPermit(uint64 amount, uint256 deadline, uint8 v, bytes32 r, bytes32 s)
        external
        returns (uint64 arrived);

    /// @notice Starts the caller's exit with all of its stake. From now on it is not active; it can still be slashed.
    function requestExit() external;

    /// @notice Ends the caller's exit before it is over.
    function cancelExit() external;

    /// @notice Pays the caller's stake out, after the exit delay.
    function withdraw(address to) external;

    /// @notice Slashes a mediator by two words of its own. A tenth goes to the caller, the rest to the verification pool.
    function slash(address mediator, bytes32 deal, uint8 round, Word calldata one, Word calldata other) external;

    /// @notice Pays what slashed stakes owe the Controller's verification pool. Anybody may.
    function payPool() external;

    /// @notice Whether the mediator's stake is enough, not leaving and never contradicted.
    function active(address mediator) external view returns (bool);

    /// @notice A mediator's stake, when it can leave (zero: it is not leaving), and whether it contradicted itself.
    function standing(address mediator) external view returns (uint64 staked, uint40 takeableAt, bool banned);

    /// @notice What the pool is owed.
    function poolDue() external view returns (uint64);
}
