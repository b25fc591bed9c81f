package network.lilypad.protocol.serializer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.io.IOException;
import java.io.NotSerializableException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import network.lilypad.protocol.serializer.KryoWords.Word;
import org.apache.pekko.actor.testkit.typed.javadsl.TestInbox;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.Test;

/// What every module's Kryo words must keep: each record of its word interfaces has a number and samples, whose bytes
/// are the golden files' and stay so.
///
/// A golden file has one line of hexadecimal for each sample of a record. To add a record: give it the next free
/// number, add samples, run the test once with `-Dgolden.write=true`, which writes missing files only, and commit them.
/// A released record's number, components and golden file never change: another shape is another record.
public abstract class KryoWordsContract {
  private static final String REF = "pekko://lilypad@10.0.0.1:25520/user/asker#42";
  private static final ActorRef<Object> ASKER = TestInbox.create().getRef();
  private static final HexFormat HEX = HexFormat.of();
  private static final Record REFUSED = new Refused();

  private final KryoWire wire = new KryoWire(modules(), new RefText() {
    @Override public String write(ActorRef<?> ref) {
      return REF;
    }

    @Override public ActorRef<Object> read(String text) {
      if (!text.equals(REF)) {
        throw new IllegalArgumentException("reference: " + text + " (expected: " + REF + ")");
      }
      return ASKER;
    }
  });

  private final List<? extends Record> samples = samples();

  /// The module's words.
  protected abstract KryoWords words();

  /// Modules whose words it uses, and itself.
  protected abstract List<KryoWords> modules();

  /// The interfaces whose member records are words.
  protected abstract List<Class<?>> interfaces();

  /// Records of those interfaces that never travel between nodes, or what they implement.
  protected abstract List<Class<?>> local();

  /// At least one of each word.
  protected abstract List<? extends Record> samples();

  /// The folder of the golden files, from the checkout's root.
  protected abstract String goldenFolder();

  /// The one actor reference in samples.
  protected static <T> ActorRef<T> asker() {
    return ASKER.unsafeUpcast().narrow();
  }

  /// A word as it travels.
  protected byte[] bytes(Record word) {
    return wire.write(word);
  }

  @Test void every_record_of_the_word_interfaces_has_a_number() {
    var members = interfaces().stream().flatMap(words -> Stream.of(words.getDeclaredClasses()))
        .filter(Class::isRecord).filter(type -> local().stream().noneMatch(local -> local.isAssignableFrom(type)));
    assertThat(words().words()).extracting(Word::type).containsAll(members.<Class<? extends Record>>map(
        type -> type.asSubclass(Record.class)).toList());
  }

  @Test void every_word_has_a_sample() {
    var sampled = samples.stream().map(Object::getClass).collect(Collectors.toSet());
    assertThat(words().words()).extracting(Word::type).allMatch(sampled::contains);
  }

  @Test void every_sample_has_the_golden_bytes() throws IOException {
    for (var word : words().words()) {
      assertThat(written(word)).as(file(word).toString()).isEqualTo(golden(word));
    }
  }

  @Test void golden_bytes_are_read_as_the_samples() throws IOException {
    for (var word : words().words()) {
      var read = golden(word).stream().map(HEX::parseHex).map(this::read).toList();
      assertThat(read).as(file(word).toString()).isEqualTo(samples(word));
    }
  }

  @Test void every_golden_file_belongs_to_a_word() throws IOException {
    for (var word : words().words()) {
      assertThat(golden(word)).isNotEmpty();
    }
    try (var files = Files.list(folder())) {
      assertThat(files).containsExactlyInAnyOrderElementsOf(words().words().stream().map(this::file).toList());
    }
  }

  @Test void damaged_bytes_are_refused_or_are_another_word() {
    var random = new Random(11);
    for (var sample : samples) {
      var bytes = wire.write(sample);
      for (int round = 0; round < 300; round++) {
        assertThat(readDamaged(damaged(bytes, random))).isInstanceOf(Record.class);
      }
    }
  }

  @Test void every_shortened_or_lengthened_word_is_refused() {
    for (var sample : samples) {
      var bytes = wire.write(sample);
      assertThat(readDamaged(Arrays.copyOf(bytes, bytes.length + 1))).isEqualTo(REFUSED);
      assertThat(readDamaged(Arrays.copyOf(bytes, bytes.length - 1))).isEqualTo(REFUSED);
    }
  }

  /// In place of a word.
  private record Refused() {}

  private Object readDamaged(byte[] bytes) {
    try {
      return wire.read(bytes);
    } catch (NotSerializableException _) {
      return REFUSED;
    }
  }

  private static byte[] damaged(byte[] bytes, Random random) {
    var damaged = Arrays.copyOf(bytes, random.nextInt(4) == 0 ? random.nextInt(bytes.length) + 1 : bytes.length);
    for (int i = 0; i <= random.nextInt(4); i++) {
      damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
    }
    return damaged;
  }

  private Object read(byte[] bytes) {
    try {
      return wire.read(bytes);
    } catch (NotSerializableException e) {
      return fail("golden bytes are refused", e);
    }
  }

  private List<String> written(Word word) {
    return samples(word).stream().map(wire::write).map(HEX::formatHex).toList();
  }

  private List<? extends Record> samples(Word word) {
    return samples.stream().filter(sample -> sample.getClass() == word.type()).toList();
  }

  private List<String> golden(Word word) throws IOException {
    var file = file(word);
    if (Files.notExists(file) && Boolean.getBoolean("golden.write")) {
      Files.createDirectories(file.getParent());
      Files.write(file, written(word));
    }
    assertThat(file).as("golden bytes; to write missing files run the test with -Dgolden.write=true").exists();
    return Files.readAllLines(file);
  }

  private Path file(Word word) {
    return folder().resolve(word.id() + "-" + word.type().getDeclaringClass().getSimpleName() + "."
        + word.type().getSimpleName() + ".hex");
  }

  private Path folder() {
    return Path.of(Objects.requireNonNull(System.getProperty("lilypad.root"), "lilypad.root"), goldenFolder());
  }
}
