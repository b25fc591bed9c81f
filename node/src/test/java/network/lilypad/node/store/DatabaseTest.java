package network.lilypad.node.store;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A data directory that cannot be used.
class DatabaseTest {
  @TempDir
  private Path folder;

  @Test void one_that_another_node_has_is_said_to_be_in_use() {
    try (var _ = Database.open(folder)) {
      assertThatExceptionOfType(StoreUnavailableException.class).isThrownBy(() -> Database.open(folder))
          .withMessageContaining(folder.toString()).withMessageContaining("works in");
    }
  }

  @Test void one_that_cannot_be_made_is_said_with_the_cause() throws IOException {
    assertThatExceptionOfType(StoreUnavailableException.class).isThrownBy(() -> Database.open(Path.of("/proc/foo")))
        .withMessage("data directory /proc/foo: /proc/foo: cannot be made here");
    var file = Files.createFile(folder.resolve("file"));
    assertThatExceptionOfType(StoreUnavailableException.class).isThrownBy(() -> Database.open(file))
        .withMessageContaining("is there and no folder").withMessageNotContaining("works in");
  }
}
