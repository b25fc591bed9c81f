package network.lilypad.node.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import network.lilypad.protocol.value.Lp;
import network.lilypad.protocol.value.NetworkPolicy;
import network.lilypad.protocol.value.Resources;

/// Reads the configuration, strictly: options win over `CONFIG_FORCE_` variables of the environment, those over system
/// properties, those over the file, and that over the defaults.
public final class ConfigReader {
  private static final long KIB = 1L << 10;
  private static final long MIB = 1L << 20;
  private static final Duration WEEK = Duration.ofDays(7);
  private static final int MAX_PATTERNS = 1024;
  /// As many as an executor runs at once.
  private static final int MAX_DEALS = 256;
  private static final int MAX_PREFETCH = 64;
  /// Who asks a process to stop is not kept waiting much longer.
  private static final Duration MAX_STOP_GRACE = Duration.ofSeconds(25);
  private static final Duration YEAR = Duration.ofDays(365);

  /// What a host name of a job may be, and stars.
  private static final Pattern HOSTS = Pattern.compile("[a-z0-9*](?:[a-z0-9.*-]{0,251}[a-z0-9*])?");
  /// What an engine pulls: a registry, a path, a tag and a digest, of which only the path must be there.
  private static final Pattern IMAGE = Pattern.compile("(?:[A-Za-z0-9][A-Za-z0-9.-]*(?::[0-9]{1,5})?/)?"
      + "[a-z0-9]+(?:[._/-]+[a-z0-9]+)*(?::[A-Za-z0-9_][A-Za-z0-9_.-]{0,127})?(?:@sha256:[0-9a-f]{64})?");

  private final Config overrides;

  private ConfigReader(Config overrides) {
    this.overrides = overrides;
  }

  /// A reader without an environment.
  ///
  /// @param options what wins over everything
  public static ConfigReader of(Config options) {
    return of(options, Map.of());
  }

  /// @param options what wins over everything
  /// @param environment the process's
  public static ConfigReader of(Config options, Map<String, String> environment) {
    return new ConfigReader(
        options.withFallback(Forced.of(environment)).withFallback(ConfigFactory.systemProperties()));
  }

  /// Reads `lilypad.conf` in the data directory, if there is one.
  ///
  /// @throws ConfigRejectedException naming key, place, value and expectation
  public NodeConfig read() {
    var dataDir = new Section(resolved(overrides), "lilypad").path("data-dir");
    var file = dataDir.resolve("lilypad.conf");
    return Files.exists(file) ? read(file) : node(overrides, ConfigFactory.empty());
  }

  /// Reads a file, which must be there.
  ///
  /// @throws ConfigRejectedException naming key, place, value and expectation
  public NodeConfig read(Path file) {
    if (!Files.isReadable(file)) {
      throw new ConfigRejectedException("configuration: " + file + " (expected: a file that can be read)");
    }
    try {
      var said = ConfigFactory.parseFile(file.toFile());
      return node(overrides.withFallback(said), said);
    } catch (ConfigException.Parse e) {
      throw new ConfigRejectedException("configuration: " + e.getMessage());
    }
  }

  private static Config resolved(Config given) {
    return given.withFallback(reference()).resolve();
  }

  private static Config reference() {
    return ConfigFactory.parseResources(ConfigReader.class.getClassLoader(), "reference.conf").withOnlyPath("lilypad");
  }

  private static NodeConfig node(Config given, Config file) {
    var known = new KnownKeys(
        reference().withFallback(ConfigFactory.systemProperties()).resolve().withOnlyPath("lilypad"));
    known.check(given.resolve());
    var all = resolved(given);
    known.checkFile(file.resolveWith(all));
    var root = new Section(all, "lilypad");
    var dataDir = root.path("data-dir");
    var management = root.at("management");
    embedded(root.at("ledger"));
    return new NodeConfig(dataDir, listener(root.at("gateway")),
        root.at("gateway").duration("ask-timeout", Duration.ofMillis(100), Duration.ofSeconds(60)),
        management.flag("enabled") ? List.of(listener(management)) : List.of(),
        root.at("ledger").lp("faucet-limit", Lp.of(1000)), market(root.at("market")),
        keyFile(root.at("solver"), dataDir), limits(root.at("limits")), agent(root.at("agent")),
        files(root.at("files")));
  }

  private static void embedded(Section ledger) {
    if (!ledger.text("kind").equals("embedded")) {
      throw ledger.refused("kind", ledger.text("kind"), "embedded");
    }
  }

  private static NodeConfig.Listener listener(Section section) {
    var listener = new NodeConfig.Listener(section.text("host"), section.number("port", 0, 65535),
        tls(section.at("tls")).stream().toList());
    if (listener.tls().isEmpty() && !listener.loopback()) {
      throw section.refused("host", listener.host(),
          "a loopback address such as 127.0.0.1, or tls.cert and tls.key beside it: off loopback only with TLS");
    }
    return listener;
  }

  private static Optional<NodeConfig.Tls> tls(Section tls) {
    boolean cert = !tls.text("cert").isEmpty();
    boolean key = !tls.text("key").isEmpty();
    if (cert != key) {
      throw tls.refused(cert ? "cert" : "key", "alone", "cert and key, or neither");
    }
    return cert ? Optional.of(new NodeConfig.Tls(pem(tls, "cert"), pem(tls, "key"))) : Optional.empty();
  }

  private static Path pem(Section tls, String key) {
    var path = tls.path(key);
    if (!Files.isReadable(path)) {
      throw tls.refused(key, path.toString(), "a PEM file that can be read");
    }
    return path;
  }

  private static NodeConfig.Market market(Section market) {
    var name = market.text("name");
    if (name.isBlank() || name.length() > 128) {
      throw market.refused("name", name.length() + " characters", "1 to 128 characters");
    }
    return new NodeConfig.Market(name, market.lp("minimum-charge", Lp.gwei(Lp.MAX_GWEI)));
  }

  private static Path keyFile(Section solver, Path dataDir) {
    return solver.text("key-file").isEmpty() ? dataDir.resolve("keys").resolve("solver.key") : solver.path("key-file");
  }

  private static NodeConfig.Limits limits(Section limits) {
    return new NodeConfig.Limits(limits.bytes("content", MIB, MIB * MIB), limits.number("tree-entries", 1, 10_000_000),
        limits.bytes("store", 16 * MIB, KIB * MIB * MIB), limits.number("unsettled-jobs", 1, 10_000),
        limits.number("watchers", 1, 100_000), limits.number("agents", 1, 100_000),
        limits.number("connections", 1, 1_000_000), limits.number("calls", 4, 4096),
        limits.number("nonces", 1000, 10_000_000));
  }

  private static FilesConfig files(Section files) {
    var kind = switch (files.text("kind")) {
      case "local" -> new FilesConfig.Kind.Local(optional(files.at("local"), "folder"));
      case "s3" -> s3(files.at("s3"));
      case "ipfs" -> new FilesConfig.Kind.Ipfs(files.at("ipfs").uri("api"), optional(files.at("ipfs"), "token-file"));
      default -> throw files.refused("kind", files.text("kind"), "local, s3 or ipfs");
    };
    return new FilesConfig(kind, files.duration("retention", Duration.ofDays(1), YEAR.multipliedBy(100)),
        files.duration("sweep-every", Duration.ofSeconds(1), Duration.ofDays(1)),
        files.text("inputs-gateway").isEmpty() ? Optional.empty() : Optional.of(files.uri("inputs-gateway")));
  }

  private static FilesConfig.Kind s3(Section s3) {
    for (var key : new String[]{"region", "bucket"}) {
      if (!s3.text(key).matches("[a-z0-9][a-z0-9.-]{1,62}")) {
        throw s3.refused(key, s3.text(key), "2 to 63 lower-case letters, digits, dots and hyphens");
      }
    }
    if (!s3.text("prefix").matches("[A-Za-z0-9_./-]{0,200}")) {
      throw s3.refused("prefix", s3.text("prefix"), "up to 200 letters, digits and . _ / -");
    }
    return new FilesConfig.Kind.S3(s3.uri("endpoint"), s3.text("region"), s3.text("bucket"), s3.text("prefix"),
        optional(s3, "credentials-file"));
  }

  private static Optional<Path> optional(Section section, String key) {
    return section.text(key).isEmpty() ? Optional.empty() : Optional.of(section.path(key));
  }

  private static NodeConfig.Agent agent(Section agent) {
    var offered = Resources.cpu(agent.number("milli-cpu", 0, Integer.MAX_VALUE),
        mib(agent, "ram", Long.MAX_VALUE), mib(agent, "disk", Long.MAX_VALUE));
    var most = Lp.gwei(Lp.MAX_GWEI);
    return new NodeConfig.Agent(offered, agent.lp("ask-per-core-second", most),
        agent.lp("ask-per-gpu-second", most), agent.lp("max-collateral", most),
        agent.seconds("max-review", Duration.ZERO, Duration.ofDays(30)),
        Duration.ofSeconds(agent.seconds("offer-validity", Duration.ofMinutes(1), YEAR)),
        mib(agent, "disk-reserve", KIB * MIB * MIB),
        policy(agent), docker(agent.at("docker")));
  }

  /// A number without a unit is bytes; what is less than a MiB was meant as something else.
  private static long mib(Section agent, String key, long most) {
    long bytes = agent.bytes(key, 0, most);
    if (bytes > 0 && bytes < MIB) {
      throw agent.refused(key, bytes + " bytes", "0, or at least 1 MiB with its unit, such as 4096 MiB");
    }
    return bytes / MIB;
  }

  private static NodeConfig.Docker docker(Section docker) {
    var host = docker.text("host");
    if (!host.isEmpty() && !host.startsWith("unix:///")) {
      throw docker.refused("host", host, "unix:///path, the socket of an engine on this machine");
    }
    return new NodeConfig.Docker(docker.flag("enabled"), host,
        docker.text("credentials").isEmpty() ? "" : docker.path("credentials").toString(),
        docker.bytes("image-size-max", MIB, KIB * MIB * MIB),
        docker.duration("image-keep", Duration.ofHours(1), YEAR.multipliedBy(100)));
  }

  private static NodeConfig.Policy policy(Section agent) {
    var policy = agent.at("policy");
    var network = policy.at("network");
    return new NodeConfig.Policy(policy.texts("allow-modules", MAX_PATTERNS),
        policy.texts("deny-modules", MAX_PATTERNS),
        policy.lp("min-price", Lp.gwei(Lp.MAX_GWEI)), policy.seconds("max-run", Duration.ofSeconds(1), WEEK),
        network.word("mode", NetworkPolicy.class),
        network.texts("hosts", MAX_PATTERNS, HOSTS, "a host name in lower case, such as *.huggingface.co"),
        agent.flag("gpus") ? policy.number("gpus", 0, Integer.MAX_VALUE) : 0, policy.number("deals", 1, MAX_DEALS),
        policy.duration("stop-grace", Duration.ZERO, MAX_STOP_GRACE),
        policy.texts("retries", MAX_PATTERNS).stream().map(text -> retry(policy, text)).toList(),
        policy.texts("prefetch-images", MAX_PREFETCH, IMAGE, "an image, such as docker.io/library/busybox:1"));
  }

  /// The number follows the last space: a pattern may hold colons.
  private static NodeConfig.Retry retry(Section policy, String text) {
    int space = text.lastIndexOf(' ');
    var number = text.substring(space + 1);
    if (space < 1 || !number.matches("[1-9]|10")) {
      throw policy.refused("retries", text, "a pattern, a space and 1 to 10 attempts, such as \"llama:* 2\"");
    }
    return new NodeConfig.Retry(text.substring(0, space).strip(), Integer.parseInt(number));
  }
}
