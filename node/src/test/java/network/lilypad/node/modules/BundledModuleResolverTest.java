package network.lilypad.node.modules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import java.util.Map;
import network.lilypad.protocol.Rejection;
import network.lilypad.protocol.value.Engine;
import network.lilypad.protocol.value.NetworkPolicy;
import network.lilypad.protocol.value.Resources;
import network.lilypad.protocol.wire.JobSpecWire;
import org.junit.jupiter.api.Test;

class BundledModuleResolverTest {
  private final ModuleResolver modules = new BundledModuleResolver();

  @Test void cowsay_becomes_a_job_with_its_message_as_argument() {
    var job = modules.resolve("cowsay:v0.0.4").prepare(Map.of("Message", "moo \"loud\"\n"), ImageDigests.PINNED);
    assertThat(job.spec().arguments()).containsExactly("moo \"loud\"\n");
    assertThat(job.spec().engine()).isEqualTo(Engine.WASM);
    assertThat(job.spec().outputs()).containsEntry("outputs", "/outputs");
    assertThat(job.spec().image()).isEqualTo(JobSpecWire.digest(job.program()));
    assertThat(job.resources()).isEqualTo(Resources.cpu(1000, 64, Demand.DISK_MIB_DEFAULT));
    assertThat(job.runSeconds()).isEqualTo(60);
    assertThat(job.network()).isEqualTo(NetworkPolicy.NONE);
  }

  @Test void every_bundled_module_renders_without_inputs() {
    assertThat(modules.known()).hasSize(11)
        .allSatisfy(name -> assertThat(modules.resolve(name).file(Map.of()).warnings()).isEmpty());
  }

  @Test void a_name_without_a_tag_is_the_one_version_there_is() {
    assertThat(modules.resolve("wordcount").name()).isEqualTo("wordcount:v0.0.1");
  }

  @Test void an_unknown_module_is_refused_with_what_there_is() {
    assertThatThrownBy(() -> modules.resolve("cowsay:v9")).isInstanceOfSatisfying(ModuleRefusedException.class,
        e -> assertThat(e.why())
            .isEqualTo(new Rejection.UnknownModule("cowsay:v9", String.join(", ", modules.known()))));
  }

  @Test void field_names_match_without_regard_to_case_and_null_is_absent() {
    var job = prepare("""
        {"MACHINE": {"CPU": 500, "ram": null}, "Job": {"spec": {"enginespec": {"type": "WASM",
         "params": {"parameters": null, "EnvironmentVariables": ["B=2=3", "A=1"]}},
         "resources": {"memory": "2Gb", "cpu": "1.5"}, "outputs": [{"name": "o", "path": "/o"}], "Verifier": 7}}}""");
    assertThat(job.resources()).isEqualTo(Resources.cpu(1500, 2048, Demand.DISK_MIB_DEFAULT));
    assertThat(job.spec().environment()).containsEntry("A", "1").containsEntry("B", "2=3");
    assertThat(job.spec().outputs()).containsEntry("o", "/o");
    assertThat(job.runSeconds()).isEqualTo(ModuleFile.RUN_SECONDS_DEFAULT);
  }

  @Test void wrong_fields_are_named() {
    assertThatThrownBy(() -> prepare("{}")).hasMessageContaining("job.Spec");
    assertThatThrownBy(() -> prepare("{\"job\": {\"Spec\": {\"Engine\": \"Docker\"}}}"))
        .hasMessageContaining("Docker.Image");
    assertThatThrownBy(() -> prepare(wasm("\"Timeout\": \"x\""))).hasMessageContaining("job.Spec.Timeout");
    assertThatThrownBy(() -> prepare(wasm("\"Timeout\": 99999999"))).hasMessageContaining("timeout");
    assertThatThrownBy(() -> prepare(wasm("\"Network\": {\"Type\": \"Wild\"}"))).hasMessageContaining("Wild");
    assertThatThrownBy(() -> prepare(wasm("\"Resources\": {\"Memory\": \"much\"}"))).hasMessageContaining("much");
    assertThatThrownBy(() -> prepare("{} {}")).hasMessageContaining("line 1");
  }

  private static String wasm(String field) {
    return "{\"job\": {\"Spec\": {\"EngineSpec\": {\"Type\": \"wasm\"}, " + field + "}}}";
  }

  private static PreparedJob prepare(String template) {
    return new LilypadModule("test:v1", "test", template, (_, _) -> ByteString.copyFromUtf8("program"))
        .prepare(Map.of(), ImageDigests.PINNED);
  }
}
