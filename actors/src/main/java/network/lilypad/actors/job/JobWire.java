package network.lilypad.actors.job;

import com.google.protobuf.InvalidProtocolBufferException;
import network.lilypad.actors.deal.Cause;
import network.lilypad.actors.job.Job.Ending;
import network.lilypad.actors.job.Job.Event;
import network.lilypad.actors.job.Job.Outcome;
import network.lilypad.protocol.Defect;
import network.lilypad.protocol.proto.journal.v1.AttemptEnding;
import network.lilypad.protocol.proto.journal.v1.JobAttemptLost;
import network.lilypad.protocol.proto.journal.v1.JobClosing;
import network.lilypad.protocol.proto.journal.v1.JobEnded;
import network.lilypad.protocol.proto.journal.v1.JobEvent;
import network.lilypad.protocol.proto.journal.v1.JobPosted;
import network.lilypad.protocol.value.DealPhase;
import network.lilypad.protocol.value.Lp;
import network.lilypad.protocol.value.Cancel;
import network.lilypad.protocol.value.JobOffer;
import network.lilypad.protocol.wire.Fields;
import network.lilypad.protocol.wire.SignedWire;

/// A job's events as journal bytes and back.
public final class JobWire {
  private JobWire() {}

  /// The event as its message.
  public static JobEvent proto(Event event) {
    return switch (event) {
      case Job.Posted(var offer, var job, var at) -> JobEvent.newBuilder().setAt(at).setPosted(JobPosted.newBuilder()
          .setOffer(SignedWire.toProto(offer)).setJob(Fields.of(job.digest()))).build();
      case Job.AttemptLost(var attempt, var ending, var at) -> JobEvent.newBuilder().setAt(at).setAttemptLost(
          JobAttemptLost.newBuilder().setAttempt(attempt).setEnding(ending(ending))).build();
      case Job.Closing(Job.CreatorStopped(var cancel), var at) -> JobEvent.newBuilder().setAt(at).setClosing(
          JobClosing.newBuilder().setCancel(SignedWire.toProto(cancel))).build();
      case Job.Closing(Job.RanOut _, var at) ->
        JobEvent.newBuilder().setAt(at).setClosing(JobClosing.newBuilder()).build();
      case Job.Ended(var outcome, var attempt, var ending, var at) -> JobEvent.newBuilder().setAt(at).setEnded(
          JobEnded.newBuilder().setOutcome(outcome.number()).setAttempt(attempt).setEnding(ending(ending)))
          .build();
    };
  }

  /// The event of the bytes.
  ///
  /// @throws InvalidProtocolBufferException if they are no protobuf
  /// @throws Defect if they are no event that this version knows
  public static Event event(byte[] bytes) throws InvalidProtocolBufferException {
    var proto = JobEvent.parseFrom(bytes);
    long at = proto.getAt();
    return switch (proto.getEventCase()) {
      case POSTED -> new Job.Posted(SignedWire.signed(JobOffer.class, proto.getPosted().getOffer()),
          Fields.job(proto.getPosted().getJob()), at);
      case ATTEMPT_LOST ->
        new Job.AttemptLost(proto.getAttemptLost().getAttempt(), ending(proto.getAttemptLost().getEnding()), at);
      case CLOSING -> new Job.Closing(proto.getClosing().hasCancel()
          ? new Job.CreatorStopped(SignedWire.signed(Cancel.class, proto.getClosing().getCancel()))
          : new Job.RanOut(), at);
      case ENDED -> new Job.Ended(Outcome.of(proto.getEnded().getOutcome()), proto.getEnded().getAttempt(),
          ending(proto.getEnded().getEnding()), at);
      case EVENT_NOT_SET -> throw new Defect("job event: unknown kind (expected: one this version knows)");
    };
  }

  private static AttemptEnding ending(Ending ending) {
    return AttemptEnding.newBuilder().setProvider(Fields.of(ending.provider()))
        .setPhase(ending.phase().number()).setCause(ending.cause().number()).setPaid(ending.paid().gwei()).build();
  }

  private static Ending ending(AttemptEnding proto) {
    return new Ending(Fields.address("provider", proto.getProvider()), DealPhase.of(proto.getPhase()),
        Cause.of(proto.getCause()), Lp.gwei(proto.getPaid()));
  }
}
