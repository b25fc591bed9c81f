// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IERC1271} from "@openzeppelin/contracts/interfaces/IERC1271.sol";

import {IController} from "./core/interfaces/IController.sol";

/// @title The creator of one request's jobs
/// @notice Holds one account in the Controller and signs for one offer at a time, both as its job creator contract says. Used
/// through minimal clones (EIP-1167), one for each request.
contract JobAccount is IERC1271 {
    address private immutable HUB;
    IController private immutable CONTROLLER;

    /// @notice The only digest that this account has signed; zero: none.
    bytes32 public approved;

    /// @notice The caller is not the job creator contract.
    error NotHub(address caller);

    constructor(IController controller) {
        HUB = msg.sender;
        CONTROLLER = controller;
    }

    /// @notice Signs for this digest, and for no other from now on.
    function approve(bytes32 digest) external onlyHub {
        approved = digest;
    }

    /// @notice Starts the withdrawal of so much of the free balance.
    function requestWithdrawal(uint64 amount) external onlyHub {
        CONTROLLER.requestWithdrawal(amount);
    }

    /// @notice Pays out what is leaving.
    function withdraw(address to) external onlyHub {
        CONTROLLER.withdraw(to);
    }

    /// @inheritdoc IERC1271
    function isValidSignature(bytes32 hash, bytes calldata) external view returns (bytes4) {
        return hash != 0 && hash == approved ? IERC1271.isValidSignature.selector : bytes4(0xffffffff);
    }

    modifier onlyHub() {
        require(msg.sender == HUB, NotHub(msg.sender));
        _;
    }
}
