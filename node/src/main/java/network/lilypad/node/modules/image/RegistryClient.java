package network.lilypad.node.modules.image;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Pattern;
import network.lilypad.executor.ExecutorUnavailableException;
import network.lilypad.executor.docker.RegistryLogin;
import network.lilypad.node.modules.ImageReference;
import network.lilypad.protocol.value.Bytes32;
import network.lilypad.protocol.value.Sha256;

/// Asks a container registry which manifest a tag names now: the registry HTTP API, version 2, with the user's login or
/// as anybody, with bearer tokens where the registry wants them. Nothing is pulled. Blocks.
final class RegistryClient {
  private static final Duration PATIENCE = Duration.ofSeconds(15);
  /// Registries refuse larger manifests themselves.
  private static final int MANIFEST_BYTES_MAX = 4 << 20;
  private static final int TOKEN_BYTES_MAX = 256 * 1024;
  private static final List<String> MANIFESTS = List.of("application/vnd.oci.image.index.v1+json",
      "application/vnd.docker.distribution.manifest.list.v2+json", "application/vnd.oci.image.manifest.v1+json",
      "application/vnd.docker.distribution.manifest.v2+json");
  private static final Pattern PARAMETER = Pattern.compile("([a-z]+)=\"([^\"]*)\"");

  private final Function<String, Optional<RegistryLogin>> logins;

  /// @param logins the user's, by a repository's full name; asked only where a registry wants to know who asks
  RegistryClient(Function<String, Optional<RegistryLogin>> logins) {
    this.logins = logins;
  }

  /// The digest; empty if the registry has no such image for this user.
  ///
  /// @throws RegistryUnavailableException if it does not answer, or not as a registry
  Optional<Bytes32> digest(ImageReference image) {
    try (var http = client(HttpClient.Redirect.NORMAL)) {
      return new Asking(http, image, logins).digest();
    } catch (IOException | IllegalArgumentException | ExecutorUnavailableException e) {
      var reason = e.getMessage();
      throw new RegistryUnavailableException(image.registry() + ": " + (reason == null ? e.toString() : reason));
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw new RegistryUnavailableException(image.registry() + ": interrupted");
    }
  }

  private static HttpClient client(HttpClient.Redirect redirects) {
    return HttpClient.newBuilder().connectTimeout(PATIENCE).followRedirects(redirects).build();
  }

  /// One question, perhaps asked again with a login or a token, perhaps with the whole manifest.
  private record Asking(HttpClient http, ImageReference image, Function<String, Optional<RegistryLogin>> logins) {
    /// The login is for the registry alone, not for where it sends its visitors to, nor for whom they ask for a proof
    /// there.
    Optional<Bytes32> digest() throws IOException, InterruptedException {
      var first = send("HEAD", Optional.empty());
      if (first.statusCode() != 401) {
        return read(first, Optional.empty());
      }
      var login = logins.apply(image.name());
      if (login.isPresent()) {
        try (var strict = client(HttpClient.Redirect.NEVER)) {
          var asking = new Asking(strict, image, logins);
          var own = asking.send("HEAD", Optional.empty());
          if (own.statusCode() == 401) {
            return asking.proven(challenge(own), login);
          }
        }
      }
      return proven(challenge(first), Optional.empty());
    }

    private static String challenge(HttpResponse<?> refusal) {
      return refusal.headers().firstValue("WWW-Authenticate").orElse("");
    }

    private Optional<Bytes32> proven(String challenge, Optional<RegistryLogin> login)
        throws IOException, InterruptedException {
      var proof = proof(challenge, login);
      return proof.isPresent() ? read(send("HEAD", proof), proof) : Optional.empty();
    }

    /// What goes into the `Authorization` header; empty if the registry wants something that the user does not have.
    private Optional<String> proof(String challenge, Optional<RegistryLogin> login)
        throws IOException, InterruptedException {
      return challenge.toLowerCase(Locale.ROOT).startsWith("basic ")
          ? login.map(RegistryLogin::basic)
          : token(challenge, login).map(token -> "Bearer " + token);
    }

    private Optional<Bytes32> read(HttpResponse<InputStream> answer, Optional<String> proof)
        throws IOException, InterruptedException {
      int status = answer.statusCode();
      if (List.of(401, 403, 404).contains(status)) {
        return Optional.empty();
      }
      if (status != 200) {
        throw new RegistryUnavailableException(image.registry() + " answers " + status
            + (status == 429 ? ", too many questions from this address" : ""));
      }
      var named = answer.headers().firstValue("Docker-Content-Digest").flatMap(Digests::sha256);
      return named.isPresent() ? named : Optional.of(hashed(proof));
    }

    /// A registry that does not name the digest: it is the hash of the manifest's bytes.
    private Bytes32 hashed(Optional<String> proof) throws IOException, InterruptedException {
      var answer = send("GET", proof);
      if (answer.statusCode() != 200) {
        answer.body().close();
        throw new RegistryUnavailableException(image.registry() + " answers " + answer.statusCode());
      }
      return Sha256.hash(bytes(answer, MANIFEST_BYTES_MAX));
    }

    private HttpResponse<InputStream> send(String method, Optional<String> proof)
        throws IOException, InterruptedException {
      var uri = URI.create((loopback(image.registry()) ? "http" : "https") + "://" + image.registry() + "/v2/"
          + image.repository() + "/manifests/" + image.tag());
      var request = HttpRequest.newBuilder(uri).timeout(PATIENCE).method(method, HttpRequest.BodyPublishers.noBody())
          .header("Accept", String.join(", ", MANIFESTS));
      proof.ifPresent(value -> request.header("Authorization", value));
      return http.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
    }

    /// A token from where the registry says, the user's or anybody's; empty if it gives none.
    private Optional<String> token(String challenge, Optional<RegistryLogin> login)
        throws IOException, InterruptedException {
      if (!challenge.toLowerCase(Locale.ROOT).startsWith("bearer ")) {
        return Optional.empty();
      }
      var parameters = new TreeMap<String, String>();
      PARAMETER.matcher(challenge).results().forEach(found -> parameters.put(found.group(1), found.group(2)));
      var realm = URI.create(parameters.getOrDefault("realm", ""));
      boolean safe = "https".equals(realm.getScheme())
          || (loopback(image.registry()) && realm.getHost() != null && loopback(realm.getHost()));
      if (!safe) {
        throw new RegistryUnavailableException(image.registry() + " sends to " + realm + " (expected: https)");
      }
      var uri = URI.create(realm + (realm.getRawQuery() == null ? "?" : "&") + query(parameters));
      var request = HttpRequest.newBuilder(uri).timeout(PATIENCE);
      login.ifPresent(known -> request.header("Authorization", known.basic()));
      var answer = http.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
      if (answer.statusCode() != 200) {
        answer.body().close();
        return Optional.empty();
      }
      var json = new ObjectMapper().readTree(bytes(answer, TOKEN_BYTES_MAX));
      var token = json.path("token").asText(json.path("access_token").asText(""));
      return token.matches("[A-Za-z0-9._~+/=-]+") ? Optional.of(token) : Optional.empty();
    }

    private String query(Map<String, String> parameters) {
      var scope = parameters.getOrDefault("scope", "repository:" + image.repository() + ":pull");
      var service = parameters.getOrDefault("service", "");
      return (service.isEmpty() ? "" : "service=" + URLEncoder.encode(service, StandardCharsets.UTF_8) + "&") + "scope="
          + URLEncoder.encode(scope, StandardCharsets.UTF_8);
    }

    private byte[] bytes(HttpResponse<InputStream> answer, int max) throws IOException {
      try (var body = answer.body()) {
        var bytes = body.readNBytes(max + 1);
        if (bytes.length > max) {
          throw new IOException("an answer of more than " + max + " bytes");
        }
        return bytes;
      }
    }
  }

  private static boolean loopback(String host) {
    return host.matches("(localhost|127\\.0\\.0\\.1)(:[0-9]+)?");
  }
}
