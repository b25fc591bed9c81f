package network.lilypad.protocol.value;

/// The creator's word that a job is to stop.
///
/// @param job the job
public record Cancel(JobId job) implements Signable {}
