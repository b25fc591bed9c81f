package network.lilypad.node.modules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import java.util.List;
import java.util.Map;
import network.lilypad.protocol.value.Engine;
import network.lilypad.protocol.value.NetworkPolicy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ModuleFileTest {
  private static final String DIGEST = "0123456789abcdef".repeat(4);

  @Test void a_container_in_the_older_shape_becomes_a_job() {
    // given
    var template = """
        {"machine": {"gpu": 1, "gpus": [{"vram": 24576}], "cpu": 1000, "ram": 8000, "shm": 512},
         "job": {"APIVersion": "V1beta1", "Spec": {"Deal": {"Concurrency": 1}, "Docker": {
           "Entrypoint": ["/bin/sh", "-c"], "Parameters": ["run \\"it\\""], "WorkingDirectory": "/workspace",
           "EnvironmentVariables": [{{ if .Prompt }}"{{ subst "PROMPT=%s" .Prompt }}",{{ end }}"MODEL=llama3"],
           "Image": "ghcr.io/owner/llama3:v1@sha256:DIGEST"},
         "Engine": "Docker", "Language": {"JobContext": {}}, "Network": {"Type": "HTTP", "Domains": ["Example.org"]},
         "Outputs": [{"Name": "outputs", "Path": "/outputs", "StorageSource": "IPFS"}],
         "PublisherSpec": {"Type": "IPFS"}, "Resources": {"GPU": "1"}, "Timeout": 1800, "Verifier": "Noop",
         "Wasm": {"EntryModule": {}}}}}""".replace("DIGEST", DIGEST);
    var module = module(template);
    // when
    var job = module.prepare(Map.of("Prompt", "a \"cow\"\n"), ImageDigests.PINNED);
    // then
    var spec = job.spec();
    assertThat(spec.engine()).isEqualTo(Engine.DOCKER);
    assertThat(spec.imageName()).isEqualTo("ghcr.io/owner/llama3:v1");
    assertThat(spec.image()).hasToString("0x" + DIGEST);
    assertThat(spec.entrypoint()).containsExactly("/bin/sh", "-c");
    assertThat(spec.arguments()).containsExactly("run \"it\"");
    assertThat(spec.workingDirectory()).isEqualTo("/workspace");
    assertThat(spec.environment()).containsEntry("PROMPT", "a \"cow\"\n").containsEntry("MODEL", "llama3");
    assertThat(spec.hosts()).containsExactly("example.org");
    assertThat(spec.shmMib()).isEqualTo(512);
    assertThat(job.network()).isEqualTo(NetworkPolicy.HTTP);
    assertThat(job.resources().gpus()).isEqualTo(1);
    assertThat(job.resources().vramMibPerGpu()).isEqualTo(24576);
    assertThat(job.carriesProgram()).isFalse();
    assertThat(module.file(Map.of()).warnings()).containsExactly(
        "job.Spec.Deal: ignored, a job is one run",
        "job.Spec.PublisherSpec: ignored, results are stored by the market",
        "job.Spec.Verifier: ignored, the job offer says how results are checked");
  }

  @Test void a_container_in_the_newer_shape_becomes_a_job_too() {
    var file = ModuleFile.read("""
        {"job": {"Spec": {"Docker": {}, "EngineSpec": {"Type": "docker", "Params": {"Image": "cow", "Entrypoint": null,
         "EnvironmentVariables": [], "WorkingDirectory": ""}}, "Wasm": null}}}""");
    assertThat(file.launch().image().orElseThrow().tagged()).isEqualTo("cow:latest");
    assertThat(file.launch().commandLine()).isEmpty();
    assertThat(file.warnings()).isEmpty();
  }

  @Test void an_image_that_is_not_pinned_is_asked_for() {
    var asked = module("{\"job\": {\"Spec\": {\"Engine\": \"docker\", \"Docker\": {\"Image\": \"cow:v1\"}}}}");
    var job = asked.prepare(Map.of(),
        image -> ImageReference.parse(image + "@sha256:" + DIGEST).digest().orElseThrow());
    assertThat(job.spec().image()).hasToString("0x" + DIGEST);
    assertThatThrownBy(() -> asked.prepare(Map.of(), ImageDigests.PINNED)).hasMessageContaining("cow@sha256:...");
  }

  @Test void what_is_ignored_and_what_disagrees_is_warned_about() {
    var file = ModuleFile.read(
        """
            {"gpus": [{"vram": 1}], "executionTimeoutSeconds": 100, "inputFiles": {"required": ["a.csv"]},
             "machine": {"cpu": 1000, "ram": 100}, "job": {"APIVersion": "V2", "Spec": {"Timeout": 60, "Engine": "wasm",
             "Inputs": [{"Name": "x"}], "Network": {"Type": "None", "Domains": ["a.org"]},
             "Resources": {"CPU": "2", "Memory": "200Mb", "Wings": "2"}, "Outputs": [{"Name": "o", "Path": "/o", "Colour": 1}]}}}""");
    assertThat(file.requiredFiles()).containsExactly("a.csv");
    assertThat(file.needs().runSeconds()).isEqualTo(100);
    assertThat(file.needs().resources().milliCpu()).isEqualTo(2000);
    assertThat(file.warnings()).containsExactlyInAnyOrder(
        "job.APIVersion: V2 is read as V1beta1",
        "machine.cpu: 1000 differs from job.Spec.Resources.CPU, which is 2000; the larger holds: 2000",
        "machine.ram: 100 differs from job.Spec.Resources.Memory, which is 200; the larger holds: 200",
        "executionTimeoutSeconds: 100 differs from job.Spec.Timeout, which is 60; the larger holds: 100",
        "job.Spec.Network.Domains: ignored, only Type HTTP looks at them",
        "gpus: ignored, nothing here reads it",
        "job.Spec.Inputs: ignored, give files with --input-file or --inputs-path",
        "job.Spec.Resources.Wings: ignored, nothing here reads it",
        "job.Spec.Outputs[0].Colour: ignored, nothing here reads it");
  }

  @Test void a_gpu_that_is_described_is_asked_for() {
    var described = ModuleFile.read(gpuModule("\"gpus\": [{\"vram\": 8000}]", ""));
    assertThat(described.needs().resources().gpus()).isEqualTo(1);
    assertThat(described.needs().resources().vramMibPerGpu()).isEqualTo(8000);
    assertThat(described.warnings()).containsExactly(
        "machine.gpus: describes a GPU, so one is asked for; machine.gpu says how many");
    var counted = ModuleFile.read(gpuModule("\"gpu\": 2, \"gpus\": [{\"vram\": 8000}]", ""));
    assertThat(counted.needs().resources().gpus()).isEqualTo(2);
    assertThat(counted.warnings()).isEmpty();
    assertThat(ModuleFile.read(gpuModule("\"gpus\": [{\"vram\": 8000}]", "\"GPU\": \"3\"")).needs().resources().gpus())
        .isEqualTo(3);
    assertThat(ModuleFile.read(gpuModule("\"gpus\": []", "")).needs().resources().gpus()).isZero();
  }

  @Test void no_gpu_here_and_one_there_is_refused_by_its_field() {
    assertThatThrownBy(() -> ModuleFile.read(gpuModule("\"gpu\": 0, \"gpus\": [{\"vram\": 8000}]", "")))
        .hasMessage("module field machine.gpu: 0 (expected: as many GPUs as are wanted, or without machine.gpus, which "
            + "describes a GPU)");
    assertThatThrownBy(() -> ModuleFile.read(gpuModule("\"GPU\": 0", "\"GPU\": \"2\"")))
        .hasMessage("module field machine.gpu: 0 (expected: as many GPUs as are wanted, or without "
            + "job.Spec.Resources.GPU, which asks for 2)");
    for (var none : List.of("\"gpu\": 0", "\"gpu\": 0, \"gpus\": []", "\"gpu\": null", "\"gpu\": 0, \"gpus\": null")) {
      assertThat(ModuleFile.read(gpuModule(none, "\"GPU\": \"0\"")).needs().resources().gpus()).as(none).isZero();
    }
    assertThat(ModuleFile.read(gpuModule("\"gpu\": null, \"gpus\": [{}]", "")).needs().resources().gpus()).isEqualTo(1);
  }

  @Test void of_several_gpu_models_the_first_holds_with_a_warning() {
    var several = ModuleFile.read(gpuModule(
        "\"gpu\": 1, \"gpus\": [{\"name\": \"RTX 4090\", \"vendor\": \"NVIDIA\"}, {\"name\": \"A100\"}, {\"name\": \"a100\"}]",
        ""));
    assertThat(several.needs().gpuModel()).isEqualTo("rtx 4090");
    assertThat(several.warnings()).containsExactly(
        "machine.gpus: names rtx 4090, a100; the GPUs of a job are of one model, the first holds: rtx 4090");
    assertThat(
        ModuleFile.read(gpuModule("\"gpu\": 2, \"gpus\": [{\"name\": \"A100\"}, {\"name\": \"NVIDIA A100\"}]", ""))
            .warnings())
        .isEmpty();
  }

  @Test void a_variable_that_is_there_twice_is_warned_about() {
    var file = ModuleFile.read("{\"job\": {\"Spec\": {\"Engine\": \"docker\", \"Docker\": {\"Image\": \"cow\", "
        + "\"EnvironmentVariables\": [\"A=1\", \"B=2\", \"A=3\"]}}}}");
    assertThat(file.launch().environment()).containsEntry("A", "3").containsEntry("B", "2");
    assertThat(file.warnings()).containsExactly(
        "job.Spec.Docker.EnvironmentVariables: A is there more than once; the last holds");
  }

  private static String gpuModule(String machine, String resources) {
    return "{\"machine\": {" + machine
        + "}, \"job\": {\"Spec\": {\"Engine\": \"docker\", \"Docker\": {\"Image\": \"cow\"},"
        + " \"Resources\": {" + resources + "}}}}";
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', quoteCharacter = '~', value = {
      "\"Engine\": \"\" | module field job.Spec.Engine: missing",
      "\"Engine\": \"rocket\" | module field job.Spec.Engine: rocket (expected: docker or wasm)",
      "\"EngineSpec\": {\"Type\": \"rocket\"} | module field job.Spec.EngineSpec.Type: rocket",
      "\"Engine\": \"docker\" | module field job.Spec.Docker.Image: missing",
      "\"Engine\": \"docker\", \"Docker\": {\"Image\": \"A B\"} | module field job.Spec.Docker.Image: A B",
      "\"Engine\": \"docker\", \"Docker\": {\"Image\": 7} | module field job.Spec.Docker.Image: 7 (expected: a text)",
      "\"Engine\": \"docker\", \"docker\": {\"Image\": \"a\", \"Entrypoint\": \"sh\"} | module field job.Spec.docker.Entrypoint",
      "\"Engine\": \"docker\", \"Docker\": {\"Image\": \"a\", \"WorkingDirectory\": \"b\"} | WorkingDirectory: b",
      "\"Engine\": \"docker\", \"Docker\": {\"Image\": \"a\", \"EnvironmentVariables\": [\"=x\"]} | EnvironmentVariables: =x",
      "\"Engine\": \"docker\", \"Docker\": {\"Image\": \"a\"}, \"Network\": {\"Type\": \"HTTP\"} | job.Spec.Network.Domains: empty",
      "\"Engine\": \"wasm\", \"Network\": {\"Type\": \"HTTP\", \"Domains\": [\"http://x/y\"]} | module field job.Spec.Network.Domains: http://x/y (expected: a host name in lower case)",
      "\"Engine\": \"wasm\", \"Outputs\": [{\"Name\": \"a/b\"}] | module field job.Spec.Outputs, Name: a/b (expected: a plain file name)",
      "\"Engine\": \"wasm\", \"Wasm\": {\"EntryModule\": {\"x\": 1}} | job.Spec.Wasm.EntryModule",
      "\"Engine\": \"wasm\", \"Wasm\": {\"EntryPoint\": \"main\"} | job.Spec.Wasm.EntryPoint: main (expected: _start)",
      "\"Engine\": \"wasm\", \"Outputs\": [{\"Path\": 1}] | job.Spec.Outputs[0].Path: 1 (expected: a text)",
      "\"Engine\": \"wasm\", \"Outputs\": [7] | job.Spec.Outputs: 7 (expected: objects only)"}) void wrong_fields_are_named_by_their_path(
          String fields, String message) {
    assertThatThrownBy(() -> module("{\"job\": {\"Spec\": {" + fields + "}}}").prepare(Map.of(),
        _ -> ImageReference.parse("a@sha256:" + DIGEST).digest().orElseThrow()))
        .isInstanceOf(ModuleRefusedException.class).hasMessageContaining(message);
  }

  @Test void invalid_json_is_named_with_its_line() {
    assertThatThrownBy(() -> ModuleFile.read("{\n\"job\": {\n\"Spec\": [1,]\n}}")).hasMessageContaining("line 3")
        .hasMessageContaining("\"Spec\": [1,]");
    assertThatThrownBy(() -> ModuleFile.read("[]")).hasMessageContaining("a JSON object");
    assertThatThrownBy(() -> ModuleFile.read("")).hasMessageContaining("a JSON object");
    assertThatThrownBy(() -> ModuleFile.read("[".repeat(100_000))).isInstanceOf(ModuleRefusedException.class);
  }

  @Test void programs_are_looked_for_inside_the_module_only() {
    for (var path : List.of("../x.wasm", "/etc/passwd", "a/../../b", "a//b", ".git/config", "a\\b", "./a")) {
      var template = "{\"job\": {\"Spec\": {\"Engine\": \"wasm\", \"Wasm\": {\"EntryModule\": \""
          + path.replace("\\", "\\\\")
          + "\"}}}}";
      assertThatThrownBy(() -> module(template).prepare(Map.of(), ImageDigests.PINNED)).as(path)
          .hasMessageContaining("a path inside the module");
    }
  }

  @Test void image_names_follow_docker_s_rules() {
    assertThat(ImageReference.parse("cow").repository()).isEqualTo("library/cow");
    assertThat(ImageReference.parse("cow").registry()).isEqualTo("registry-1.docker.io");
    assertThat(ImageReference.parse("owner/cow:v1").repository()).isEqualTo("owner/cow");
    assertThat(ImageReference.parse("docker.io/cow").repository()).isEqualTo("library/cow");
    assertThat(ImageReference.parse("localhost:5000/a/b").registry()).isEqualTo("localhost:5000");
    assertThat(ImageReference.parse("ghcr.io/a/b-c_d.e:v1@sha256:" + DIGEST))
        .hasToString("ghcr.io/a/b-c_d.e:v1@sha256:" + DIGEST);
    for (var bad : List.of("", "A", "a:b:c", "a@sha256:12", "a b", "../a", "a/", "http://a/b", "-a", "x".repeat(600))) {
      assertThatThrownBy(() -> ImageReference.parse(bad)).as(bad).isInstanceOf(ModuleRefusedException.class);
    }
  }

  private static LilypadModule module(String template) {
    return new LilypadModule("test:v1", "test", template, (_, _) -> ByteString.copyFromUtf8("program"));
  }
}
