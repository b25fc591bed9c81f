package network.lilypad.protocol.content;

import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EarlyForcedTest {
  @TempDir
  Path directory;

  @Test void a_file_of_several_strides_is_what_was_written() throws IOException {
    // given
    var file = directory.resolve("large");
    var piece = new byte[(7 << 20) + 3];
    new Random(11).nextBytes(piece);
    var written = new ByteArrayOutputStream();
    // when
    try (var out = new EarlyForced(FileChannel.open(file, CREATE_NEW, WRITE))) {
      for (int i = 0; i < 10; i++) {
        out.write(piece, i, piece.length - i);
        out.write(i);
        written.write(piece, i, piece.length - i);
        written.write(i);
      }
    }
    // then
    assertThat(Files.readAllBytes(file)).isEqualTo(written.toByteArray());
  }

  @Test void a_disk_that_refuses_is_told_and_the_file_is_closed() throws IOException {
    // given
    var channel = FileChannel.open(directory.resolve("closed"), CREATE_NEW, WRITE);
    var out = new EarlyForced(channel);
    channel.close();
    // when, then
    assertThatIOException().isThrownBy(() -> out.write(1));
    out.close();
    assertThat(channel.isOpen()).isFalse();
  }
}
