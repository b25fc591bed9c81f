// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

/// @title The text of a content id
/// @notice A result root is the sha2-256 of a UnixFS directory's block. Everybody else writes it as a CID: version 1,
/// codec dag-pb, multihash sha2-256, in base32 without padding (multiformats.io/cid).
library ContentId {
    bytes private constant ALPHABET = "abcdefghijklmnopqrstuvwxyz234567";
    /// @dev Version 1, dag-pb 0x70, sha2-256 0x12 of 32 bytes.
    uint256 private constant PREFIX = 0x01701220;
    uint256 private constant CHARACTERS = 59;

    /// @return text 59 characters, `bafybei` and the rest
    function toText(bytes32 root) internal pure returns (string memory text) {
        bytes memory characters = new bytes(CHARACTERS);
        characters[0] = "b";
        // 36 bytes are 57 characters of 5 bits and 3 bits that lead another, which ends in two zero bits. The upper 32 of those
        // 288 bits are the prefix, the lower 256 the root.
        for (uint256 i = 1; i < CHARACTERS; i++) {
            characters[i] = ALPHABET[_fiveBits(uint256(root), 5 * (i - 1))];
        }
        return string(characters);
    }

    /// @dev The five bits that start so many bits into prefix and root, zeros behind their end.
    function _fiveBits(uint256 root, uint256 start) private pure returns (uint256) {
        if (start + 5 <= 32) return (PREFIX >> (27 - start)) & 31;
        if (start < 32) return ((PREFIX << (start - 27)) | (root >> (283 - start))) & 31;
        return start <= 283 ? (root >> (283 - start)) & 31 : (root << (start - 283)) & 31;
    }
}
