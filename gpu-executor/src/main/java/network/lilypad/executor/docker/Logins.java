package network.lilypad.executor.docker;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.dockerjava.api.model.AuthConfig;
import com.github.dockerjava.core.DockerConfigFile;
import com.github.dockerjava.core.NameParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import network.lilypad.executor.ExecutorUnavailableException;
import network.lilypad.executor.process.Program;
import network.lilypad.executor.process.ProgramException;

/// Passwords of registries, as Docker's own tools keep them in a `config.json`: with a helper of the registry's own
/// (`credHelpers`), with the helper for all (`credsStore`), or in the file (`auths`). Read at each pull, never logged.
///
/// @param folder where the `config.json` is; may be missing
/// @param programs the program of a helper, by the helper's name
record Logins(Path folder, UnaryOperator<String> programs) {
  /// A helper that asks a cloud's service takes seconds; one that asks a person will never answer.
  private static final Duration HELPER_MAX = Duration.ofSeconds(20);
  /// Tokens of clouds are some KiB.
  private static final int ANSWER_BYTES_MAX = 256 << 10;
  private static final Pattern HELPER = Pattern.compile("[A-Za-z0-9._-]{1,64}");
  /// What helpers of all kinds say when they know of none.
  private static final String NONE_FOUND = "credentials not found";
  /// The user of a secret that is no password but a token to get one.
  private static final String TOKEN = "<token>";
  private static final List<String> HUB = List.of(AuthConfig.DEFAULT_SERVER_ADDRESS, "docker.io", "index.docker.io");

  /// As which images are called that need no name of a registry.
  private static final Pattern HUB_NAME = Pattern.compile("^(index\\.)?docker\\.io/");

  private static final ObjectMapper JSON = new ObjectMapper()
      .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

  /// With helpers on the path, under the names that Docker gives them.
  static Logins of(Path folder) {
    return new Logins(folder, helper -> "docker-credential-" + helper);
  }

  /// The login for a repository's registry; empty: everybody may pull.
  ///
  /// @throws ExecutorUnavailableException if the file or a helper does not answer
  Optional<AuthConfig> login(String repository) {
    var host = NameParser.resolveRepositoryName(HUB_NAME.matcher(repository).replaceFirst("")).hostname;
    try {
      var helper = helper(host);
      var login = helper.isPresent() ? asked(helper.get(), host) : Optional.<AuthConfig>empty();
      return login.isPresent() ? login
          : Optional.ofNullable(DockerConfigFile.loadConfig(JSON, folder.toString()).resolveAuthConfig(host));
    } catch (IOException e) {
      throw new ExecutorUnavailableException("registry passwords: " + folder + " cannot be read", e);
    }
  }

  /// The helper's name in the configuration.
  private Optional<String> helper(String host) throws IOException {
    var file = folder.resolve("config.json");
    if (!Files.isRegularFile(file)) {
      return Optional.empty();
    }
    var config = JSON.readTree(Files.readAllBytes(file));
    var own = (HUB.contains(host) ? HUB.stream() : Stream.of(host))
        .map(name -> text(config.path("credHelpers").path(name))).flatMap(Optional::stream).findFirst();
    return own.or(() -> text(config.path("credsStore")));
  }

  private static Optional<String> text(JsonNode node) {
    return Optional.of(node.asText("")).filter(text -> !text.isEmpty());
  }

  /// Asks a helper, as Docker's own tools do: the registry comes in, a JSON object goes out.
  private Optional<AuthConfig> asked(String helper, String host) throws IOException {
    if (!HELPER.matcher(helper).matches()) {
      throw unanswered("the helper's name " + helper + " (expected: letters, digits, dots and hyphens)");
    }
    try {
      var answer = JSON.readTree(new Program(programs.apply(helper), HELPER_MAX, ANSWER_BYTES_MAX)
          .run(host, List.of("get")));
      return login(answer, host);
    } catch (ProgramException e) {
      if (String.valueOf(e.getMessage()).contains(NONE_FOUND)) {
        return Optional.empty();
      }
      throw unanswered(String.valueOf(e.getMessage()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ExecutorUnavailableException("registry passwords: interrupted", e);
    } catch (JsonProcessingException _) {
      throw unanswered("docker-credential-" + helper + " did not answer with JSON");
    }
  }

  private static ExecutorUnavailableException unanswered(String why) {
    return new ExecutorUnavailableException(
        "registry passwords: " + why + ". Next: run docker login as the user that this runs as, or "
            + "correct credsStore and credHelpers in config.json");
  }

  private static Optional<AuthConfig> login(JsonNode answer, String host) {
    var user = answer.path("Username").asText("");
    var secret = answer.path("Secret").asText("");
    if (user.isEmpty() && secret.isEmpty()) {
      return Optional.empty();
    }
    var login = new AuthConfig().withRegistryAddress(host);
    return Optional
        .of(user.equals(TOKEN) ? login.withIdentityToken(secret) : login.withUsername(user).withPassword(secret));
  }
}
