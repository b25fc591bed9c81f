package network.lilypad.node.modules.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import network.lilypad.executor.docker.DistributionRegistry;
import network.lilypad.executor.docker.RegistryLogin;
import network.lilypad.executor.docker.ShellImage;
import network.lilypad.executor.docker.TestEngine;
import network.lilypad.node.modules.ImageReference;
import network.lilypad.node.modules.ModuleRefusedException;
import network.lilypad.node.modules.ModuleUnavailableException;
import network.lilypad.protocol.value.Bytes32;
import network.lilypad.protocol.value.Sha256;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Against the CNCF's registry, one that speaks the protocol to the letter where its answers are to be odd, and an
/// engine's socket.
class ResolvedImagesTest {
  private static final String MANIFEST = "{\"schemaVersion\": 2}";
  private static final Bytes32 DIGEST = Sha256.hash(MANIFEST.getBytes(StandardCharsets.UTF_8));
  private static final String NO_ENGINE = "no-engine";

  @TempDir
  private Path folder = Path.of("");
  private HttpServer registry = server();
  private final Map<String, String> seen = new HashMap<>();
  private boolean wantsToken;
  private Optional<RegistryLogin> login = Optional.empty();
  private boolean namesDigest = true;
  private int status = 200;

  private static HttpServer server() {
    try {
      return HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @BeforeEach void start() {
    registry.createContext("/v2/", this::manifest);
    registry.createContext("/token", exchange -> {
      seen.put("token query", exchange.getRequestURI().getQuery());
      seen.put("token login", String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
      answer(exchange, 200, "{\"token\": \"secret.token_1\"}");
    });
    registry.start();
  }

  @AfterEach void stop() {
    registry.stop(0);
  }

  private void manifest(HttpExchange exchange) throws IOException {
    seen.put("path", exchange.getRequestURI().getPath());
    seen.put("accept", exchange.getRequestHeaders().getFirst("Accept"));
    var authorization = exchange.getRequestHeaders().getFirst("Authorization");
    if (wantsToken && !"Bearer secret.token_1".equals(authorization)) {
      exchange.getResponseHeaders().add("WWW-Authenticate", "Bearer realm=\"http://" + host()
          + "/token\",service=\"registry.example.org\",scope=\"repository:owner/cow:pull\"");
      answer(exchange, 401, "");
      return;
    }
    if (namesDigest && status == 200) {
      exchange.getResponseHeaders().add("Docker-Content-Digest", "sha256:" + DIGEST.toString().substring(2));
    }
    answer(exchange, status, MANIFEST);
  }

  private static void answer(HttpExchange exchange, int status, String body) throws IOException {
    boolean head = exchange.getRequestMethod().equals("HEAD");
    var bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, head || bytes.length == 0 ? -1 : bytes.length);
    if (!head && bytes.length > 0) {
      exchange.getResponseBody().write(bytes);
    }
    exchange.close();
  }

  @Test void a_registry_names_the_digest_of_a_tag() {
    assertThat(resolve("owner/cow:v1")).isEqualTo(DIGEST);
    assertThat(seen.get("path")).isEqualTo("/v2/owner/cow/manifests/v1");
    assertThat(seen.get("accept")).contains("application/vnd.oci.image.index.v1+json");
  }

  @Test void a_bearer_token_is_fetched_where_the_registry_says() {
    wantsToken = true;
    assertThat(resolve("owner/cow:v1")).isEqualTo(DIGEST);
    assertThat(seen.get("token query")).isEqualTo("service=registry.example.org&scope=repository:owner/cow:pull");
  }

  @Test void a_token_is_fetched_with_the_user_s_login() {
    wantsToken = true;
    assertThat(resolve("owner/cow:v1")).isEqualTo(DIGEST);
    assertThat(seen.get("token login")).isEqualTo("null");
    login = Optional.of(new RegistryLogin("mole", "s3cret-word"));
    assertThat(resolve("owner/cow:v1")).isEqualTo(DIGEST);
    assertThat(seen.get("token login")).isEqualTo("Basic bW9sZTpzM2NyZXQtd29yZA==");
    assertThat(login).asString().doesNotContain("s3cret");
  }

  @Test void a_login_goes_nowhere_else() {
    // given
    wantsToken = true;
    login = Optional.of(new RegistryLogin("mole", "s3cret-word"));
    registry.removeContext("/token");
    registry.createContext("/elsewhere", exchange -> {
      seen.put("elsewhere", "asked");
      answer(exchange, 200, "{\"token\": \"secret.token_1\"}");
    });
    registry.createContext("/token", exchange -> {
      exchange.getResponseHeaders().add("Location", "http://" + host() + "/elsewhere");
      answer(exchange, 307, "");
    });
    // when, then
    assertThatThrownBy(() -> resolve("owner/cow:v1")).isInstanceOf(ModuleRefusedException.class)
        .hasMessageContaining("docker login");
    assertThat(seen).doesNotContainKey("elsewhere");
  }

  @Test void whoever_a_registry_sends_to_is_asked_without_the_login() throws IOException {
    // given
    wantsToken = true;
    login = Optional.of(new RegistryLogin("mole", "s3cret-word"));
    var sending = server();
    sending.createContext("/v2/", exchange -> {
      exchange.getResponseHeaders().add("Location", "http://" + host() + exchange.getRequestURI());
      answer(exchange, 307, "");
    });
    sending.start();
    try {
      // when: nor does a token that somebody else gave go back to the registry
      var image = ImageReference.parse("localhost:" + sending.getAddress().getPort() + "/owner/cow:v1");
      assertThatThrownBy(() -> images(NO_ENGINE).digest(image)).isInstanceOf(ModuleRefusedException.class);
    } finally {
      sending.stop(0);
    }
    // then
    assertThat(seen.get("token login")).isEqualTo("null");
  }

  @Test void a_private_image_is_found_by_who_is_logged_in() throws Exception {
    try (var real = DistributionRegistry.closed(Files.createDirectory(folder.resolve("real")))) {
      // given
      var image = ShellImage.of("\"Labels\":{\"once\":\"" + UUID.randomUUID() + "\"}", Map.of());
      var digest = real.push(TestEngine.shared(), image, "mine/cow:v1");
      var reference = ImageReference.parse(real.host() + "/mine/cow:v1");
      var environment = Map.of("DOCKER_HOST", "unix:///no-engine", "DOCKER_CONFIG", folder.toString());
      // when, then
      assertThatThrownBy(() -> ResolvedImages.of(environment).digest(reference))
          .isInstanceOf(ModuleRefusedException.class).hasMessageContaining("docker login");
      Files.writeString(folder.resolve("config.json"), "{\"auths\":{\"%s\":{\"auth\":\"%s\"}}}".formatted(real.host(),
          new RegistryLogin(DistributionRegistry.USER, DistributionRegistry.PASSWORD).basic().substring(6)));
      assertThat(ResolvedImages.of(environment).digest(reference)).isEqualTo(digest);
      Files.writeString(folder.resolve("config.json"), "{\"credsStore\":\"no-such-helper\"}");
      assertThatThrownBy(() -> ResolvedImages.of(environment).digest(reference))
          .isInstanceOf(ModuleUnavailableException.class).hasMessageContaining("docker-credential-no-such-helper");
    }
  }

  @Test void a_registry_that_names_no_digest_is_asked_for_the_manifest() {
    namesDigest = false;
    assertThat(resolve("owner/cow")).isEqualTo(DIGEST);
    assertThat(seen.get("path")).endsWith("/latest");
  }

  @Test void an_image_that_nobody_has_is_refused_with_a_next_step() {
    status = 404;
    assertThatThrownBy(() -> resolve("owner/cow:v9")).isInstanceOf(ModuleRefusedException.class)
        .hasMessageContaining("job.Spec.Docker.Image").hasMessageContaining("owner/cow@sha256:...");
  }

  @Test void a_registry_that_fails_or_is_not_there_is_unavailable_with_a_next_step() {
    status = 503;
    assertThatThrownBy(() -> resolve("owner/cow:v1")).isInstanceOfSatisfying(ModuleUnavailableException.class,
        e -> assertThat(e.next()).contains("@sha256:"));
    assertThatThrownBy(() -> images(NO_ENGINE).digest(ImageReference.parse("127.0.0.1:1/owner/cow:v1")))
        .isInstanceOf(ModuleUnavailableException.class).hasMessageContaining("127.0.0.1:1");
  }

  @Test void a_pinned_image_is_asked_of_nobody() {
    var pinned = ImageReference.parse(host() + "/owner/cow:v1@sha256:" + "ab".repeat(32));
    assertThat(images(NO_ENGINE).digest(pinned)).hasToString("0x" + "ab".repeat(32));
    assertThat(seen).isEmpty();
  }

  @Test void the_local_engine_is_asked_first() throws IOException {
    var pulled = "{\"Id\": \"sha256:" + "11".repeat(32) + "\", \"RepoDigests\": [\"other@sha256:" + "22".repeat(32)
        + "\", \"owner/cow@sha256:" + "33".repeat(32) + "\"]}";
    assertThat(engine("HTTP/1.0 200 OK\r\n\r\n" + pulled, "docker.io/owner/cow:v1")).hasToString(
        "Optional[0x" + "33".repeat(32) + "]");
    var built = "{\"Id\": \"sha256:" + "11".repeat(32) + "\", \"RepoDigests\": []}";
    assertThat(engine("HTTP/1.1 200 OK\r\n\r\n" + built, "mine")).hasToString("Optional[0x" + "11".repeat(32) + "]");
    assertThat(engine("HTTP/1.1 404 Not Found\r\n\r\n{}", "mine")).isEmpty();
    assertThat(engine("nonsense", "mine")).isEmpty();
    assertThat(new LocalEngine(folder.resolve("nosuch")).digest(ImageReference.parse("mine"))).isEmpty();
  }

  private Optional<Bytes32> engine(String answer, String image) throws IOException {
    var socket = folder.resolve("engine-" + answer.hashCode());
    try (var listening = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      listening.bind(UnixDomainSocketAddress.of(socket));
      Thread.ofVirtual().start(() -> {
        try (var connection = listening.accept()) {
          connection.read(ByteBuffer.allocate(4096));
          connection.write(ByteBuffer.wrap(answer.getBytes(StandardCharsets.UTF_8)));
        } catch (IOException e) {
          throw new java.io.UncheckedIOException(e);
        }
      });
      return new LocalEngine(socket).digest(ImageReference.parse(image));
    }
  }

  private String host() {
    return "localhost:" + registry.getAddress().getPort();
  }

  private Bytes32 resolve(String image) {
    return images(NO_ENGINE).digest(ImageReference.parse(host() + "/" + image));
  }

  private ResolvedImages images(String socket) {
    return new ResolvedImages(new LocalEngine(folder.resolve(socket)), new RegistryClient(_ -> login));
  }
}
