// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Permit.sol";

/// @title The LP token: what jobs are paid in.
/// @notice A plain ERC-20 with permit (EIP-2612). Amounts are in wei of LP (18 decimals); accounts in the Controller
/// count gwei of LP, 1e9 wei each. Nobody can pause it, freeze an account, or move tokens without an allowance.
interface ILilypadToken is IERC20, IERC20Permit {
    /// @notice The minter handed its power on; the zero address ends minting for ever.
    event MinterChanged(address indexed before, address indexed next);

    /// @notice The caller is not the minter.
    error NotMinter(address caller);

    /// @notice Makes new tokens, never above the cap.
    /// @param to who gets them
    /// @param amount in wei of LP
    function mint(address to, uint256 amount) external;

    /// @notice Destroys tokens of the caller. The cap bounds the supply at any time, so what is burned may be minted anew.
    /// @param amount in wei of LP
    function burn(uint256 amount) external;

    /// @notice Hands the minter's power on; the zero address ends minting for ever.
    function changeMinter(address next) external;

    /// @notice Who may mint; zero when nobody may any more.
    function minter() external view returns (address);

    /// @notice The most tokens that can exist at any time, in wei of LP.
    function cap() external view returns (uint256);
}
