package network.lilypad.node.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import network.lilypad.executor.Task.OutputLimits;
import network.lilypad.protocol.content.ResultTree;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a job may write, so that its gateway takes it.
final class OutputRoomTest {
  private static final long GIB = 1L << 30;

  @TempDir
  private Path folder;

  @Test void a_job_gets_the_disk_that_it_was_sold_unless_the_gateway_takes_less() {
    assertThat(new OutputRoom(GIB).limits(256)).isEqualTo(OutputLimits.of(256));
    var less = new OutputRoom(GIB).limits(2048);
    assertThat(less.bytes()).isBetween(GIB - (64L << 20), GIB);
    assertThat(less.streamBytes()).isEqualTo(OutputLimits.STREAM_BYTES);
    assertThat(less.files()).isEqualTo(OutputLimits.FILES);
    assertThat(new OutputRoom(GIB).outputBytesMax()).isEqualTo(less.bytes());
    assertThat(new OutputRoom(0).limits(2048)).isEqualTo(new OutputLimits(0, 0, 0));
  }

  @Test void the_most_that_a_job_may_write_is_taken_at_every_limit() throws IOException {
    for (long contentBytesMax : new long[]{1 << 20, 3 << 20, (8 << 20) + 1}) {
      // given one large file and as many small ones with the longest names as there may be
      var limits = new OutputRoom(contentBytesMax).limits(1024);
      var tree = ResultTree.create(folder.resolve("result" + contentBytesMax));
      Files.write(tree.stdout(), new byte[(int) limits.streamBytes()]);
      Files.write(tree.stderr(), new byte[(int) limits.streamBytes()]);
      for (int i = 1; i < Math.min(limits.files(), 3000); i++) {
        Files.writeString(tree.outputs().resolve("n".repeat(250) + "%05d".formatted(i)), Integer.toString(i));
      }
      var large = new byte[Math.toIntExact(limits.bytes()) - 3000 * 5];
      new Random(1).nextBytes(large);
      Files.write(tree.outputs().resolve("large"), large);
      tree.writeExitCode(0);
      // when
      var blocks = AgentContent.blocks(tree, contentBytesMax);
      // then
      assertThat(blocks.bytes()).isLessThanOrEqualTo(contentBytesMax);
    }
  }
}
