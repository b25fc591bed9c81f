// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IERC1271} from "@openzeppelin/contracts/interfaces/IERC1271.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";

/// @notice Does what its owner says.
abstract contract Wallet {
    address internal immutable OWNER;

    constructor(address owner) {
        OWNER = owner;
    }

    function execute(address target, bytes calldata data) external returns (bytes memory) {
        require(msg.sender == OWNER, "not the owner");
        (bool ok, bytes memory result) = target.call(data);
        if (!ok) assembly { revert(add(result, 32), mload(result)) }
        return result;
    }
}

/// @notice Signs with its owner's key.
contract GoodWallet is Wallet, IERC1271 {
    constructor(address owner) Wallet(owner) {}

    function isValidSignature(bytes32 hash, bytes calldata signature) external view returns (bytes4) {
        (address signer,,) = ECDSA.tryRecover(hash, signature);
        return signer == OWNER ? this.isValidSignature.selector : bytes4(0xffffffff);
    }
}

/// @notice Says no, politely.
contract RefusingWallet is Wallet, IERC1271 {
    constructor(address owner) Wallet(owner) {}

    function isValidSignature(bytes32, bytes calldata) external pure returns (bytes4) {
        return 0xffffffff;
    }
}

/// @notice Says no by reverting.
contract RevertingWallet is Wallet {
    error Never();

    constructor(address owner) Wallet(owner) {}

    function isValidSignature(bytes32, bytes calldata) external pure returns (bytes4) {
        revert Never();
    }
}

/// @notice Burns all the gas that it is given.
contract GasBurningWallet is Wallet, IERC1271 {
    constructor(address owner) Wallet(owner) {}

    function isValidSignature(bytes32 hash, bytes calldata) external pure returns (bytes4) {
        for (uint256 i = 0;; i++) hash = keccak256(abi.encode(hash, i));
        return this.isValidSignature.selector;
    }
}

/// @notice Answers yes in the first four bytes and garbage behind them, or too short, or far too long.
contract GarbageWallet is Wallet {
    uint256 private immutable LENGTH;

    constructor(address owner, uint256 length) Wallet(owner) {
        LENGTH = length;
    }

    fallback() external {
        uint256 length = LENGTH;
        assembly {
            mstore(0, 0x1626ba7effffffffffffffffffffffffffffffffffffffffffffffffffffffff)
            return(0, length)
        }
    }
}
