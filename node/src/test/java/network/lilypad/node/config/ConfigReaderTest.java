package network.lilypad.node.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import network.lilypad.protocol.value.Lp;
import network.lilypad.protocol.value.NetworkPolicy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigReaderTest {
  @TempDir
  Path directory;

  private NodeConfig read(String text) throws IOException {
    return ConfigReader.of(ConfigFactory.empty())
        .read(Files.writeString(directory.resolve("lilypad.conf"), text));
  }

  @Test void without_a_file_every_key_has_its_default() {
    // given
    var reader = ConfigReader.of(ConfigFactory.parseMap(Map.of("lilypad.data-dir", directory.toString())));
    // when
    var config = reader.read();
    // then
    assertThat(config.dataDir()).isEqualTo(directory);
    assertThat(config.gateway()).isEqualTo(new NodeConfig.Listener("127.0.0.1", 8990, java.util.List.of()));
    assertThat(config.askTimeout()).isEqualTo(Duration.ofSeconds(10));
    assertThat(config.limits().unsettledJobs()).isEqualTo(32);
    assertThat(config.limits().contentBytes()).isEqualTo(1L << 30);
    assertThat(config.faucetLimit()).isEqualTo(Lp.of(1000));
    assertThat(config.solverKeyFile()).isEqualTo(directory.resolve("keys/solver.key"));
  }

  @Test void the_file_in_the_data_directory_is_read_and_overrides_win() throws IOException {
    // given
    Files.writeString(directory.resolve("lilypad.conf"), "lilypad { gateway.port = 1234, market.name = pond }");
    var overrides = Map.of("lilypad.data-dir", directory.toString(), "lilypad.gateway.port", "4321");
    // when
    var config = ConfigReader.of(ConfigFactory.parseMap(overrides)).read();
    // then
    assertThat(config.gateway().port()).isEqualTo(4321);
    assertThat(config.market().name()).isEqualTo("pond");
  }

  @Test void a_provider_s_policy_is_read() throws IOException {
    // when
    var policy = read("""
        lilypad.agent { gpus = false, policy { allow-modules = ["cowsay:*"], min-price = "0.5", network { mode = http
        hosts = ["*.co"] }, retries = ["github.com/a/b:* 2", "* 1"], prefetch-images = ["busybox:1"] } }""")
        .agent().policy();
    // then
    assertThat(policy.allow()).containsExactly("cowsay:*");
    assertThat(policy.minPrice()).isEqualTo(Lp.parse("0.5"));
    assertThat(policy.network()).isEqualTo(NetworkPolicy.HTTP);
    assertThat(policy.gpus()).isZero();
    assertThat(policy.retries()).containsExactly(new NodeConfig.Retry("github.com/a/b:*", 2),
        new NodeConfig.Retry("*", 1));
    assertThat(policy.stopGrace()).isEqualTo(Duration.ofSeconds(20));
  }

  @Test void an_unknown_key_is_refused_with_its_place_and_the_nearest_known_key() {
    // when, then
    assertThatExceptionOfType(ConfigRejectedException.class)
        .isThrownBy(() -> read("lilypad {\n  gatway.port = 1\n}"))
        .withMessageContaining("lilypad.gatway.port").withMessageContaining("lilypad.conf: 2")
        .withMessageContaining("nearest: lilypad.gateway.port");
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', value = {
      "agent.policy.deals = 1|agent.policy.deals|nearest: lilypad.agent.policy.deals",
      "lilypat { gateway.port = 1 }|lilypat.gateway.port|nearest: lilypad.gateway.port",
      "pekko.loglevel = DEBUG|pekko.loglevel|-Dpekko.loglevel"}) void a_key_of_the_file_that_nothing_would_read_is_refused(
          String line, String key, String next) {
    // when, then
    assertThatExceptionOfType(ConfigRejectedException.class).isThrownBy(() -> read(line))
        .withMessageContaining(key + " at ").withMessageContaining("lilypad.conf: 1").withMessageContaining(next);
  }

  @Test void hosts_and_images_are_read_in_every_form_that_can_match() throws IOException {
    // when
    var policy = read("""
        lilypad.agent { ram = 1 MiB, policy { network.hosts = ["*", "*.hf.co", "10.0.0.*", "a-b.c"], prefetch-images =
        ["busybox", "a/b:v1.0_x", "localhost:5000/a/b-c@sha256:%s", "ghcr.io/Org/x"] } }""".formatted("0".repeat(64))
        .replace("Org", "org")).agent().policy();
    // then
    assertThat(policy.hosts()).hasSize(4);
    assertThat(policy.prefetch()).hasSize(4);
  }

  @Test void options_win_over_the_environment_that_over_system_properties_and_those_over_the_file() throws IOException {
    // given
    Files.writeString(directory.resolve("lilypad.conf"),
        "lilypad { gateway.port = 1, management.port = 1, market.name = file, limits.calls = 5 }");
    var properties = Map.of("lilypad.gateway.port", "2", "lilypad.management.port", "2", "lilypad.market.name",
        "property");
    var environment = Map.of("CONFIG_FORCE_lilypad_gateway_port", "3", "CONFIG_FORCE_lilypad_management_port", "3",
        "CONFIG_FORCE_lilypad_gateway_ask__timeout", "7s", "CONFIG_FORCE_lilypad_agent_policy_allow__modules_0", "a:*",
        "CONFIG_FORCE_other", "x");
    var options = ConfigFactory
        .parseMap(Map.of("lilypad.data-dir", directory.toString(), "lilypad.gateway.port", 4));
    properties.forEach(System::setProperty);
    ConfigFactory.invalidateCaches();
    try {
      // when
      var config = ConfigReader.of(options, environment).read();
      // then
      assertThat(config.gateway().port()).isEqualTo(4);
      assertThat(config.management()).singleElement().extracting(NodeConfig.Listener::port).isEqualTo(3);
      assertThat(config.market().name()).isEqualTo("property");
      assertThat(config.limits().calls()).isEqualTo(5);
      assertThat(config.askTimeout()).isEqualTo(Duration.ofSeconds(7));
      assertThat(config.agent().policy().allow()).containsExactly("a:*");
    } finally {
      properties.keySet().forEach(System::clearProperty);
      ConfigFactory.invalidateCaches();
    }
  }

  @Test void a_forced_key_that_is_not_known_is_refused_with_its_place() {
    // given
    var reader = ConfigReader.of(ConfigFactory.parseMap(Map.of("lilypad.data-dir", directory.toString())),
        Map.of("CONFIG_FORCE_lilypad_gatway_port", "1"));
    // when, then
    assertThatExceptionOfType(ConfigRejectedException.class).isThrownBy(reader::read)
        .withMessageContaining("lilypad.gatway.port at the environment")
        .withMessageContaining("nearest: lilypad.gateway.port");
  }

  @Test void an_object_where_a_value_belongs_is_refused() {
    // when, then
    assertThatExceptionOfType(ConfigRejectedException.class)
        .isThrownBy(() -> read("lilypad.market.name { of = 1 }"))
        .withMessageContaining("lilypad.market.name");
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', value = {
      "gateway.port = 65536|lilypad.gateway.port|65536|0 to 65535",
      "gateway.port = many|lilypad.gateway.port|many|whole",
      "gateway.ask-timeout = 1ms|lilypad.gateway.ask-timeout|1ms|100ms to 1m",
      "limits.content = 1000k|lilypad.limits.content|1000k|1 MiB to 1 TiB",
      "limits.store = 1 MiB|lilypad.limits.store|1 MiB|16 MiB to 1024 TiB",
      "limits.content = 3 bananas|lilypad.limits.content|bananas|64 MiB",
      "ledger.faucet-limit = 1001|lilypad.ledger.faucet-limit|1001|at most 1000 LP",
      "ledger.faucet-limit = \"1,5\"|lilypad.ledger.faucet-limit|1,5|nine decimals",
      "ledger.kind = paper|lilypad.ledger.kind|paper|embedded",
      "agent.docker.host = \"tcp://elsewhere:2375\"|lilypad.agent.docker.host|tcp://elsewhere:2375|unix:///path",
      "agent.policy.max-run = 8d|lilypad.agent.policy.max-run|8d|1s to 7d",
      "agent.policy.network.mode = some|lilypad.agent.policy.network.mode|some|none, http, full",
      "agent.policy.deals = 0|lilypad.agent.policy.deals|0|1 to 256",
      "agent.policy.stop-grace = 26s|lilypad.agent.policy.stop-grace|26s|0s to 25s",
      "agent.policy.deny-modules = [\"\"]|lilypad.agent.policy.deny-modules|1 texts|at most 1024",
      "agent.policy.retries = [\"a:b\"]|lilypad.agent.policy.retries|a:b|1 to 10",
      "agent.policy.retries = [\"a:b 11\"]|lilypad.agent.policy.retries|a:b 11|1 to 10",
      "agent.max-review = 5500ms|lilypad.agent.max-review|5500ms|whole seconds",
      "files.kind = tape|lilypad.files.kind|tape|local, s3 or ipfs",
      "files.retention = 1h|lilypad.files.retention|1h|1d to 36500d",
      "files.sweep-every = 2d|lilypad.files.sweep-every|2d|1s to 1d",
      "files.inputs-gateway = \"ftp://host\"|lilypad.files.inputs-gateway|ftp://host|https://host:port",
      "files { kind = s3, s3.bucket = Up }|lilypad.files.s3.bucket|Up|lower-case letters",
      "files { kind = s3, s3 { bucket = mine, region = a } }|lilypad.files.s3.region|a|lower-case letters",
      "files { kind = s3, s3 { bucket = mine, prefix = \"a b\" } }|lilypad.files.s3.prefix|a b|up to 200",
      "files { kind = s3, s3 { bucket = mine, endpoint = \"https://h/\" } }|lilypad.files.s3.endpoint|https://h/|slash",
      "files { kind = ipfs, ipfs.api = localhost }|lilypad.files.ipfs.api|localhost|an address such as",
      "agent.milli-cpu = -1|lilypad.agent.milli-cpu|-1|0 to 2147483647",
      "agent.ram = 4096|lilypad.agent.ram|4096 bytes|4096 MiB",
      "agent.disk = 1048575|lilypad.agent.disk|1048575 bytes|at least 1 MiB",
      "agent.policy.network.hosts = [\"http://foo\"]|lilypad.agent.policy.network.hosts|http://foo|a host name in lower case",
      "agent.policy.network.hosts = [\"Foo.com\"]|lilypad.agent.policy.network.hosts|Foo.com|a host name in lower case",
      "agent.policy.prefetch-images = [\"no such image\"]|lilypad.agent.policy.prefetch-images|no such image|an image, such as",
      "agent.ram = much|lilypad.agent.ram|much|a size",
      "agent.disk-reserve = 5|lilypad.agent.disk-reserve|5 bytes|at least 1 MiB",
      "agent.disk-reserve = 2 PiB|lilypad.agent.disk-reserve|2 PiB|0 to 1024 TiB",
      "agent.disk = -1|lilypad.agent.disk|-1|a size",
      "agent.gpus = some|lilypad.agent.gpus|some|true or false",
      "agent.ask-per-core-second = cheap|lilypad.agent.ask-per-core-second|cheap|nine decimals",
      "agent.ask-per-gpu-second = \"-1\"|lilypad.agent.ask-per-gpu-second|-1|nine decimals",
      "agent.max-collateral = \"2000000000\"|lilypad.agent.max-collateral|2000000000|LP",
      "agent.offer-validity = 30s|lilypad.agent.offer-validity|30s|1m to 365d",
      "agent.docker.enabled = often|lilypad.agent.docker.enabled|often|true or false",
      "agent.policy.gpus = -1|lilypad.agent.policy.gpus|-1|0 to 2147483647",
      "agent.policy.min-price = free|lilypad.agent.policy.min-price|free|nine decimals",
      "agent.policy.allow-modules = 3|lilypad.agent.policy.allow-modules|3|a list of texts",
      "agent.policy.network.hosts = [\"\"]|lilypad.agent.policy.network.hosts|1 texts|1 to 1024 characters",
      "agent.policy.prefetch-images = busybox|lilypad.agent.policy.prefetch-images|busybox|a list of texts",
      "gateway.tls.cert = /none.pem|lilypad.gateway.tls.cert|alone|cert and key"}) void a_value_of_the_wrong_type_or_out_of_bounds_is_refused(
          String line, String key, String value, String expected) {
    // when, then
    assertThatExceptionOfType(ConfigRejectedException.class).isThrownBy(() -> read("lilypad { " + line + " }"))
        .withMessageContaining(key).withMessageContaining(value).withMessageContaining(expected)
        .withMessageContaining("lilypad.conf: 1");
  }

  @Test void off_loopback_the_node_starts_only_with_tls() {
    // when, then
    assertThatExceptionOfType(ConfigRejectedException.class).isThrownBy(() -> read("lilypad.gateway.host = 0.0.0.0"))
        .withMessageContaining("lilypad.gateway.host").withMessageContaining("TLS");
  }

  @Test void a_file_that_is_no_hocon_is_refused_with_its_line() {
    // when, then
    assertThatExceptionOfType(ConfigRejectedException.class).isThrownBy(() -> read("lilypad {\n  gateway = \"\n}"))
        .withMessageContaining("2");
  }

  @Test void a_named_file_must_be_there() {
    // when, then
    assertThatExceptionOfType(ConfigRejectedException.class)
        .isThrownBy(() -> ConfigReader.of(ConfigFactory.empty()).read(directory.resolve("none.conf")))
        .withMessageContaining("none.conf");
  }
}
