package network.lilypad.node.files;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import network.lilypad.protocol.content.Cid;
import network.lilypad.protocol.value.Bytes32;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What every file directory does.
abstract class FileDirectoryContract {
  @TempDir
  Path temporary;
  private FileDirectory files;

  /// A directory that sees what the one before has kept.
  abstract FileDirectory open() throws Exception;

  @BeforeEach void begin() throws Exception {
    files = open();
  }

  @AfterEach void end() {
    files.close();
  }

  static byte[] bytes(int size, long seed) {
    var bytes = new byte[size];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  static Bytes32 digest(byte[] bytes) {
    return Cid.ofBlock(Cid.Codec.RAW, bytes).digest();
  }

  private byte[] read(Bytes32 digest) throws IOException {
    try (var stream = files.open(digest).orElseThrow()) {
      return stream.readAllBytes();
    }
  }

  private void put(byte[] bytes) throws IOException {
    files.put(digest(bytes), new FileBody.Held(ByteString.copyFrom(bytes)));
  }

  @ParameterizedTest
  @ValueSource(
      ints = {0, 1, 65_536, 1 << 20, (2 << 20) + 1, 17 << 20}) void what_was_put_is_there_for_whoever_comes_later(
          int size) throws Exception {
    // given
    var bytes = bytes(size, size);
    // when
    put(bytes);
    files.close();
    files = open();
    // then
    assertThat(read(digest(bytes))).isEqualTo(bytes);
  }

  @Test void a_spooled_file_is_kept_like_bytes() throws IOException {
    // given
    var bytes = bytes(5 << 20, 3);
    var file = Files.write(temporary.resolve("spooled"), bytes);
    // when
    files.put(digest(bytes), new FileBody.Spooled(file));
    // then
    assertThat(read(digest(bytes))).isEqualTo(bytes);
  }

  @Test void putting_again_changes_nothing_and_completes_what_was_begun() throws IOException {
    var bytes = bytes(100_000, 4);
    put(bytes);
    put(bytes);
    assertThat(read(digest(bytes))).isEqualTo(bytes);
  }

  @Test void what_was_never_put_is_absent() throws IOException {
    assertThat(files.open(digest(bytes(10, 99)))).isEmpty();
  }

  @Test void what_was_deleted_is_absent_and_deleting_again_changes_nothing() throws IOException {
    // given
    var bytes = bytes(100_000, 5);
    var other = bytes(100_000, 6);
    put(bytes);
    put(other);
    // when
    files.delete(digest(bytes));
    files.delete(digest(bytes));
    files.delete(digest(bytes(10, 98)));
    // then
    assertThat(files.open(digest(bytes))).isEmpty();
    assertThat(read(digest(other))).isEqualTo(other);
    put(bytes);
    assertThat(read(digest(bytes))).isEqualTo(bytes);
  }

  @Test void many_come_at_once() throws Exception {
    // given
    var all = IntStream.range(0, 40).mapToObj(i -> bytes(50_000 + i, 100 + i)).toList();
    // when
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (var done : threads.invokeAll(all.stream().<java.util.concurrent.Callable<Boolean>>map(bytes -> () -> {
        put(bytes);
        return Arrays.equals(read(digest(bytes)), bytes);
      }).toList())) {
        // then
        assertThat(done.get()).isTrue();
      }
    }
  }
}
