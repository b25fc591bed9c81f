package network.lilypad.protocol.serializer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.NotSerializableException;
import java.util.List;
import network.lilypad.protocol.Defect;
import network.lilypad.protocol.Samples;
import network.lilypad.protocol.value.Cancel;
import network.lilypad.protocol.value.Lapse;
import network.lilypad.protocol.value.Release;
import network.lilypad.protocol.wire.ValuesWire;
import org.junit.jupiter.api.Test;

class ProtoEventSerializerTest {
  private static final class Journal extends ProtoEventSerializer {
    private static final Kind<Cancel> CANCELLED = new Kind<>("cancelled", Cancel.class, ValuesWire::toProto,
        bytes -> ValuesWire.cancel(network.lilypad.protocol.proto.v1.Cancel.parseFrom(bytes)));
    private static final Kind<Lapse> LAPSED_2 = new Kind<>("lapsed-2", Lapse.class, ValuesWire::toProto,
        bytes -> ValuesWire.lapse(network.lilypad.protocol.proto.v1.Lapse.parseFrom(bytes)));
    private static final Kind<Lapse> LAPSED = new Kind<>("lapsed", Lapse.class, ValuesWire::toProto,
        bytes -> new Lapse(ValuesWire.release(network.lilypad.protocol.proto.v1.Release.parseFrom(bytes)).deal(), 7));

    Journal(Kind<?>... kinds) {
      super(9301, List.of(kinds));
    }

    static Kind<Cancel> named(String manifest) {
      return new Kind<>(manifest, Cancel.class, CANCELLED.writer(), CANCELLED.reader());
    }
  }

  private final Journal journal = new Journal(Journal.CANCELLED, Journal.LAPSED_2, Journal.LAPSED);

  @Test void an_event_is_read_back_by_its_manifest() throws Exception {
    var event = new Cancel(Samples.JOB);
    assertThat(journal.manifest(event)).isEqualTo("cancelled");
    assertThat(journal.fromBinary(journal.toBinary(event), "cancelled")).isEqualTo(event);
    assertThat(journal.identifier()).isEqualTo(9301);
  }

  @Test void the_newest_kind_of_a_type_is_written_and_the_old_one_still_read() throws Exception {
    var old = ValuesWire.toProto(new Release(Samples.DEAL)).toByteArray();
    assertThat(journal.manifest(new Lapse(Samples.DEAL, 8))).isEqualTo("lapsed-2");
    assertThat(journal.fromBinary(old, "lapsed")).isEqualTo(new Lapse(Samples.DEAL, 7));
  }

  @Test void an_unknown_manifest_and_foreign_bytes_are_refused() {
    assertThatThrownBy(() -> journal.fromBinary(new byte[0], "posted")).isInstanceOf(NotSerializableException.class)
        .hasMessageContaining("posted");
    assertThatThrownBy(() -> journal.fromBinary(new byte[]{1}, "cancelled"))
        .isInstanceOf(NotSerializableException.class).hasMessageContaining("cancelled");
    assertThatThrownBy(() -> journal.fromBinary(new byte[]{10, 1, 1}, "cancelled"))
        .isInstanceOf(NotSerializableException.class).hasMessageContaining("job: 1 bytes");
  }

  @Test void an_event_of_no_kind_is_refused() {
    assertThatThrownBy(() -> journal.toBinary(new Release(Samples.DEAL))).isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("Release");
  }

  @Test void a_class_name_is_no_manifest() {
    assertThatThrownBy(() -> new Journal(Journal.named(Cancel.class.getName()))).isInstanceOf(Defect.class);
    assertThatThrownBy(() -> new Journal(Journal.named("Cancel"))).isInstanceOf(Defect.class);
    assertThatThrownBy(() -> new Journal(Journal.named("a".repeat(33)))).isInstanceOf(Defect.class);
  }

  @Test void a_manifest_used_twice_is_a_defect() {
    assertThatThrownBy(() -> new Journal(Journal.CANCELLED, Journal.named("cancelled"))).isInstanceOf(Defect.class)
        .hasMessageContaining("cancelled");
  }
}
