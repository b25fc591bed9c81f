package network.lilypad.actors.market;

import network.lilypad.protocol.value.JobId;

/// One attempt of one job: what a lease names. The deal's id is a hash of it.
///
/// @param job the job
/// @param number 1 to 255
public record Attempt(JobId job, int number) {}
