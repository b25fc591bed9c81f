package network.lilypad.actors.wire;

import java.util.List;
import java.util.stream.Stream;
import network.lilypad.actors.deal.Deal;
import network.lilypad.actors.deal.DealWire;
import network.lilypad.actors.job.Job;
import network.lilypad.actors.job.JobWire;
import network.lilypad.actors.machine.Machine;
import network.lilypad.actors.machine.MachineWire;
import network.lilypad.protocol.serializer.ProtoEventSerializer;

/// The journal's words: every event of the market's entities under its manifest for ever.
public final class JournalSerializer extends ProtoEventSerializer {
  /// This serializer's number in every journal, for ever.
  public static final int IDENTIFIER = 7302;

  /// What can be in a journal.
  public JournalSerializer() {
    super(IDENTIFIER, Stream.of(jobs(), machines(), deals()).flatMap(List::stream).toList());
  }

  private static List<Kind<?>> jobs() {
    return List.of(job("job-posted", Job.Posted.class), job("job-attempt-lost", Job.AttemptLost.class),
        job("job-closing", Job.Closing.class), job("job-ended", Job.Ended.class));
  }

  private static List<Kind<?>> machines() {
    return List.of(machine("machine-listed", Machine.Listed.class),
        machine("machine-delisted", Machine.Delisted.class), machine("machine-reserved", Machine.Reserved.class),
        machine("machine-freed", Machine.Freed.class));
  }

  private static List<Kind<?>> deals() {
    return List.of(deal("deal-proposed", Deal.Proposed.class), deal("deal-stopping", Deal.Stopping.class),
        deal("deal-opened", Deal.Opened.class), deal("deal-submitted", Deal.Submitted.class),
        deal("deal-committed", Deal.Committed.class), deal("deal-ended", Deal.Ended.class),
        deal("deal-overruled", Deal.Overruled.class));
  }

  private static <E extends Job.Event> Kind<E> job(String manifest, Class<E> type) {
    return new Kind<>(manifest, type, JobWire::proto, bytes -> type.cast(JobWire.event(bytes)));
  }

  private static <E extends Machine.Event> Kind<E> machine(String manifest, Class<E> type) {
    return new Kind<>(manifest, type, MachineWire::proto, bytes -> type.cast(MachineWire.event(bytes)));
  }

  private static <E extends Deal.Event> Kind<E> deal(String manifest, Class<E> type) {
    return new Kind<>(manifest, type, DealWire::proto, bytes -> type.cast(DealWire.event(bytes)));
  }
}
