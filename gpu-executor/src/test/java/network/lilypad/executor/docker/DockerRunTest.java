package network.lilypad.executor.docker;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.dockerjava.api.exception.DockerException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import network.lilypad.executor.ExecutorUnavailableException;
import network.lilypad.executor.Guests;
import network.lilypad.executor.Sink;
import network.lilypad.executor.Task.OutputLimits;
import network.lilypad.executor.gpu.GpuFiles.Handover;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Whose fault it is that a run does not begin.
final class DockerRunTest {
  private static final Guests.Limits LIMITS = new Guests.Limits(64, Duration.ofMinutes(5),
      new OutputLimits(1 << 20, 1 << 20, 100));

  @TempDir
  private Path home;

  @Test void what_the_engine_says_of_the_network_is_no_fault_of_the_job() throws Exception {
    // given words that are a job's own fault where they are about its container
    var words = "chdir to cwd: no such file or directory";
    var setting = DockerSetting.of(Owners.fresh());
    var clock = InstantSource.system();
    var task = TestEngine.shared().guests(home, 1).task("probe", LIMITS, List.of("exit", "0"), Map.of());
    task.directory().prepare();
    try (var engine = new EngineClient(TestEngine.socketOf())) {
      var images = new Images(engine, Logins.of(setting.credentials()), ImageShelf.of(engine, setting.images(), clock));
      // when
      var run = DockerRun
          .start(new DockerRun.Setting(engine, images, new ContainerPlan(setting.owner(), "", Handover.NONE),
              Optional.empty(), () -> {
                throw new DockerException(words, 500);
              }, clock, Runnable::run), task, Sink.NONE);
      // then
      assertThatThrownBy(run::await).isInstanceOf(ExecutorUnavailableException.class).hasMessageContaining(words);
    }
  }
}
