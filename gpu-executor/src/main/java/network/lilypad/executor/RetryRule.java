package network.lilypad.executor;

import network.lilypad.protocol.value.JobSpec;

/// Says how often a job's run is tried again when the machine failed it. Pure.
@FunctionalInterface
public interface RetryRule {
  /// The policy for a job.
  RetryPolicy policy(JobSpec job);
}
