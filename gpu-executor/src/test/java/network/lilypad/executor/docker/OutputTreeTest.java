package network.lilypad.executor.docker;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import network.lilypad.executor.Outcome;
import network.lilypad.executor.RunDirectory;
import network.lilypad.executor.Task.OutputLimits;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Output folders with more in them than a result can have.
final class OutputTreeTest {
  private static final OutputLimits LIMITS = new OutputLimits(1000, 1000, 10);

  @TempDir
  private Path home;
  private RunDirectory directory;

  @BeforeEach void prepare() throws Exception {
    directory = new RunDirectory(home);
    directory.prepare();
  }

  private static Path write(Path file) throws Exception {
    Files.createDirectories(file.getParent());
    return Files.writeString(file, "x");
  }

  private List<String> settle(Outcome expected) throws Exception {
    var tree = new OutputTree(directory, List.of(directory.outputs()), LIMITS);
    assertThat(tree.settle()).contains(expected);
    try (var paths = Files.walk(directory.outputs())) {
      return paths.filter(path -> !path.equals(directory.outputs()))
          .map(path -> directory.outputs().relativize(path).toString()).sorted().toList();
    }
  }

  @Test void the_first_by_name_are_kept_and_all_others_are_gone_be_they_folders() throws Exception {
    for (int i = 99; i >= 10; i--) {
      write(directory.outputs().resolve(i % 2 == 0 ? "" + i : i + "/deep"));
    }
    assertThat(settle(new Outcome.OutputTooLarge("output files: above 10")))
        .containsExactly("10", "11", "11/deep", "12", "13", "13/deep", "14", "15", "15/deep", "16");
    assertThat(home).isDirectoryNotContaining("glob:**removed-*");
  }

  @Test void a_path_that_the_system_does_not_take_is_above_a_bound_and_left_out_afterwards() throws Exception {
    // given: made as a program does that knows only the ends of its path
    var limits = new OutputLimits(1000, 1000, 100);
    var name = "d".repeat(250);
    var deep = write(directory.outputs().resolve(name).resolve("large")).getParent();
    for (int i = 0; i < 20; i++) {
      var next = Files.createDirectory(directory.outputs().resolve("next"));
      Files.move(deep, next.resolve(name));
      Files.move(next, deep);
    }
    // then
    assertThat(OutputTree.above(List.of(directory.outputs()), limits, Map.of())).contains(new Outcome.OutputTooLarge(
        "output folders: one that cannot be looked into: File name too long"));
    // and
    var tree = new OutputTree(directory, List.of(directory.outputs()), limits);
    assertThat(tree.settle()).isEmpty();
    assertThat(tree.notes()).contains("a path of more than 3000 bytes on this machine");
    try (var paths = Files.walk(directory.outputs())) {
      assertThat(paths).hasSizeBetween(10, 13);
    }
    assertThat(home).isDirectoryNotContaining("glob:**removed-*");
    assertThat(OutputTree.above(List.of(directory.outputs()), limits, Map.of())).isEmpty();
  }

  @Test void files_without_a_name_count_as_files() throws Exception {
    var nameless = IntStream.range(0, 10).boxed().collect(Collectors.toMap(key -> (Object) key, _ -> 0L));
    assertThat(OutputTree.above(List.of(directory.outputs()), LIMITS, nameless)).isEmpty();
    nameless.put("one more", 0L);
    assertThat(OutputTree.above(List.of(directory.outputs()), LIMITS, nameless))
        .contains(new Outcome.OutputTooLarge("output files: above 10"));
  }

  @Test void links_count_as_they_do_while_the_program_runs() throws Exception {
    for (int i : IntStream.range(10, 22).toArray()) {
      Files.createSymbolicLink(directory.outputs().resolve("" + i), Path.of("/"));
    }
    assertThat(OutputTree.above(List.of(directory.outputs()), LIMITS, Map.of())).isPresent();
    assertThat(settle(new Outcome.OutputTooLarge("output files: above 10"))).isEmpty();
  }
}
