package network.lilypad.executor.docker;

import com.github.dockerjava.api.model.AuthConfig;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Optional;
import network.lilypad.executor.ExecutorUnavailableException;

/// What a user's `docker login` left for a registry.
///
/// @param user who
/// @param password or an access token that stands for one
public record RegistryLogin(String user, String password) {
  /// The login for a repository's registry; empty if there is none with a user and a password.
  ///
  /// @param folder of a Docker `config.json`; may be missing
  /// @throws ExecutorUnavailableException if the file or a helper for passwords does not answer
  public static Optional<RegistryLogin> of(Path folder, String repository) {
    return Logins.of(folder).login(repository).flatMap(RegistryLogin::of);
  }

  private static Optional<RegistryLogin> of(AuthConfig login) {
    return login.getUsername() == null || login.getPassword() == null ? Optional.empty()
        : Optional.of(new RegistryLogin(login.getUsername(), login.getPassword()));
  }

  /// The value of an `Authorization` header (RFC 7617).
  public String basic() {
    return "Basic " + Base64.getEncoder().encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
  }

  /// Without the password.
  @Override public String toString() {
    return "login of " + user;
  }
}
