package network.lilypad.executor.docker;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Files of a process, this one's, that no folder has.
final class NamelessTest {
  private static final long BYTES = 123_456;
  private static final int MANY = 10_050;

  @TempDir
  private Path folder;

  private Set<Object> others = Set.of();

  /// This process runs other tests, too: a library deletes its file once it is loaded.
  @BeforeEach void what_others_have_left() {
    others = Set.copyOf(nameless().look().keySet());
  }

  private Nameless nameless() {
    return new Nameless(() -> List.of(Path.of("/proc/self")), List.of(folder));
  }

  private Map<Object, Long> found(Nameless nameless) {
    var found = new HashMap<>(nameless.look());
    found.keySet().removeAll(others);
    return found;
  }

  @Test void a_file_counts_from_the_loss_of_its_name_until_it_is_let_go() throws IOException {
    var files = nameless();
    var file = folder.resolve("file");
    try (var channel = made(file)) {
      assertThat(found(files)).as("it has a name").isEmpty();
      Files.delete(file);
      assertThat(found(files)).containsValue(BYTES).hasSize(1);
      channel.truncate(BYTES / 2);
      assertThat(found(files)).containsValue(BYTES / 2).hasSize(1);
    }
    assertThat(found(files)).isEmpty();
  }

  @Test void a_file_that_is_mapped_and_not_open_counts_and_one_that_is_both_counts_once() throws IOException {
    var files = nameless();
    var file = folder.resolve("file");
    try (var arena = Arena.ofShared()) {
      try (var channel = made(file)) {
        assertThat(channel.map(MapMode.READ_WRITE, 0, BYTES, arena).byteSize()).isEqualTo(BYTES);
        Files.delete(file);
        assertThat(found(files)).hasSize(1);
      }
      assertThat(found(files)).containsValue(BYTES).hasSize(1);
      assertThat(found(nameless())).containsValue(BYTES).hasSize(1);
    }
    assertThat(found(files)).isEmpty();
  }

  @Test void ten_thousand_empty_files_hide_none() throws IOException {
    var empty = new ArrayList<FileChannel>();
    try (var _ = made(folder.resolve("large"))) {
      for (int i = 0; i < MANY; i++) {
        var file = folder.resolve("empty");
        empty.add(FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE));
        Files.delete(file);
      }
      Files.delete(folder.resolve("large"));
      assertThat(found(nameless())).hasSize(MANY + 1).containsValue(BYTES);
    } finally {
      for (var channel : empty) {
        channel.close();
      }
    }
  }

  @Test void a_file_that_is_mapped_ten_thousand_times_hides_none() throws IOException {
    try (var arena = Arena.ofShared()) {
      try (var often = made(folder.resolve("often")); var once = made(folder.resolve("once"))) {
        long mapped = once.map(MapMode.READ_WRITE, 0, 1, arena).byteSize();
        for (int i = 0; i < MANY; i++) {
          mapped += often.map(MapMode.READ_WRITE, 0, 1, arena).byteSize();
        }
        assertThat(mapped).isEqualTo(MANY + 1);
        Files.delete(folder.resolve("often"));
        Files.delete(folder.resolve("once"));
      }
      assertThat(found(nameless())).hasSize(2).containsValue(BYTES);
    }
  }

  @Test void what_is_on_another_file_system_does_not_count() throws IOException {
    var elsewhere = new Nameless(() -> List.of(Path.of("/proc/self")), List.of(Path.of("/proc")));
    var file = folder.resolve("file");
    try (var _ = made(file)) {
      Files.delete(file);
      assertThat(found(elsewhere)).isEmpty();
      assertThat(new Nameless(List::of, List.of(folder)).look()).as("nobody's").isEmpty();
    }
  }

  private static FileChannel made(Path file) throws IOException {
    var channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE,
        StandardOpenOption.READ);
    channel.write(ByteBuffer.allocate((int) BYTES));
    return channel;
  }
}
