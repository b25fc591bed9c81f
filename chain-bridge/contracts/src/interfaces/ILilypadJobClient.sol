// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

/// @title A contract that asks for jobs
/// @notice The job creator calls these once per job, with at most its CALLBACK_GAS. A call that fails changes nothing about the
/// job: the outcome stays readable and can be delivered again. Check that the caller is the job creator.
interface ILilypadJobClient {
    /// @notice A job has a result.
    /// @param id the request's, as runJob returned it
    /// @param job the job's id in the Controller
    /// @param resultRoot sha2-256 of the result's root block; ContentId writes it as a CID
    function onJobDone(uint256 id, bytes32 job, bytes32 resultRoot) external;

    /// @notice A job has ended without a result; its money is on the way back.
    /// @param id the request's, as runJob returned it
    /// @param job the job's id in the Controller, zero when none was ever offered
    function onJobFailed(uint256 id, bytes32 job) external;
}
