package network.lilypad.actors.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.NotSerializableException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import network.lilypad.actors.deal.Cause;
import network.lilypad.actors.deal.Deal;
import network.lilypad.actors.job.Job;
import network.lilypad.actors.machine.Machine;
import network.lilypad.actors.machine.MachineWire;
import network.lilypad.protocol.GoldenLines;
import network.lilypad.protocol.Samples;
import network.lilypad.protocol.message.Bridge;
import network.lilypad.protocol.value.Bytes32;
import network.lilypad.protocol.value.Cancel;
import network.lilypad.protocol.value.DealPhase;
import network.lilypad.protocol.value.Engine;
import network.lilypad.protocol.value.Keccak256;
import network.lilypad.protocol.value.Lp;
import network.lilypad.protocol.value.MachineLimits;
import network.lilypad.protocol.value.MachineSpeed;
import network.lilypad.protocol.value.NetworkPolicy;
import network.lilypad.protocol.value.Release;
import network.lilypad.protocol.value.Signed;
import org.junit.jupiter.api.Test;

/// Every event the journal can hold: its manifest, its golden bytes, and that it comes back equal.
class JournalSerializerTest {
  private static final long AT = 1_800_000_000L;
  private static final Job.Ending ENDING = new Job.Ending(Samples.PROVIDER.address(), DealPhase.LAPSED, Cause.LAPSED,
      Lp.of(3));
  private static final Signed<Cancel> CANCEL = Samples.CREATOR.sign(Samples.DOMAIN, new Cancel(Samples.JOB));
  private static final Signed<Release> RELEASE = Samples.PROVIDER.sign(Samples.DOMAIN, new Release(Samples.DEAL));
  private static final List<Object> EVENTS = List.of(
      new Job.Posted(Samples.signedJobOffer(), Samples.JOB, AT),
      new Job.AttemptLost(2, ENDING, AT),
      new Job.Closing(new Job.CreatorStopped(CANCEL), AT),
      new Job.Closing(new Job.RanOut(), AT),
      new Job.Ended(Job.Outcome.FAILED, 3, ENDING, AT),
      new Machine.Listed(Samples.signedResourceOffer(), Keccak256.hash("digest"),
          new Machine.Attributes(List.of(Engine.WASM), List.of(Keccak256.hash("a")), List.of(Bytes32.ZERO),
              MachineLimits.UNLIMITED, List.of()),
          Samples.RESOURCES, AT),
      new Machine.Delisted(Machine.Why.DRAINED, AT),
      new Machine.Reserved(Samples.DEAL, Samples.RESOURCES, Samples.signedLease().word(), AT),
      new Machine.Freed(Samples.DEAL, AT),
      new Deal.Proposed(new Deal.Terms(Samples.signedJobOffer(), Samples.JOB, 2, Samples.MACHINE,
          Keccak256.hash("digest"), Lp.of(11)), AT),
      new Deal.Stopping(Cause.CANCELLED, List.of(CANCEL), "cancelled by its creator", AT),
      new Deal.Stopping(Cause.REFUSED, List.of(), "no capacity", AT),
      new Deal.Opened(Samples.signedLease(), AT),
      new Deal.Submitted(Samples.signedResult(), AT),
      new Deal.Committed(AT),
      ended(new Bridge.Accepted(Samples.signedResult(), Samples.signedAcceptance())),
      ended(new Bridge.Silence(Samples.signedResult())),
      ended(new Bridge.NoResult()),
      ended(new Bridge.Cancelled(CANCEL)),
      ended(new Bridge.Released(RELEASE)),
      ended(new Bridge.Lapsed(AT)),
      new Deal.Ended(Cause.EXPIRED, List.of(), "the offer ran out", AT),
      new Deal.Overruled(DealPhase.RESULTS_ACCEPTED, AT),
      new Machine.Listed(Samples.signedResourceOffer(), Keccak256.hash("digest"),
          new Machine.Attributes(List.of(Engine.WASM), List.of(), List.of(),
              new MachineLimits(NetworkPolicy.NONE, 3600, Lp.gwei(7)),
              List.of(new MachineSpeed(AT, 400, 5000, 300, 90))),
          Samples.RESOURCES, AT));

  private final JournalSerializer serializer = new JournalSerializer();

  private static Deal.Ended ended(Bridge.Ending ending) {
    return new Deal.Ended(Cause.COMPLETED, List.of(ending), "", AT);
  }

  @Test void the_bytes_of_every_event_are_golden() throws IOException {
    var lines = EVENTS.stream()
        .map(event -> serializer.manifest(event) + " " + HexFormat.of().formatHex(serializer.toBinary(event))).toList();
    GoldenLines.assertSame("actors/src/test/resources/golden/journal.txt", lines);
  }

  @Test void every_event_comes_back_equal() throws NotSerializableException {
    for (Object event : EVENTS) {
      var back = serializer.fromBinary(serializer.toBinary(event), serializer.manifest(event));
      assertThat(back).isEqualTo(event);
    }
  }

  @Test void a_listing_from_before_limits_and_speeds_has_no_limit_and_no_measurement() throws NotSerializableException {
    // given: an event as it was written before there were any, by the first golden line of its kind
    var old = (Machine.Listed) EVENTS.stream().filter(Machine.Listed.class::isInstance).findFirst().orElseThrow();
    assertThat(MachineWire.proto(old).getListed().hasLimits()).isFalse();
    assertThat(MachineWire.proto(old).getListed().hasSpeed()).isFalse();
    // when
    var listed = (Machine.Listed) serializer.fromBinary(serializer.toBinary(old), serializer.manifest(old));
    // then
    assertThat(listed.attributes().limits()).isEqualTo(MachineLimits.UNLIMITED);
    assertThat(listed.attributes().speed()).isEmpty();
  }

  @Test void there_is_a_sample_of_every_kind_of_event_and_ending() {
    var kinds = Stream.of(Job.Event.class, Machine.Event.class, Deal.Event.class)
        .flatMap(type -> Arrays.stream(type.getPermittedSubclasses())).toList();
    assertThat(EVENTS).extracting(Object::getClass).containsAll(List.of(kinds.toArray(Class<?>[]::new)));
    var endings = EVENTS.stream().filter(Deal.Ended.class::isInstance).map(Deal.Ended.class::cast)
        .flatMap(e -> e.ending().stream()).map(Object::getClass).toList();
    assertThat(endings).extracting(Class::getName)
        .containsAll(Arrays.stream(Bridge.Ending.class.getPermittedSubclasses()).map(Class::getName).toList());
  }

  @Test void bytes_of_a_later_version_are_refused_by_name() {
    assertThatThrownBy(() -> serializer.fromBinary(new byte[0], "deal-teleported"))
        .isInstanceOf(NotSerializableException.class).hasMessageContaining("deal-teleported");
    assertThatThrownBy(() -> serializer.fromBinary(new byte[]{1, 2, 3}, "deal-ended"))
        .isInstanceOf(NotSerializableException.class);
  }
}
