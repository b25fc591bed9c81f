package network.lilypad.executor.docker;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.github.dockerjava.api.model.Info;
import com.github.dockerjava.core.DockerClientConfig;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import network.lilypad.protocol.value.NetworkPolicy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Engines that discard limits, by what they say of themselves.
final class EngineLimitsTest {
  @TempDir
  private Path folder;

  @Test void an_engine_with_all_controllers_is_no_obstacle_with_or_without_an_account_of_swap() throws Exception {
    var all = "\"MemoryLimit\":true,\"PidsLimit\":true,\"CpuCfsQuota\":true,\"CgroupVersion\":\"1\"";
    assertThat(EngineLimits.obstacle(info(all + ",\"SwapLimit\":true"))).isEmpty();
    assertThat(EngineLimits.note(info(all + ",\"SwapLimit\":true"))).isEmpty();
    assertThat(EngineLimits.obstacle(info(all + ",\"SwapLimit\":false"))).isEmpty();
    assertThat(EngineLimits.note(info(all + ",\"SwapLimit\":false"))).isEqualTo(", swap is not limited");
  }

  @Test void an_engine_without_root_and_without_delegation_is_one_with_its_cause_and_what_to_do() throws Exception {
    var rootless = info("\"CgroupDriver\":\"none\",\"CgroupVersion\":\"2\",\"MemoryLimit\":false,\"SwapLimit\":false,"
        + "\"PidsLimit\":false,\"CpuCfsQuota\":false");
    assertThat(EngineLimits.obstacle(rootless)).hasValueSatisfying(
        why -> assertThat(why).startsWith("it cannot limit processors, memory, processes of a container")
            .contains("Delegate"));
  }

  @Test void what_systemd_delegates_unasked_is_not_enough() throws Exception {
    var info = info("\"MemoryLimit\":true,\"SwapLimit\":true,\"PidsLimit\":true,\"CpuCfsQuota\":false");
    assertThat(EngineLimits.obstacle(info)).hasValueSatisfying(
        why -> assertThat(why).startsWith("it cannot limit processors of a container"));
  }

  @Test void what_an_engine_does_not_speak_of_it_has() throws Exception {
    assertThat(EngineLimits.obstacle(info("\"MemoryLimit\":null"))).isEmpty();
    assertThat(EngineLimits.note(info(""))).isEmpty();
  }

  @Test void an_engine_that_discards_limits_answers_and_is_not_offered() throws Exception {
    try (var engine = SpokenEngine.of(folder.resolve("docker.sock"), Map.of(
        "/version", "{\"Version\":\"27.1\",\"ApiVersion\":\"1.46\"}",
        "/info", "{\"MemoryLimit\":true,\"PidsLimit\":true,\"CpuCfsQuota\":false}"));
        var executor = DockerExecutor.of(new DockerSetting(engine.socket(), "nobody", NetworkPolicy.NONE, folder),
            InstantSource.system())) {
      assertThat(executor.unlimited()).hasValueSatisfying(why -> assertThat(why).contains("processors"));
      assertThat(executor.probe().ready()).isFalse();
      assertThat(executor.probe().version()).startsWith("docker 27.1, API 1.46: it cannot limit processors");
    }
  }

  @Test void the_engine_of_this_machine_is_asked() {
    try (var engine = new EngineClient(TestEngine.socketOf())) {
      assertThat(engine.info().getRawValues()).as("what the library has no word for").containsEntry("PidsLimit", true);
    }
    try (var executor = DockerExecutor.of(DockerSetting.of(Owners.fresh()), InstantSource.system())) {
      assertThat(executor.unlimited()).isEmpty();
      assertThat(executor.probe().ready()).isTrue();
      assertThat(executor.probe().version()).contains("docker ", ", API 1.");
    }
  }

  private static Info info(String members) throws JsonProcessingException {
    return DockerClientConfig.getDefaultObjectMapper().readValue("{" + members + "}", Info.class);
  }
}
