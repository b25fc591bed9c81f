package network.lilypad.executor.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.dockerjava.api.model.AuthConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.TreeMap;
import java.util.UUID;
import network.lilypad.executor.ExecutorUnavailableException;
import network.lilypad.executor.Sink;
import network.lilypad.protocol.value.Engine;
import network.lilypad.protocol.value.JobSpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Passwords of registries, from files and from helpers.
final class LoginsTest {
  private static final String IN_FILE = Base64.getEncoder().encodeToString("file:word".getBytes(
      java.nio.charset.StandardCharsets.UTF_8));

  @TempDir
  private Path home;
  @TempDir
  private Path kept;

  @Test void a_registry_s_own_helper_is_asked_before_the_common_one_and_the_file() throws Exception {
    config("\"credHelpers\":{\"own.test\":\"own\"},\"credsStore\":\"common\",\"auths\":{\"file.test\":{\"auth\":\""
        + IN_FILE
        + "\"},\"own.test\":{\"auth\":\"" + IN_FILE + "\"}}");
    helper("own", "read host; echo '{\"ServerURL\":\"'$host'\",\"Username\":\"own-'$1'\",\"Secret\":\"'$host'\"}'");
    helper("common", "read host; [ $host = file.test ] && { echo credentials not found in native keychain; exit 1; }; "
        + "echo '{\"Username\":\"common\",\"Secret\":\"'$host'\"}'");
    assertThat(login("own.test/a/b:tag")).extracting(AuthConfig::getUsername, AuthConfig::getPassword)
        .containsExactly("own-get", "own.test");
    assertThat(login("other.test:5000/a")).extracting(AuthConfig::getUsername, AuthConfig::getPassword)
        .containsExactly("common", "other.test:5000");
    for (var image : List.of("busybox", "me/cow", "docker.io/me/cow:v1", "index.docker.io/me/cow:v1")) {
      assertThat(login(image).getPassword()).as(image).isEqualTo(AuthConfig.DEFAULT_SERVER_ADDRESS);
    }
    assertThat(login("file.test/a")).extracting(AuthConfig::getUsername, AuthConfig::getPassword)
        .containsExactly("file", "word");
  }

  @Test void a_token_is_told_as_one() throws Exception {
    config("\"credsStore\":\"cloud\"");
    helper("cloud", "echo '{\"Username\":\"<token>\",\"Secret\":\"abc\"}'");
    assertThat(login("cloud.test/a")).extracting(AuthConfig::getIdentitytoken, AuthConfig::getUsername)
        .containsExactly("abc", null);
  }

  @Test void without_a_file_or_a_helper_everybody_may_pull() throws Exception {
    assertThat(logins().login("any.test/a")).isEmpty();
    config("\"credHelpers\":{\"other.test\":\"other\"}");
    assertThat(logins().login("any.test/a")).isEmpty();
  }

  @Test void a_helper_that_does_not_answer_is_told_with_what_to_do() throws Exception {
    config("\"credsStore\":\"broken\"");
    assertThatThrownBy(() -> logins().login("a.test/a")).isInstanceOf(ExecutorUnavailableException.class)
        .hasMessageContaining("broken does not run").hasMessageContaining("docker login");
    helper("broken", "echo no keychain is open; exit 3");
    assertThatThrownBy(() -> logins().login("a.test/a")).hasMessageContaining("exit code 3: no keychain is open");
    helper("broken", "echo secret-word");
    assertThatThrownBy(() -> logins().login("a.test/a")).hasMessageContaining("did not answer with JSON")
        .hasMessageNotContaining("secret-word").hasNoCause();
    config("\"credsStore\":\"../../bin/sh\"");
    assertThatThrownBy(() -> logins().login("a.test/a")).hasMessageContaining("the helper's name ../../bin/sh");
  }

  @Test void an_image_is_pulled_with_the_password_of_a_helper() throws Exception {
    var image = ShellImage.of("\"Labels\":{\"once\":\"" + UUID.randomUUID() + "\"}");
    try (var registry = DistributionRegistry.closed(kept);
        var engine = new EngineClient(DockerSetting.of("a").engine())) {
      var digest = registry.push(TestEngine.shared(), image, "guests:v1");
      config("\"credsStore\":\"keys\"");
      helper("keys", "echo '{\"Username\":\"%s\",\"Secret\":\"%s\"}'".formatted(DistributionRegistry.USER,
          DistributionRegistry.PASSWORD));
      var spec = new JobSpec("guest", "", Engine.DOCKER, digest, registry.host() + "/guests", List.of(),
          new TreeMap<>(), new TreeMap<>());
      assertThat(new Images(engine, logins(),
          ImageShelf.of(engine, ImageRule.USUAL, InstantSource.system())).ready(spec, Sink.NONE, new Brake()))
          .isPresent();
    }
  }

  private Logins logins() {
    return new Logins(home, helper -> home.resolve("docker-credential-" + helper).toString());
  }

  private AuthConfig login(String repository) {
    return logins().login(repository).orElseThrow();
  }

  private void config(String members) throws IOException {
    Files.writeString(home.resolve("config.json"), "{" + members + "}");
  }

  private void helper(String name, String script) throws IOException {
    var file = Files.writeString(home.resolve("docker-credential-" + name), "#!/bin/sh\n" + script + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
  }
}
