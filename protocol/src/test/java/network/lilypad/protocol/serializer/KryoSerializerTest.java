package network.lilypad.protocol.serializer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigFactory;
import java.io.NotSerializableException;
import java.util.Collections;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import network.lilypad.protocol.Defect;
import network.lilypad.protocol.Samples;
import network.lilypad.protocol.message.AgentSession;
import network.lilypad.protocol.message.Bridge;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.serialization.Serialization;
import org.apache.pekko.serialization.SerializationExtension;
import org.apache.pekko.serialization.SerializerWithStringManifest;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class KryoSerializerTest {
  private static final ActorTestKit KIT = ActorTestKit.create();

  private final Serialization serialization = SerializationExtension.get(Adapter.toClassic(KIT.system()));

  @AfterAll static void stop() {
    KIT.shutdownTestKit();
  }

  @Test void a_word_keeps_its_reference_to_an_actor() throws Exception {
    // given
    var probe = KIT.<Bridge.Balance>createTestProbe();
    var serializer = serializer(new Bridge.GetBalance(Samples.CREATOR.address(), probe.ref()));
    // when
    var bytes = serializer.toBinary(new Bridge.GetBalance(Samples.CREATOR.address(), probe.ref()));
    var read = (Bridge.GetBalance) serializer.fromBinary(bytes, "");
    // then
    assertThat(read.replyTo()).isEqualTo(probe.ref());
    assertThat(serializer.identifier()).isEqualTo(7300);
  }

  @Test void every_word_of_the_bridge_and_of_sessions_is_bound_to_kryo() {
    for (var sample : new ProtocolKryoWordsTest().samples()) {
      if (sample instanceof Bridge.Command || sample instanceof Bridge.Reply || sample instanceof Bridge.Balance
          || sample instanceof AgentSession.Command) {
        assertThat(serializer(sample)).isInstanceOf(KryoSerializer.class);
      }
    }
  }

  @Test void nothing_is_left_to_java_serialization() {
    assertThat(Adapter.toClassic(KIT.system()).settings().config().getBoolean("pekko.actor.allow-java-serialization"))
        .isFalse();
  }

  @Test void an_unknown_number_is_refused() {
    var serializer = new KryoSerializer(classic());
    assertThatThrownBy(() -> serializer.fromBinary(new byte[]{(byte) 0x90, 0x4e}, ""))
        .isInstanceOf(NotSerializableException.class).hasMessageContaining("unregistered class ID");
  }

  @Test void a_record_that_is_no_word_is_refused() {
    record Stranger() {}
    var serializer = new KryoSerializer(classic());
    assertThatThrownBy(() -> serializer.toBinary(new Stranger())).isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("Stranger");
  }

  @Test void a_value_that_kryo_knows_but_that_is_no_word_is_refused() {
    var serializer = new KryoSerializer(classic());
    assertThatThrownBy(() -> serializer.fromBinary(new byte[]{3, (byte) 0x82, 'a'}, ""))
        .isInstanceOf(NotSerializableException.class);
  }

  @Test void a_word_above_the_bound_is_refused_on_both_sides() throws Exception {
    var serializer = new KryoSerializer(classic());
    int overhead = serializer.toBinary(new AgentSession.Close("")).length + 2;
    var longest = new AgentSession.Close("x".repeat(KryoWire.MAX_BYTES - overhead));
    assertThat(serializer.toBinary(longest)).hasSize(KryoWire.MAX_BYTES);
    assertThat(serializer.fromBinary(serializer.toBinary(longest), "")).isEqualTo(longest);
    assertThatThrownBy(() -> serializer.toBinary(new AgentSession.Close(longest.reason() + "x")))
        .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("at most " + KryoWire.MAX_BYTES);
    assertThatThrownBy(() -> serializer.fromBinary(new byte[KryoWire.MAX_BYTES + 1], ""))
        .isInstanceOf(NotSerializableException.class).hasMessageContaining("at most " + KryoWire.MAX_BYTES);
  }

  @Test void many_threads_share_it() throws Exception {
    // given
    var serializer = new KryoSerializer(classic());
    var word = new AgentSession.Run(Samples.DEAL, Samples.signedJobOffer(), Samples.signedLease());
    Callable<Boolean> rounds = () -> {
      for (int i = 0; i < 100; i++) {
        assertThat(serializer.fromBinary(serializer.toBinary(word), "")).isEqualTo(word);
      }
      return true;
    };
    // when
    try (var threads = Executors.newFixedThreadPool(40)) {
      // then
      for (var done : threads.invokeAll(Collections.nCopies(40, rounds))) {
        assertThat(done.get()).isTrue();
      }
    }
  }

  @Test void a_module_whose_words_cannot_be_made_stops_the_system() {
    var config = ConfigFactory.parseString("lilypad.kryo.words.broken = java.lang.String");
    assertThatThrownBy(() -> ActorSystem.create(Behaviors.empty(), "broken",
        config.withFallback(ConfigFactory.load()))).isInstanceOf(Defect.class)
        .hasMessageContaining("lilypad.kryo.words: java.lang.String");
  }

  private static ExtendedActorSystem classic() {
    return (ExtendedActorSystem) Adapter.toClassic(KIT.system());
  }

  private SerializerWithStringManifest serializer(Object word) {
    return (SerializerWithStringManifest) serialization.findSerializerFor(word);
  }
}
