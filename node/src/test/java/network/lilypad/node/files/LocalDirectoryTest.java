package network.lilypad.node.files;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class LocalDirectoryTest extends FileDirectoryContract {
  @Override FileDirectory open() throws IOException {
    return LocalDirectory.open(temporary.resolve("files"));
  }

  @Test void what_a_crash_cut_short_is_completed_when_it_is_put_again() throws IOException {
    // given
    var bytes = bytes(3_000_000, 1);
    var name = HexFormat.of().formatHex(digest(bytes).bytes());
    var folder = Files.createDirectories(temporary.resolve("files").resolve(name.substring(0, 2)));
    Files.write(folder.resolve(name), Arrays.copyOf(bytes, 1000));
    // when
    try (var files = open()) {
      files.put(digest(bytes), new FileBody.Held(ByteString.copyFrom(bytes)));
    }
    // then
    assertThat(folder.resolve(name)).hasBinaryContent(bytes);
  }
}
