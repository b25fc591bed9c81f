// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {FREE, LEAVING, LEAVING_AT, LOCKED, Storage} from "./Storage.sol";
import {IController} from "./interfaces/IController.sol";

/// What the contract calls of its token.
interface IToken {
    function balanceOf(address holder) external view returns (uint256);
    function transfer(address to, uint256 amount) external returns (bool);
    function transferFrom(address from, address to, uint256 amount) external returns (bool);
    function permit(address owner, address spender, uint256 value, uint256 deadline, uint8 v, bytes32 r, bytes32 s)
        external;
}

/// @title Money in, money out, and what moves between accounts
abstract contract Payments is Storage {
    /// Longer than a transaction takes to be final where the market runs: what a reorganisation brings back is still there.
    uint40 public constant WITHDRAWAL_DELAY = 600 seconds;
    /// A guardian who wants a longer pause has to say so again each week.
    uint40 public constant PAUSE_MAX = 7 days;
    /// The token has 18 decimals, accounts 9.
    uint256 private constant GWEI = 1e9;

    bool private transient receiving;

    // ------------------------------------------------------------------------------------------------ in and out

    /// @inheritdoc IController
    function deposit(address holder, uint64 amount) public {
        if (holder == address(0)) revert Malformed("account");
        uint64 arrived = _receive(amount);
        accounts[holder] += arrived * FREE;
        emit Deposited(holder, arrived);
    }

    /// @inheritdoc IController
    function depositWithPermit(address holder, uint64 amount, uint256 deadline, uint8 v, bytes32 r, bytes32 s)
        external
    {
        // Whoever saw the permit may have used it first: then the allowance is there, and if not, the transfer fails.
        try IToken(token).permit(msg.sender, address(this), amount * GWEI, deadline, v, r, s) {} catch {}
        deposit(holder, amount);
    }

    /// @inheritdoc IController
    function fundPool(uint64 amount) external {
        uint64 arrived = _receive(amount);
        market.pool += arrived;
        emit PoolFunded(msg.sender, arrived);
    }

    /// @inheritdoc IController
    function requestWithdrawal(uint64 amount) external {
        if (amount == 0) revert Malformed("amount");
        uint256 word = _spend(msg.sender, accounts[msg.sender], amount);
        uint256 takeableAt = block.timestamp + WITHDRAWAL_DELAY;
        accounts[msg.sender] = word % LEAVING_AT + amount * LEAVING + takeableAt * LEAVING_AT;
        emit WithdrawalRequested(msg.sender, amount, uint40(takeableAt));
    }

    /// @inheritdoc IController
    function cancelWithdrawal() external {
        uint256 word = accounts[msg.sender];
        uint64 amount = _leaving(word);
        accounts[msg.sender] = word % LEAVING + amount * FREE;
        emit WithdrawalCancelled(msg.sender, amount);
    }

    /// @inheritdoc IController
    function withdraw(address to) external {
        if (to == address(0) || to == address(this)) revert Malformed("to");
        uint256 word = accounts[msg.sender];
        uint64 amount = _leaving(word);
        uint256 takeableAt = word / LEAVING_AT;
        if (block.timestamp < takeableAt) revert TooEarly(takeableAt);
        accounts[msg.sender] = word % LEAVING;
        market.issued -= amount;
        emit Withdrawn(msg.sender, to, amount);
        _token(abi.encodeCall(IToken.transfer, (to, amount * GWEI)));
    }

    /// @inheritdoc IController
    function setAgent(address agent, uint40 expiry) external {
        if (agent == address(0)) revert Malformed("agent");
        agents[msg.sender][agent] = expiry;
        emit AgentSet(msg.sender, agent, expiry);
    }

    /// @inheritdoc IController
    function pauseOpening(uint40 until) external {
        if (msg.sender != guardian) revert NotAParty(msg.sender);
        if (until > block.timestamp + PAUSE_MAX) revert TooLarge(until, block.timestamp + PAUSE_MAX);
        market.pausedUntil = until;
        emit OpeningPaused(until);
    }

    function _leaving(uint256 word) private view returns (uint64 amount) {
        amount = uint64(word / LEAVING);
        if (amount == 0) revert InsufficientFunds(msg.sender, 1, 0);
    }

    /// Takes the caller's tokens; tells what really came, in whole gwei.
    function _receive(uint64 amount) private returns (uint64 arrived) {
        if (amount == 0) revert Malformed("amount");
        if (receiving) revert Unavailable("deposit within a deposit");
        receiving = true;
        uint256 before = IToken(token).balanceOf(address(this));
        _token(abi.encodeCall(IToken.transferFrom, (msg.sender, address(this), amount * GWEI)));
        uint256 came = (IToken(token).balanceOf(address(this)) - before) / GWEI;
        receiving = false;
        uint256 issued = market.issued + came;
        if (issued > ISSUED_MAX) revert TooLarge(issued, ISSUED_MAX);
        market.issued = uint64(issued);
        arrived = uint64(came);
    }

    /// Calls the token. No answer, or true, is success.
    function _token(bytes memory call) private {
        (bool success, bytes memory answer) = token.call(call);
        bool refused = answer.length != 0 && (answer.length < 32 || abi.decode(answer, (uint256)) != 1);
        if (!success || refused || token.code.length == 0) revert Unavailable("token transfer");
    }

    // ------------------------------------------------------------------------------------------------ between accounts

    // Sums in a word are unchecked: free money is compared before it is taken, locked money was locked by the same deal
    // with the same figures, and no sum exceeds ISSUED_MAX.

    /// An account's word with less free money.
    function _spend(address holder, uint256 word, uint256 amount) internal pure returns (uint256) {
        if (uint64(word) < amount) revert InsufficientFunds(holder, amount, uint64(word));
        unchecked {
            return word - amount * FREE;
        }
    }

    /// Moves free money of an account to its locked money; `fee` leaves it.
    function _lock(address holder, uint256 amount, uint256 fee) internal {
        unchecked {
            accounts[holder] = _spend(holder, accounts[holder], amount + fee) + amount * LOCKED;
        }
    }

    /// Takes locked money off an account and gives it free money.
    function _unlock(address holder, uint256 locked, uint256 free) internal {
        unchecked {
            accounts[holder] += free * FREE - locked * LOCKED;
        }
    }

    function _credit(address holder, uint256 amount) internal {
        unchecked {
            if (amount != 0) accounts[holder] += amount * FREE;
        }
    }

    function _fillPool(uint256 amount) internal {
        if (amount != 0) market.pool += uint64(amount);
    }

    // ------------------------------------------------------------------------------------------------ arithmetic

    /// A part of an amount, rounded up; all of it at most. None of the three is above 2^64.
    function _part(uint256 whole, uint256 numerator, uint256 denominator) internal pure returns (uint256) {
        unchecked {
            return numerator >= denominator ? whole : whole - whole * (denominator - numerator) / denominator;
        }
    }

    function _min(uint256 a, uint256 b) internal pure returns (uint256) {
        return a < b ? a : b;
    }
}
