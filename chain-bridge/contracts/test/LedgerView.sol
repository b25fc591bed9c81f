// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IController} from "../src/core/interfaces/IController.sol";

/// @notice All that a market holds, in one call.
contract LedgerView {
    function all(IController controller, address[] calldata holders, bytes32[] calldata jobs)
        external
        view
        returns (uint64[] memory amounts, uint8[] memory states, uint64 issued, uint64 pool, uint256 tokens)
    {
        amounts = new uint64[](holders.length * 3);
        for (uint256 i = 0; i < holders.length; i++) {
            (amounts[3 * i], amounts[3 * i + 1], amounts[3 * i + 2],) = controller.account(holders[i]);
        }
        states = new uint8[](jobs.length * 2);
        for (uint256 i = 0; i < jobs.length; i++) {
            (states[2 * i], states[2 * i + 1],,) = controller.slot(jobs[i]);
        }
        (issued, pool,) = controller.totals();
        tokens = IERC20(controller.token()).balanceOf(address(controller));
    }
}
