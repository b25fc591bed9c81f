package network.lilypad.protocol.content;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import network.lilypad.protocol.content.ContentException.Reason;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ResultTreeTest {
  private static final UnixFsWriter WRITER = new UnixFsWriter(BlockSink.NONE, new TreeLimits(1 << 20, 100));

  @TempDir
  Path around;
  private ResultTree result = new ResultTree(Path.of(""));

  @BeforeEach void a_result() {
    result = ResultTree.create(around.resolve("result"));
  }

  @Test void a_finished_result_has_a_root_and_reads_back() throws IOException {
    // given
    var store = new MemoryBlocks();
    Files.writeString(result.stdout(), "moo\n");
    result.writeExitCode(137);
    // when
    var root = result.write(new UnixFsWriter(store, new TreeLimits(1 << 20, 100)));
    var copy = new ResultTree(around.resolve("copy"));
    new UnixFsReader(store, new TreeLimits(1 << 20, 100)).read(root, copy.directory());
    // then
    copy.check();
    assertThat(copy.exitCode()).isEqualTo(137);
    assertThat(copy.stdout()).hasContent("moo\n");
    assertThat(copy.outputs()).isEmptyDirectory();
  }

  @Test void the_root_of_a_job_that_did_nothing_is_published() {
    result.writeExitCode(0);
    assertThat(result.write(WRITER)).hasToString("bafybeideva6wdfiryylhg7swbbxfwgol4hlabfk2dmnowza4jb43t4u3re");
  }

  @Test void a_result_without_exit_code_is_not_finished() {
    malformed("exitCode: missing");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "0\n", "-1", "+1", "01", " 1", "0x1", "2147483648", "99999999999999999999",
      "zero"}) void an_exit_code_is_a_plain_decimal_number(String text) throws IOException {
    Files.writeString(result.directory().resolve("exitCode"), text);
    malformed("exitCode: ");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 255, Integer.MAX_VALUE}) void an_exit_code_reads_back(int exitCode) {
    result.writeExitCode(exitCode);
    assertThat(result.exitCode()).isEqualTo(exitCode);
  }

  @Test void a_negative_exit_code_is_refused() {
    assertThatIllegalArgumentException().isThrownBy(() -> result.writeExitCode(-1))
        .withMessage("exitCode: -1 (expected: >= 0)");
  }

  @Test void a_part_that_is_missing_strange_or_of_another_kind_is_refused() throws IOException {
    result.writeExitCode(0);
    Files.createFile(result.directory().resolve("core.dump"));
    malformed("result: core.dump");
    Files.delete(result.directory().resolve("core.dump"));

    Files.delete(result.outputs());
    malformed("outputs: missing");
    Files.createSymbolicLink(result.outputs(), around);
    malformed("outputs: missing or a file");

    Files.delete(result.stdout());
    Files.createSymbolicLink(result.stdout(), Files.createFile(around.resolve("elsewhere")));
    malformed("stdout: missing or not a file");
  }

  @Test void a_result_is_not_made_over_something_else() {
    assertThatExceptionOfType(ContentException.class).isThrownBy(() -> ResultTree.create(result.directory()))
        .extracting(ContentException::reason).isEqualTo(Reason.TARGET_OCCUPIED);
  }

  private void malformed(String message) {
    assertThatExceptionOfType(ContentException.class).isThrownBy(() -> result.write(WRITER))
        .withMessageStartingWith(message).extracting(ContentException::reason).isEqualTo(Reason.MALFORMED_RESULT);
  }
}
