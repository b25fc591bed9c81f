package network.lilypad.node.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Data directories that cannot be used, and what is in one that is used when its process dies.
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

  /// A process that is killed leaves its file as it is: the copy is that file. Space is used again at once, not after 45
  /// seconds, as whether the file's header is written depends on where the bytes go.
  @Test void what_was_committed_is_in_the_file_whenever_the_process_dies() throws Exception {
    var random = new Random(1);
    try (var database = Database.open(folder.resolve("node"));
        var connection = database.connections().getConnection();
        var statement = connection.createStatement()) {
      statement.execute("set retention_time 0");
      statement.execute("create table written (number int primary key, bytes varbinary(20000))");
      for (int number = 0; number < 50; number++) {
        try (var insert = connection.prepareStatement("insert into written values (?, ?)")) {
          insert.setInt(1, number);
          insert.setBytes(2, new byte[random.nextInt(20_000)]);
          insert.executeUpdate();
        }
        statement.execute("delete from written where number = " + (number - 5));
        assertThat(lastWritten(folder.resolve("node"), folder.resolve("killed"))).isEqualTo(number);
      }
    }
  }

  private static int lastWritten(Path node, Path killed) throws Exception {
    Files.createDirectories(killed);
    Files.copy(node.resolve("lilypad.mv.db"), killed.resolve("lilypad.mv.db"), StandardCopyOption.REPLACE_EXISTING);
    try (var database = Database.open(killed);
        var connection = database.connections().getConnection();
        var statement = connection.createStatement();
        var row = statement.executeQuery("select max(number) from written")) {
      row.next();
      return row.getInt(1);
    }
  }
}
