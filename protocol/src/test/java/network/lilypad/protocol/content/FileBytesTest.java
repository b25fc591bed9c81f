package network.lilypad.protocol.content;

import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FileBytesTest {
  @TempDir
  Path directory;

  private static byte[] bytes(int length) {
    var bytes = new byte[length];
    new Random(length).nextBytes(bytes);
    return bytes;
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, FileBytes.AT_ONCE, FileBytes.AT_ONCE + 1,
      1 << 20}) void what_is_written_is_read_whatever_its_length(int length) throws IOException {
    // given
    var file = directory.resolve("file");
    byte[] bytes = bytes(length);
    // when
    try (var channel = FileChannel.open(file, CREATE_NEW, WRITE)) {
      FileBytes.write(channel, ByteBuffer.wrap(bytes));
      FileBytes.write(channel, ByteBuffer.wrap(bytes).asReadOnlyBuffer());
    }
    // then
    try (var channel = FileChannel.open(file, READ); var stream = Files.newInputStream(file)) {
      var second = ByteBuffer.allocate(length + 2).position(1).limit(length + 1);
      assertThat(FileBytes.read(channel, second, length)).isTrue();
      assertThat(Arrays.copyOfRange(second.array(), 1, length + 1)).isEqualTo(bytes);
      assertThat(FileBytes.read(stream, length)).isEqualTo(bytes);
      assertThat(FileBytes.read(stream, length)).isEqualTo(bytes);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, FileBytes.AT_ONCE, FileBytes.AT_ONCE + 1}) void a_file_that_is_too_short_is_found_out(
      int length) throws IOException {
    var file = Files.write(directory.resolve("file"), bytes(length));
    try (var channel = FileChannel.open(file, READ); var stream = Files.newInputStream(file)) {
      assertThat(FileBytes.read(channel, ByteBuffer.allocate(length + 1), 0)).isFalse();
      assertThat(FileBytes.read(stream, length + 1)).isEqualTo(bytes(length));
    }
  }
}
