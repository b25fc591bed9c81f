package network.lilypad.protocol.content;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TreeFileTest {
  private static final int PIECE = 300_000;

  @TempDir
  Path directory;
  private final MemoryBlocks blocks = new MemoryBlocks();

  private Cid write(byte[] bytes) throws IOException {
    Files.write(directory.resolve("stdout"), bytes);
    return new UnixFsWriter(blocks, new TreeLimits(1 << 26, 100)).writeDirectory(directory);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, PIECE, 1 << 20, (1 << 20) + 1, 3_500_000}) void a_file_is_read_piece_by_piece_to_its_end(
      int size) throws IOException {
    // given
    var bytes = new byte[size];
    new Random(size).nextBytes(bytes);
    var file = TreeFile.find(blocks, write(bytes), "stdout").orElseThrow();
    assertThat(file.size()).isEqualTo(size);
    // when
    var read = new ByteArrayOutputStream();
    byte[] piece = file.read(0, PIECE);
    while (piece.length > 0) {
      assertThat(piece.length).isLessThanOrEqualTo(PIECE);
      read.writeBytes(piece);
      piece = file.read(read.size(), PIECE);
    }
    // then
    assertThat(read.toByteArray()).isEqualTo(bytes);
    assertThat(file.read(size + 10L, PIECE)).isEmpty();
  }

  @Test void a_name_that_is_not_there_is_absent() throws IOException {
    // when, then
    assertThat(TreeFile.find(blocks, write(new byte[1]), "stderr")).isEmpty();
  }

  @Test void a_missing_block_is_named() throws IOException {
    // given
    var root = write(new byte[10]);
    var file = TreeFile.find(blocks, root, "stdout").orElseThrow();
    blocks.blocks.keySet().removeIf(cid -> !cid.equals(root));
    // when, then
    assertThatExceptionOfType(ContentException.class).isThrownBy(() -> file.read(0, 10))
        .extracting(ContentException::reason).isEqualTo(ContentException.Reason.MISSING_BLOCK);
  }
}
