// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

import {ContentId} from "../src/libraries/ContentId.sol";
import {ILilypadJobClient} from "../src/interfaces/ILilypadJobClient.sol";
import {IOnChainJobCreator} from "../src/interfaces/IOnChainJobCreator.sol";

/// @notice Asks for jobs, and remembers what it was told.
contract RecordingClient is ILilypadJobClient {
    IOnChainJobCreator internal immutable CREATOR;
    mapping(uint256 id => bytes32) public resultOf;
    mapping(uint256 id => bool) public failed;
    uint256 public calls;

    constructor(IOnChainJobCreator creator) {
        CREATOR = creator;
        IERC20(creator.controller().token()).approve(address(creator), type(uint256).max);
    }

    function ask(IOnChainJobCreator.Request calldata request) external returns (uint256) {
        return CREATOR.runJob(request);
    }

    function onJobDone(uint256 id, bytes32 job, bytes32 resultRoot) external virtual {
        calls++;
        resultOf[id] = resultRoot;
        job;
    }

    function onJobFailed(uint256 id, bytes32) external virtual {
        calls++;
        failed[id] = true;
    }
}

/// @notice Reverts when called back, until it is cured.
contract RevertingClient is RecordingClient {
    bool private cured;

    constructor(IOnChainJobCreator creator) RecordingClient(creator) {}

    function cure() external {
        cured = true;
    }

    function onJobDone(uint256 id, bytes32, bytes32 resultRoot) external override {
        require(cured, "sick");
        resultOf[id] = resultRoot;
    }

    function onJobFailed(uint256 id, bytes32) external override {
        require(cured, "sick");
        failed[id] = true;
    }
}

/// @notice Burns what it is given.
contract BurningClient is RecordingClient {
    constructor(IOnChainJobCreator creator) RecordingClient(creator) {}

    function onJobDone(uint256, bytes32, bytes32) external override {
        while (true) calls++;
    }

    function onJobFailed(uint256, bytes32) external override {
        while (true) calls++;
    }
}

/// @notice Returns a heap of bytes, for whoever copies them to pay.
contract ChattyClient is RecordingClient {
    constructor(IOnChainJobCreator creator) RecordingClient(creator) {}

    function onJobDone(uint256, bytes32, bytes32) external pure override {
        assembly {
            return(0, 100000)
        }
    }
}

/// @notice Tries everything again when called back, and asks for another job.
contract ReentrantClient is RecordingClient {
    uint256 public broken;
    uint256 public next;
    IOnChainJobCreator.Request private again;

    constructor(IOnChainJobCreator creator) RecordingClient(creator) {}

    function prepare(IOnChainJobCreator.Request calldata request) external {
        again = request;
    }

    function onJobDone(uint256 id, bytes32, bytes32 resultRoot) external override {
        calls++;
        resultOf[id] = resultRoot;
        try CREATOR.complete(id, resultRoot, 1) { broken++; } catch {}
        try CREATOR.refund(id) { broken++; } catch {}
        try CREATOR.redeliver(id) { broken++; } catch {}
        try CREATOR.collect(id) { broken++; } catch {}
        if (again.budget > 0) next = CREATOR.runJob(again);
    }

    function onJobFailed(uint256 id, bytes32) external override {
        calls++;
        failed[id] = true;
        try CREATOR.refund(id) { broken++; } catch {}
        try CREATOR.redeliver(id) { broken++; } catch {}
        try CREATOR.collect(id) { broken++; } catch {}
    }
}

/// @notice Says a root as a CID.
contract ContentIds {
    function toText(bytes32 root) external pure returns (string memory) {
        return ContentId.toText(root);
    }
}
