// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ERC20Capped} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Capped.sol";
import {ERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Permit.sol";
import {IERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Permit.sol";

import {ILilypadToken} from "./interfaces/ILilypadToken.sol";

/// @title The LP token
/// @notice What jobs are paid in; see ILilypadToken.
contract LilypadToken is ILilypadToken, ERC20Capped, ERC20Permit {
    /// @dev A thousand million LP, in wei.
    uint256 private constant MAX_SUPPLY = 1e9 ether;

    /// @inheritdoc ILilypadToken
    address public minter;

    /// @param holder who gets the first tokens
    /// @param supply how many, in wei of LP
    /// @param minter_ who may mint the rest; zero fixes the supply for ever
    constructor(address holder, uint256 supply, address minter_)
        ERC20("Lilypad", "LP")
        ERC20Permit("Lilypad")
        ERC20Capped(MAX_SUPPLY)
    {
        minter = minter_;
        emit MinterChanged(address(0), minter_);
        if (supply > 0) _mint(holder, supply);
    }

    /// @inheritdoc ILilypadToken
    function mint(address to, uint256 amount) external onlyMinter {
        _mint(to, amount);
    }

    /// @inheritdoc ILilypadToken
    function burn(uint256 amount) external {
        _burn(msg.sender, amount);
    }

    /// @inheritdoc ILilypadToken
    function changeMinter(address next) external onlyMinter {
        emit MinterChanged(minter, next);
        minter = next;
    }

    /// @inheritdoc ILilypadToken
    function cap() public view override(ERC20Capped, ILilypadToken) returns (uint256) {
        return super.cap();
    }

    /// @inheritdoc IERC20Permit
    function nonces(address owner) public view override(ERC20Permit, IERC20Permit) returns (uint256) {
        return super.nonces(owner);
    }

    function _update(address from, address to, uint256 amount) internal override(ERC20, ERC20Capped) {
        super._update(from, to, amount);
    }

    modifier onlyMinter() {
        require(msg.sender == minter, NotMinter(msg.sender));
        _;
    }
}
