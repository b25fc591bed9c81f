package network.lilypad.protocol.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import java.util.Collections;
import java.util.function.Consumer;
import network.lilypad.protocol.Rejection;
import network.lilypad.protocol.Rejection.BadSignature;
import network.lilypad.protocol.Rejection.Malformed;
import network.lilypad.protocol.Rejection.TooLarge;
import network.lilypad.protocol.Samples;
import network.lilypad.protocol.proto.v1.Signed;
import network.lilypad.protocol.sign.Signatures;
import network.lilypad.protocol.value.Bytes32;
import network.lilypad.protocol.value.Domain;
import network.lilypad.protocol.value.JobOffer;
import network.lilypad.protocol.value.Lease;
import network.lilypad.protocol.value.ResourceOffer;
import network.lilypad.protocol.value.Result;
import network.lilypad.protocol.value.Verdict;
import network.lilypad.protocol.wire.Admission.Admitted;
import network.lilypad.protocol.wire.Admission.Refused;
import org.junit.jupiter.api.Test;

class WireDoorTest {
  private static final ByteString THREE = ByteString.copyFrom(new byte[3]);

  private final WireDoor door = new WireDoor(new Signatures(Samples.DOMAIN));

  @Test void every_signed_word_is_admitted_with_the_signer_that_its_signature_names() {
    for (var signed : Samples.signed()) {
      var claimed = SignedWire.toProto(signed).toBuilder().setSigner(Fields.of(Samples.SOLVER.address())).build();
      assertThat(door.admit(signed.word().getClass(), claimed)).isEqualTo(new Admitted<>(signed));
      assertThat(door.admit(signed.word().getClass(), claimed.toByteString())).isEqualTo(new Admitted<>(signed));
    }
  }

  @Test void a_signature_for_another_ledger_names_somebody_else() {
    var elsewhere = new WireDoor(new Signatures(new Domain(1, Samples.DOMAIN.verifyingContract())));
    var admitted = elsewhere.admit(JobOffer.class, SignedWire.toProto(Samples.signedJobOffer()));
    assertThat(admitted).isInstanceOfSatisfying(Admitted.class, it -> assertThat(it.value())
        .isNotEqualTo(Samples.signedJobOffer()));
  }

  @Test void a_signature_of_nobody_is_refused() {
    refuses(JobOffer.class, jobOffer(it -> {}).toBuilder().setSignature(ByteString.copyFrom(new byte[65])).build(),
        new BadSignature("JobOffer", "its author"));
    refuses(JobOffer.class, jobOffer(it -> {}).toBuilder().setSignature(THREE).build(),
        new BadSignature("JobOffer", "its author"));
  }

  @Test void no_signature_and_an_endless_one_are_refused() {
    refuses(JobOffer.class, jobOffer(it -> {}).toBuilder().clearSignature().build(),
        new Malformed("signature", "0 bytes", "1 to 4096"));
    refuses(JobOffer.class, jobOffer(it -> {}).toBuilder().setSignature(ByteString.copyFrom(new byte[4097])).build(),
        new Malformed("signature", "4097 bytes", "1 to 4096"));
  }

  @Test void no_word_and_a_word_of_another_kind_are_refused() {
    refuses(JobOffer.class, Signed.getDefaultInstance(), new Malformed("word", "none", "one signed word"));
    refuses(Lease.class, jobOffer(it -> {}), new Malformed("word", "JobOffer", "Lease"));
  }

  @Test void fields_of_wrong_lengths_are_refused_by_their_path() {
    refuses(JobOffer.class, jobOffer(it -> it.setCreator(THREE)),
        new Malformed("jobOffer.creator", "3 bytes", "20 or none"));
    refuses(JobOffer.class, jobOffer(it -> it.getWorkBuilder().setModule(THREE)),
        new Malformed("jobOffer.work.module", "3 bytes", "32 or none"));
    refuses(JobOffer.class, jobOffer(it -> it.getWorkBuilder().getResourcesBuilder().setGpuModel(THREE)),
        new Malformed("jobOffer.work.resources.gpuModel", "3 bytes", "32 or none"));
    refuses(ResourceOffer.class, resourceOffer(it -> it.setPanels(1, THREE)),
        new Malformed("resourceOffer.panels[1]", "3 bytes", "32 or none"));
  }

  @Test void numbers_out_of_bounds_are_refused_and_never_wrapped() {
    refuses(JobOffer.class, jobOffer(it -> it.setMaxAttempts(256)),
        new Malformed("jobOffer.maxAttempts", "256", "1 to 255"));
    refuses(JobOffer.class, jobOffer(it -> it.setMaxPrice(-1)),
        new Malformed("jobOffer.maxPrice", "18446744073709551615 gwei of LP", "0 to 1000000000000000000"));
    refuses(JobOffer.class, jobOffer(it -> it.setReviewSeconds(Integer.MIN_VALUE)),
        new Malformed("jobOffer.reviewSeconds", "2147483648", "at most 2147483647"));
    refuses(JobOffer.class, jobOffer(it -> it.setValidUntil(1L << 40)),
        new Malformed("jobOffer.validUntil", "1099511627776", "0 to 1099511627775"));
    refuses(JobOffer.class, jobOffer(it -> it.setNonce(Long.MIN_VALUE)),
        new Malformed("jobOffer.nonce", "9223372036854775808", "at most 9223372036854775807"));
    refuses(JobOffer.class, jobOffer(it -> it.setVerification(5)),
        new Malformed("jobOffer.verification", "5", "0 to 4"));
    refuses(JobOffer.class, jobOffer(it -> it.getWorkBuilder().setEngine(0)),
        new Malformed("jobOffer.work.engine", "0", "1 docker or 2 wasm"));
    refuses(JobOffer.class, jobOffer(it -> it.getWorkBuilder().setNetwork(3)),
        new Malformed("jobOffer.work.network", "3", "0 none, 1 http or 2 full"));
    refuses(ResourceOffer.class, resourceOffer(it -> it.addAllPanels(Collections.nCopies(15, THREE))),
        new Malformed("resourceOffer.panels", "17 entries", "at most 16"));
  }

  @Test void a_missing_message_is_read_as_zeros_and_refused_where_zero_is_out_of_bounds() {
    refuses(JobOffer.class, jobOffer(it -> it.clearWork()),
        new Malformed("jobOffer.work.engine", "0", "1 docker or 2 wasm"));
    refuses(Lease.class, Signed.newBuilder().setLease(network.lilypad.protocol.proto.v1.Lease.getDefaultInstance())
        .setSignature(THREE).build(), new Malformed("lease.attempt", "0", "1 to 255"));
    refuses(Result.class, Signed.newBuilder().setResult(network.lilypad.protocol.proto.v1.Result.newBuilder()
        .setStartedAt(2).setEndedAt(1)).setSignature(THREE).build(), new Malformed("result.endedAt", "1",
            "2 to 1099511627775"));
    refuses(Verdict.class, Signed.newBuilder().setVerdict(network.lilypad.protocol.proto.v1.Verdict.newBuilder()
        .setRound(1).setVerdict(6)).setSignature(THREE).build(), new Malformed("verdict.verdict", "6", "1 to 5"));
  }

  @Test void bytes_that_are_no_message_and_too_many_bytes_are_refused() {
    assertThat(door.admit(JobOffer.class, ByteString.copyFromUtf8("hello, world")))
        .isEqualTo(new Refused<>(new Malformed("JobOffer", "12 bytes", "an encoded Signed")));
    assertThat(door.admit(JobOffer.class, ByteString.copyFrom(new byte[WireDoor.MAX_SIGNED_BYTES + 1])))
        .isEqualTo(new Refused<>(new TooLarge("JobOffer", 16_385, 16_384)));
  }

  @Test void the_longest_signed_word_fits() {
    var most = Samples.RESOURCE_OFFER;
    var panels = Collections.nCopies(ResourceOffer.MAX_PANELS, most.machine());
    var offer = new ResourceOffer(most.provider(), most.agent(), most.solver(), most.market(), most.machine(),
        Long.MAX_VALUE, panels, most.capacity(), most.askPerGpuSecond(), most.askPerCoreSecond(), most.maxCollateral(),
        Integer.MAX_VALUE, most.validUntil(), most.machine());
    assertThat(SignedWire.toProto(offer, network.lilypad.protocol.value.Signature.of(new byte[4096]))
        .getSerializedSize()).isLessThan(WireDoor.MAX_SIGNED_BYTES / 2);
  }

  @Test void a_spec_is_admitted_only_as_the_signed_bytes() {
    var encoded = JobSpecWire.encode(Samples.spec());
    assertThat(WireDoor.admitSpec(JobSpecWire.digest(encoded), encoded)).isEqualTo(new Admitted<>(Samples.spec()));
    assertThat(why(WireDoor.admitSpec(Bytes32.ZERO, encoded))).isInstanceOf(Rejection.BadContent.class);
    var broken = encoded.substring(1);
    assertThat(why(WireDoor.admitSpec(JobSpecWire.digest(broken), broken))).isInstanceOf(Malformed.class);
    var huge = ByteString.copyFrom(new byte[JobSpecWire.MAX_BYTES + 1]);
    assertThat(why(WireDoor.admitSpec(JobSpecWire.digest(huge), huge))).isInstanceOf(TooLarge.class);
  }

  private <T extends network.lilypad.protocol.value.Signable> void refuses(Class<T> kind, Signed proto,
      Rejection expected) {
    assertThat(door.admit(kind, proto)).isEqualTo(new Refused<>(expected));
  }

  private static Rejection why(Admission<?> admission) {
    return switch (admission) {
      case Refused(var why) -> why;
      case Admitted(var value) -> throw new AssertionError("admitted: " + value);
    };
  }

  private static Signed jobOffer(Consumer<network.lilypad.protocol.proto.v1.JobOffer.Builder> change) {
    var signed = SignedWire.toProto(Samples.signedJobOffer()).toBuilder();
    change.accept(signed.getJobOfferBuilder());
    return signed.build();
  }

  private static Signed resourceOffer(Consumer<network.lilypad.protocol.proto.v1.ResourceOffer.Builder> change) {
    var signed = SignedWire.toProto(Samples.signedResourceOffer()).toBuilder();
    change.accept(signed.getResourceOfferBuilder());
    return signed.build();
  }
}
