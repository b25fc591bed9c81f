// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

/// @title Who signed a digest: a key (ECDSA) or a contract (ERC-1271)
library Signatures {
    /// A contract may use so much gas to judge a signature, so that no signer can use up a batch.
    uint256 internal constant SIGNATURE_GAS = 100_000;
    /// Half of the order of secp256k1: a signature with a larger s has a twin with a smaller one (EIP-2).
    uint256 private constant S_MAX = 0x7FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF5D576E7357A4501DDFE92F46681B20A0;
    bytes4 private constant MAGIC = 0x1626ba7e;

    /// The key that signed, by 65 bytes (r, s, v) or 64 (r, vs); zero for bytes that are nobody's signature.
    function recover(bytes32 digest, bytes calldata signature) internal view returns (address) {
        if (signature.length != 65) {
            return signature.length == 64
                ? recover(digest, bytes32(signature[0:32]), bytes32(signature[32:64]))
                : address(0);
        }
        return recover(digest, bytes32(signature[0:32]), bytes32(signature[32:64]), uint8(signature[64]));
    }

    /// The key that signed, with v in the highest bit of s (EIP-2098).
    function recover(bytes32 digest, bytes32 r, bytes32 vs) internal view returns (address) {
        return recover(digest, r, vs & bytes32(type(uint256).max >> 1), 27 + (uint256(vs) >> 255));
    }

    function recover(bytes32 digest, bytes32 r, bytes32 s, uint256 v) private view returns (address signer) {
        if (uint256(s) > S_MAX) return address(0);
        assembly ("memory-safe") {
            let m := mload(0x40)
            mstore(m, digest)
            mstore(add(m, 32), v)
            mstore(add(m, 64), r)
            mstore(add(m, 96), s)
            mstore(0, 0)
            pop(staticcall(gas(), 1, m, 128, 0, 32))
            signer := mload(0)
        }
    }

    /// Whether a contract holds the signature for its own. Its answer is bounded in gas and size; it can change nothing.
    function approved(address wallet, bytes32 digest, bytes calldata signature) internal view returns (bool) {
        if (wallet.code.length == 0) return false;
        bytes memory question = abi.encodeWithSelector(MAGIC, digest, signature);
        bool success;
        bytes32 answer;
        assembly ("memory-safe") {
            mstore(0, 0)
            success := staticcall(SIGNATURE_GAS, wallet, add(question, 32), mload(question), 0, 32)
            answer := mload(0)
            success := and(success, gt(returndatasize(), 31))
        }
        return success && answer == bytes32(MAGIC);
    }

    /// Whether `party` itself signed, by its key or as a contract.
    function by(address party, bytes32 digest, bytes calldata signature) internal view returns (bool) {
        address signer = recover(digest, signature);
        return (signer != address(0) && signer == party) || approved(party, digest, signature);
    }
}
