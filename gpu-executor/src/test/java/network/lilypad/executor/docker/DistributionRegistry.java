package network.lilypad.executor.docker;

import com.github.dockerjava.api.async.ResultCallback;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.model.AuthConfig;
import com.github.dockerjava.api.model.PushResponseItem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import network.lilypad.protocol.value.Bytes32;

/// The CNCF's own registry, which most others are made of, on this machine's loopback, where engines trust it without
/// TLS.
public final class DistributionRegistry implements AutoCloseable {
  /// Who may push and pull where not everybody may.
  public static final String USER = "mole";
  public static final String PASSWORD = "s3cret-word";
  private static final String HASHED = "$2b$04$3GgpzWmnTAmaBNWdFKBKteInrZgDRjLnyPK5qqgub/Rp14EoalSsu";
  private static final Pattern LISTENS = Pattern.compile("listening on 127\\.0\\.0\\.1:(\\d+)");
  private static final long READY_NANOS = TimeUnit.SECONDS.toNanos(60);

  private final Process process;
  private final AuthConfig login;
  private final int port;
  private final Map<String, TestEngine> pushed = new HashMap<>();

  private DistributionRegistry(Process process, AuthConfig login, int port) {
    this.process = process;
    this.login = login;
    this.port = port;
  }

  /// Starts one that everybody may use.
  ///
  /// @param home where it keeps everything
  public static DistributionRegistry open(Path home) throws IOException, InterruptedException {
    return start(home, "", new AuthConfig());
  }

  /// Starts one that wants a password.
  ///
  /// @param home where it keeps everything
  public static DistributionRegistry closed(Path home) throws IOException, InterruptedException {
    var passwords = Files.writeString(home.resolve("passwords"), USER + ":" + HASHED + "\n");
    return start(home, "auth: {htpasswd: {realm: guests, path: %s}}".formatted(passwords),
        new AuthConfig().withUsername(USER).withPassword(PASSWORD));
  }

  private static DistributionRegistry start(Path home, String auth, AuthConfig login)
      throws IOException, InterruptedException {
    var config = Files.writeString(home.resolve("config.yml"), """
        version: 0.1
        storage: {filesystem: {rootdirectory: %s}}
        http: {addr: "127.0.0.1:0"}
        %s
        """.formatted(home.resolve("images"), auth));
    var log = home.resolve("registry.log");
    try {
      var process = new ProcessBuilder("docker-registry", "serve", config.toString()).redirectErrorStream(true)
          .redirectOutput(log.toFile()).start();
      return new DistributionRegistry(process, login, port(process, log));
    } catch (IOException e) {
      throw new IllegalStateException("these tests need docker-registry. Next: apt-get install -y docker-registry", e);
    }
  }

  private static int port(Process process, Path log) throws IOException, InterruptedException {
    long end = System.nanoTime() + READY_NANOS;
    while (System.nanoTime() < end && !process.waitFor(20, TimeUnit.MILLISECONDS)) {
      var said = LISTENS.matcher(Files.readString(log));
      if (said.find()) {
        return Integer.parseInt(said.group(1));
      }
    }
    process.destroyForcibly();
    throw new IllegalStateException("docker-registry did not start. Its log: " + Files.readString(log));
  }

  /// `host:port`.
  public String host() {
    return "127.0.0.1:" + port;
  }

  /// Pushes an image by way of an engine, which then knows it no more.
  ///
  /// @param repository with a tag, without the registry
  /// @return the digest of its manifest
  public Bytes32 push(TestEngine engine, ShellImage image, String repository) throws InterruptedException {
    var name = host() + "/" + repository;
    engine.load(image, name);
    var client = engine.client();
    client.pushImageCmd(name).withAuthConfig(login).exec(new ResultCallback.Adapter<PushResponseItem>())
        .awaitCompletion();
    var known = Objects.requireNonNull(client.inspectImageCmd(name).exec().getRepoDigests(), "digests");
    var digest = known.stream().filter(each -> each.startsWith(host())).findFirst().orElseThrow();
    engine.remove(name);
    pushed.put(digest, engine);
    return Bytes32.parse("0x" + digest.substring(digest.lastIndexOf(':') + 1));
  }

  /// Ends it; engines forget what they pulled of it.
  @Override public void close() {
    process.destroyForcibly();
    pushed.forEach((image, engine) -> {
      try {
        engine.remove(image);
      } catch (NotFoundException _) {
        // nobody pulled it
      }
    });
  }
}
