// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";

import {ILilypadJobClient} from "../interfaces/ILilypadJobClient.sol";
import {IOnChainJobCreator} from "../interfaces/IOnChainJobCreator.sol";
import {ContentId} from "../libraries/ContentId.sol";

/// @title A contract that lets a cow speak
/// @notice The smallest useful client: anybody pays for a saying, the contract keeps where the cow's words are.
contract ExampleClient is ILilypadJobClient {
    using SafeERC20 for IERC20;

    /// @dev How long a cow may take.
    uint40 private constant PATIENCE = 1 hours;
    /// @dev Wei of LP in a gwei of LP.
    uint256 private constant GWEI = 1e9;

    IOnChainJobCreator private immutable CREATOR;
    IERC20 private immutable TOKEN;

    /// @notice Where the result of a request is, as a CID; empty until it is there.
    mapping(uint256 id => string cid) public said;
    /// @notice A cow has spoken.
    event CowSaid(uint256 indexed id, string cid);
    /// @notice A cow stays silent.
    event CowSilent(uint256 indexed id);

    /// @notice Only the job creator may say how a job ended.
    error NotTheJobCreator(address caller);

    constructor(IOnChainJobCreator creator) {
        CREATOR = creator;
        TOKEN = IERC20(creator.controller().token());
    }

    /// @notice Asks for a saying, paid by the caller's allowance.
    /// @param budget gwei of LP; what is not spent goes back to the caller
    function cowsay(string calldata message, uint64 budget) external returns (uint256 id) {
        TOKEN.safeTransferFrom(msg.sender, address(this), budget * GWEI);
        TOKEN.forceApprove(address(CREATOR), budget * GWEI);
        string[] memory inputs = new string[](1);
        inputs[0] = string.concat("Message=", message);
        uint40 deadline = uint40(block.timestamp) + PATIENCE;
        id = CREATOR.runJob(IOnChainJobCreator.Request("cowsay:v0.0.4", inputs, 0, 0, budget, deadline, msg.sender));
    }

    /// @inheritdoc ILilypadJobClient
    function onJobDone(uint256 id, bytes32, bytes32 resultRoot) external onlyCreator {
        said[id] = ContentId.toText(resultRoot);
        emit CowSaid(id, said[id]);
    }

    /// @inheritdoc ILilypadJobClient
    function onJobFailed(uint256 id, bytes32) external onlyCreator {
        emit CowSilent(id);
    }

    modifier onlyCreator() {
        require(msg.sender == address(CREATOR), NotTheJobCreator(msg.sender));
        _;
    }
}
