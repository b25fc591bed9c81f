package network.lilypad.protocol.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import java.util.Collections;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import network.lilypad.protocol.Samples;
import network.lilypad.protocol.proto.v1.DealState;
import network.lilypad.protocol.proto.v1.JobSpec.Variable;
import network.lilypad.protocol.value.Bytes32;
import network.lilypad.protocol.value.DealPhase;
import network.lilypad.protocol.value.InvalidValueException;
import network.lilypad.protocol.value.JobSpec;
import network.lilypad.protocol.value.Lp;
import network.lilypad.protocol.value.MachineLimits;
import network.lilypad.protocol.value.MachineSpeed;
import network.lilypad.protocol.value.NetworkPolicy;
import network.lilypad.protocol.value.Resources;
import org.junit.jupiter.api.Test;

class ValuesWireTest {
  @Test void every_signed_word_comes_back_with_its_signer() {
    for (var signed : Samples.signed()) {
      assertThat(SignedWire.signed(signed.word().getClass(), SignedWire.toProto(signed))).isEqualTo(signed);
    }
  }

  @Test void zero_addresses_and_digests_are_empty_fields() {
    assertThat(ValuesWire.toProto(Resources.NONE).getSerializedSize()).isZero();
    assertThat(ValuesWire.resources(network.lilypad.protocol.proto.v1.Resources.getDefaultInstance()))
        .isEqualTo(Resources.NONE);
  }

  @Test void the_largest_values_come_back() {
    var most = new Resources(Integer.MAX_VALUE, Integer.MAX_VALUE, Bytes32.ZERO, Integer.MAX_VALUE, Resources.MAX_MIB,
        Resources.MAX_MIB);
    assertThat(ValuesWire.resources(ValuesWire.toProto(most))).isEqualTo(most);
  }

  @Test void what_a_machine_says_of_itself_comes_back_and_is_refused_out_of_bounds() {
    // given
    var limits = new MachineLimits(NetworkPolicy.HTTP, Integer.MAX_VALUE, Lp.of(1));
    var speed = new MachineSpeed(1_800_000_000L, 0, 1, 2, Long.MAX_VALUE);
    // then
    assertThat(ValuesWire.machineLimits(ValuesWire.toProto(limits))).isEqualTo(limits);
    assertThat(ValuesWire.machineSpeed(ValuesWire.toProto(speed))).isEqualTo(speed);
    assertThatThrownBy(
        () -> ValuesWire.machineLimits(ValuesWire.toProto(limits).toBuilder().setMaxRunSeconds(0).build()))
        .hasMessage("maxRunSeconds: 0 (expected: 1 to 2147483647)");
    assertThatThrownBy(() -> ValuesWire.machineLimits(ValuesWire.toProto(limits).toBuilder().setNetwork(3).build()))
        .hasMessage("network: 3 (expected: 0 none, 1 http or 2 full)");
    assertThatThrownBy(() -> ValuesWire.machineSpeed(ValuesWire.toProto(speed).toBuilder().setSyncMicros(-1).build()))
        .hasMessage("syncMicros: 18446744073709551615 (expected: at most 9223372036854775807)");
    assertThatThrownBy(
        () -> ValuesWire.machineSpeed(ValuesWire.toProto(speed).toBuilder().setMeasuredAt(1L << 40).build()))
        .hasMessageContaining("measuredAt: 1099511627776");
  }

  @Test void a_number_above_javas_range_is_refused_as_it_was_sent() {
    var cpus = ValuesWire.toProto(Samples.RESOURCES).toBuilder().setMilliCpu(-1).build();
    assertThatThrownBy(() -> ValuesWire.resources(cpus))
        .hasMessage("milliCpu: 4294967295 (expected: at most 2147483647)");
    var ram = ValuesWire.toProto(Samples.RESOURCES).toBuilder().setRamMib(-1).build();
    assertThatThrownBy(() -> ValuesWire.resources(ram))
        .hasMessage("ramMib: 18446744073709551615 (expected: at most 9223372036854775807)");
  }

  @Test void a_signed_word_of_another_kind_is_refused() {
    var lease = SignedWire.toProto(Samples.signedLease());
    assertThatThrownBy(() -> SignedWire.signed(network.lilypad.protocol.value.Result.class, lease))
        .isInstanceOf(InvalidValueException.class).hasMessage("word: Lease (expected: Result)");
  }

  @Test void a_spec_comes_back_from_its_bytes() {
    var encoded = JobSpecWire.encode(Samples.spec());
    assertThat(JobSpecWire.decode(encoded)).isEqualTo(Samples.spec());
    assertThat(JobSpecWire.encode(JobSpecWire.decode(encoded))).isEqualTo(encoded);
  }

  @Test void a_specs_digest_is_sha2_256_of_its_bytes() {
    assertThat(JobSpecWire.digest(ByteString.copyFromUtf8("abc")))
        .hasToString("0xba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    assertThat(JobSpecWire.digest(JobSpecWire.encode(Samples.spec())))
        .hasToString("0x39bdb9fc39ca7879fa607348d83a5399aa13e5346703bc5d8dd7e9a43532c2f7");
  }

  @Test void a_spec_with_names_out_of_order_or_twice_is_refused() {
    assertThatThrownBy(() -> JobSpecWire.decode(spec("B", "A")))
        .hasMessage("environment[1].name: A (expected: after B)");
    assertThatThrownBy(() -> JobSpecWire.decode(spec("A", "A")))
        .hasMessage("environment[1].name: A (expected: after A)");
  }

  @Test void a_spec_above_its_bounds_is_refused() {
    var many = new String[JobSpec.MAX_ENTRIES + 1];
    for (int i = 0; i < many.length; i++) {
      many[i] = "N%04d".formatted(i);
    }
    assertThatThrownBy(() -> JobSpecWire.decode(spec(many)))
        .hasMessage("environment: 1025 entries (expected: at most 1024)");
    assertThatThrownBy(() -> JobSpecWire.decode(ByteString.copyFrom(new byte[JobSpecWire.MAX_BYTES + 1])))
        .hasMessage("spec: 262145 bytes (expected: at most 262144)");
    assertThatThrownBy(() -> JobSpecWire.encode(tooLong()))
        .isInstanceOf(InvalidValueException.class).hasMessageContaining("at most 262144");
    assertThatThrownBy(() -> JobSpecWire.decode(ByteString.copyFromUtf8("not a spec")))
        .hasMessage("spec: 10 bytes (expected: an encoded JobSpec)");
  }

  @Test void a_container_spec_survives_the_wire_with_golden_bytes() {
    var encoded = JobSpecWire.encode(Samples.containerSpec());
    assertThat(JobSpecWire.decode(encoded)).isEqualTo(Samples.containerSpec());
    assertThat(JobSpecWire.digest(encoded))
        .hasToString("0xad159bf0f4d255a4ad080679e91bfe6a87b0b2d0242e4a27cc7e7cf1aaeb9be3");
  }

  @Test void a_spec_without_container_fields_encodes_as_it_did_before_there_were_any() {
    // given
    var plain = Samples.spec();
    // when
    var explicit = new JobSpec(plain.name(), plain.source(), plain.engine(), plain.image(), plain.imageName(),
        plain.arguments(), plain.environment(), plain.outputs(), List.of(), "", List.of(), 0);
    // then
    assertThat(JobSpecWire.encode(explicit)).isEqualTo(JobSpecWire.encode(plain));
    assertThat(JobSpecWire.digest(JobSpecWire.encode(explicit)))
        .hasToString("0x39bdb9fc39ca7879fa607348d83a5399aa13e5346703bc5d8dd7e9a43532c2f7");
  }

  @Test void container_fields_out_of_bounds_are_refused_by_name() {
    refuses(proto -> proto.addAllEntrypoint(Collections.nCopies(JobSpec.MAX_ENTRIES + 1, "x")),
        "entrypoint: 1025 (expected: 0 to 1024)");
    refuses(proto -> proto.setWorkingDirectory("work"),
        "workingDirectory: work (expected: empty or an absolute path of at most 1024 characters)");
    refuses(proto -> proto.addAllHosts(Collections.nCopies(JobSpec.MAX_HOSTS + 1, "a.org")),
        "hosts: 65 (expected: 0 to 64)");
    refuses(proto -> proto.setShmMib(JobSpec.MAX_SHM_MIB + 1), "shmMib: 1048577 (expected: 0 to 1048576)");
    refuses(proto -> proto.setShmMib(-1), "shmMib: 4294967295 (expected: at most 2147483647)");
    for (var host : List.of("", "Example.org", "example.org:80", "-a.org", "a..org", "*.org", "a".repeat(254))) {
      refuses(proto -> proto.addHosts(host), "hosts: " + host + " (expected: a host name in lower case)");
    }
  }

  private static void refuses(Consumer<network.lilypad.protocol.proto.v1.JobSpec.Builder> change, String message) {
    var proto = network.lilypad.protocol.proto.v1.JobSpec.newBuilder().setName("x").setEngine(1);
    change.accept(proto);
    assertThatThrownBy(() -> JobSpecWire.decode(proto.build().toByteString()))
        .isInstanceOf(InvalidValueException.class).hasMessage(message);
  }

  private static JobSpec tooLong() {
    var spec = Samples.spec();
    return new JobSpec(spec.name(), spec.source(), spec.engine(), spec.image(), spec.imageName(),
        Collections.nCopies(JobSpec.MAX_ENTRIES, "x".repeat(256)), new TreeMap<>(), new TreeMap<>());
  }

  private static ByteString spec(String... names) {
    var variables = List.of(names).stream().map(name -> Variable.newBuilder().setName(name).build()).toList();
    return network.lilypad.protocol.proto.v1.JobSpec.newBuilder().setName("x").setEngine(2)
        .addAllEnvironment(variables).build().toByteString();
  }

  @Test void a_deals_states_have_the_same_names_and_numbers_in_proto_files_and_in_java() {
    var proto = Stream.of(DealState.values()).filter(state -> state != DealState.UNRECOGNIZED)
        .collect(Collectors.toMap(state -> state.name().substring("DEAL_STATE_".length()), DealState::getNumber));
    assertThat(proto).isEqualTo(
        Stream.of(DealPhase.values()).collect(Collectors.toMap(DealPhase::name, DealPhase::number)));
  }
}
