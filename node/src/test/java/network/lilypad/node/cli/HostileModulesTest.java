package network.lilypad.node.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import network.lilypad.executor.docker.DistributionRegistry;
import network.lilypad.executor.docker.ShellImage;
import network.lilypad.executor.docker.TestEngine;
import network.lilypad.node.modules.LilypadModule;
import network.lilypad.protocol.content.Cid;
import network.lilypad.protocol.proto.v1.Job;
import network.lilypad.protocol.value.Bytes32;
import network.lilypad.protocol.value.DealId;
import network.lilypad.protocol.value.JobId;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Hostile modules on a whole market with both engines: none of them costs anybody else anything.
final class HostileModulesTest {
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  @TempDir
  static Path folder;
  private static WholeMarket market;

  @BeforeAll static void start() throws Exception {
    GuestModules.write(folder);
    market = WholeMarket.start(folder, TestEngine.socketOf());
  }

  @AfterAll static void stop() {
    market.close();
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', value = {
      "invalid-json | {\"job\": {\"Spec\": [1,]}} | rendered module line 1",
      "climbing | {\"job\": {\"Spec\": {\"Engine\": \"wasm\", \"Wasm\": {\"EntryModule\": \"../wasm-guest/module.wasm\"}}}} | module path",
      "absolute | {\"job\": {\"Spec\": {\"Engine\": \"wasm\", \"Wasm\": {\"EntryModule\": \"/etc/passwd\"}}}} | module path",
      "linked | {\"job\": {\"Spec\": {\"Engine\": \"wasm\", \"Wasm\": {\"EntryModule\": \"link.wasm\"}}}} | a symbolic link",
      "over-inputs | {\"job\": {\"Spec\": {\"Engine\": \"wasm\", \"Outputs\": [{\"Path\": \"/../etc\"}]}}} | job.Spec.Outputs"}) void what_is_no_module_ends_before_anything_is_sent(
          String name, String template, String message) throws Exception {
    var home = Files.createDirectory(folder.resolve(name));
    Files.writeString(home.resolve(LilypadModule.FILE), template);
    Files.createSymbolicLink(home.resolve("link.wasm"), Path.of("../wasm-guest/module.wasm"));
    Files.writeString(home.resolve("module.wasm"), "\0asm");
    var cli = market.cli("run", "./" + name);
    assertThat(cli.exitCode()).as(cli.err()).isEqualTo(ExitCode.REFUSED);
    assertThat(cli.err()).contains(message).doesNotContain("root:");
    assertThat(market.cli("jobs", "list").out()).doesNotContain(" " + name + " ");
  }

  @Test void ten_thousand_tiny_files_reach_their_creator() throws Exception {
    var ran = market.run("./" + GuestModules.DOCKER, "many", "-i", GuestModules.verbs("mkdir", "/outputs/many", "sh",
        "cd /outputs/many; seq 10000 | while read -r i; do echo \"$i\" >\"$i\"; done"));
    assertThat(ran.cli().exitCode()).as(ran.cli().err()).isZero();
    try (var files = Files.list(ran.out().resolve("outputs/many"))) {
      assertThat(files).hasSize(10_000);
    }
    assertThat(ran.out().resolve("outputs/many/777")).hasContent("777");
    assertThat(market.cli("content", "cid", "many").out().strip()).isEqualTo(Cid.ofDirectory(ran.root()).toString());
  }

  @ParameterizedTest
  @CsvSource({"docker-guest", "wasm-guest"}) void odd_names_reach_their_creator_and_a_crowd_of_them_is_a_result(
      String module) throws Exception {
    var named = market.run("./" + module, module + "-named", "-i",
        GuestModules.verbs("write", "/outputs/日本 🐸", "write",
            "/outputs/ \"a\" 'b' $(id)", "write", "/outputs/a\nb", "write", "/outputs/back\\slash"));
    assertThat(named.cli().exitCode()).as(named.cli().err()).isZero();
    try (var files = Files.list(named.out().resolve("outputs"))) {
      assertThat(files.map(file -> file.getFileName().toString())).containsExactlyInAnyOrder("日本 🐸",
          " \"a\" 'b' $(id)", "a\nb");
    }
    var crowded = market.run("./" + module, module + "-crowded", "-i", GuestModules.verbs("crowd", "7000"));
    assertThat(crowded.out().resolve("exitCode")).as(crowded.cli().err()).hasContent("153");
    assertThat(crowded.out().resolve("stderr")).content().contains("lilypad: names in one folder: above ");
    assertThat(crowded.job().getPhase()).isEqualTo("Done");
  }

  @Test void neighbours_of_a_fork_bomb_and_a_memory_hog_do_not_notice() throws Exception {
    // given
    var bomb = detached("echo armed; f() { f | f & }; f; while :; do :; done");
    var hog = detached("echo armed; while :; do dd if=/dev/zero of=/dev/null bs=1000M count=1; done");
    for (var job : new String[]{bomb, hog}) {
      await().atMost(PATIENCE).until(() -> market.job(job).getDeal().getReport().getRunningAt() > 0);
    }
    // when
    for (var module : new String[]{GuestModules.DOCKER, GuestModules.WASM}) {
      var ran = market.run("./" + module, "beside-" + module, "-i",
          GuestModules.verbs("out", "well\n", "write", "/outputs/well"));
      // then
      assertThat(ran.cli().exitCode()).as(ran.cli().err()).isZero();
      assertThat(ran.out().resolve("stdout")).hasContent("well");
      assertThat(ran.out().resolve("outputs/well")).exists();
    }
    for (var job : new String[]{bomb, hog}) {
      await().atMost(PATIENCE).until(() -> market.job(job).getEndedAt() > 0 || !market.job(job).getDeal().getResult()
          .isEmpty());
      assertThat(market.job(job).getDeal().getReport().getFailure()).isEmpty();
      assertThat(market.job(job).getDeal().getReport().getExitCode()).isNotZero();
    }
  }

  /// A job pins what it runs. Whoever has another image under that name, be it the machine's engine or the registry,
  /// does not get it run: the machine gives the deal back and says why.
  @Test void another_image_under_the_pinned_name_is_never_run() throws Exception {
    var other = ShellImage.of("\"Labels\":{\"once\":\"" + UUID.randomUUID() + "\"}", Map.of());
    try (var registry = DistributionRegistry.open(Files.createDirectory(folder.resolve("registry")))) {
      registry.push(TestEngine.shared(), other, "guests:v1");
      var name = registry.host() + "/guests:v1";
      TestEngine.shared().load(other, name);
      try {
        // given that the name runs when its own id is pinned
        GuestModules.docker(folder.resolve("honest"), name + "@" + GuestModules.digest(other.id()));
        var honest = market.run("./honest", "honest-out", "-i", GuestModules.verbs("out", "other"));
        assertThat(honest.cli().out()).isEqualTo("other");
        assertThat(TestEngine.shared().made(deal(honest.job()))).isTrue();
        // when another digest is pinned
        GuestModules.docker(folder.resolve("deviant"), name + "@sha256:" + "ab".repeat(32));
        var deviant = detached("deviant", GuestModules.verbs("out", "other"));
        await().atMost(PATIENCE).until(() -> market.job(deviant).getHistoryList().stream()
            .anyMatch(past -> !past.getFailure().isEmpty()));
        // then
        var shown = market.cli("jobs", "show", deviant.substring(0, 8)).out();
        assertThat(shown).contains(": RELEASED, image pull: " + registry.host()
            + "/guests@sha256:" + "ab".repeat(32) + ": ").contains("manifest unknown");
        var first = new JobId(Bytes32.parse("0x" + deviant)).deal(1);
        assertThat(TestEngine.shared().made(first)).as("no container was ever made").isFalse();
        assertThat(market.cli("jobs", "cancel", deviant.substring(0, 8)).exitCode()).isZero();
      } finally {
        TestEngine.shared().remove(name);
      }
    }
  }

  private static DealId deal(Job job) {
    return new DealId(Bytes32.of(job.getDeal().getDeal().toByteArray()));
  }

  private static String detached(String script) throws IOException {
    return detached(GuestModules.DOCKER, GuestModules.verbs("sh", script));
  }

  private static String detached(String module, String verbs) {
    return market.detached("./" + module, "-i", verbs, "-i", "Brief=yes");
  }
}
