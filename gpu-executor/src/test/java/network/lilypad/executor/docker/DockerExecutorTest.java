package network.lilypad.executor.docker;

import java.time.InstantSource;
import network.lilypad.executor.Executor;
import network.lilypad.executor.ExecutorContract;
import network.lilypad.executor.Guests;
import org.junit.jupiter.api.AfterAll;

/// The contract on the Docker adapter.
final class DockerExecutorTest extends ExecutorContract {
  private static final DockerExecutor EXECUTOR = DockerExecutor.of(DockerSetting.of(Owners.fresh()),
      InstantSource.system());

  @AfterAll static void close() {
    EXECUTOR.survivors().forEach(EXECUTOR::discard);
    EXECUTOR.close();
  }

  @Override protected Executor executor() {
    return EXECUTOR;
  }

  @Override protected Guests guests() {
    return TestEngine.shared().guests(home, 1);
  }
}
