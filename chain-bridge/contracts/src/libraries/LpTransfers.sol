// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";

/// @title Moving LP by the gwei
/// @dev Assumes a token with 18 decimals whose balances change by transfers only. A failed transfer reverts, also when the
/// token merely answers false.
library LpTransfers {
    using SafeERC20 for IERC20;

    /// @dev Wei of LP in a gwei of LP.
    uint256 internal constant GWEI = 1e9;

    /// @dev Takes tokens by allowance.
    /// @return arrived gwei that are here now and were not before; less than asked for when the token keeps a fee
    function pull(IERC20 token, address from, uint64 amount) internal returns (uint64 arrived) {
        uint256 before = token.balanceOf(address(this));
        token.safeTransferFrom(from, address(this), amount * GWEI);
        uint256 gained = (token.balanceOf(address(this)) - before) / GWEI;
        return gained < amount ? uint64(gained) : amount;
    }

    /// @dev Pays tokens out.
    function push(IERC20 token, address to, uint64 amount) internal {
        token.safeTransfer(to, amount * GWEI);
    }
}
