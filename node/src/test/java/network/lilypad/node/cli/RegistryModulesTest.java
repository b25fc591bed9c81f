package network.lilypad.node.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.UUID;
import network.lilypad.executor.docker.DistributionRegistry;
import network.lilypad.executor.docker.ShellImage;
import network.lilypad.executor.docker.TestEngine;
import network.lilypad.node.modules.source.FetchLimits;
import network.lilypad.node.modules.source.ModuleLibrary;
import network.lilypad.protocol.value.Bytes32;
import network.lilypad.protocol.wire.JobSpecWire;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A container definition whose image is in a registry and nowhere else, on a whole market: its creator asks the
/// registry what the tag names now, the job pins that, and the machine pulls it.
final class RegistryModulesTest {
  @TempDir
  static Path folder;
  private static DistributionRegistry registry;
  private static WholeMarket market;

  @BeforeAll static void start() throws Exception {
    registry = DistributionRegistry.open(Files.createDirectory(folder.resolve("registry")));
    market = WholeMarket.start(folder, TestEngine.socketOf());
    var made = market.cli("modules", "init", "cow", "--from", "cowsay:v0.0.4-docker", "--image",
        registry.host() + "/pond/cow:latest");
    assertThat(made.exitCode()).as(made.err()).isZero();
  }

  @AfterAll static void stop() {
    market.close();
    registry.close();
  }

  @Test void a_tag_is_what_its_registry_says_at_the_time_of_the_job() throws Exception {
    // given
    var older = push("older");
    var first = market.run("./cow", "first", "-i", "Message=moo");
    assertThat(first.cli().exitCode()).as(first.cli().err()).isZero();
    // when
    var newer = push("newer");
    var second = market.run("./cow", "second", "-i", "Message=moo");
    // then
    assertThat(second.cli().exitCode()).as(second.cli().err()).isZero();
    assertThat(folder.resolve("first/stdout")).content().isEqualTo("older: moo\n");
    assertThat(folder.resolve("second/stdout")).content().isEqualTo("newer: moo\n");
    assertThat(first.spec()).isEqualTo(spec(older));
    assertThat(second.spec()).isEqualTo(spec(newer));
  }

  @Test void an_image_that_its_registry_does_not_have_is_refused_before_anything_is_signed() {
    var made = market.cli("modules", "init", "nobody", "--from", "cowsay:v0.0.4-docker", "--image",
        registry.host() + "/pond/nobody:latest");
    assertThat(made.exitCode()).as(made.err()).isZero();
    var ran = market.cli("run", "./nobody");
    assertThat(ran.exitCode()).isEqualTo(ExitCode.REFUSED);
    assertThat(ran.err()).contains(registry.host() + "/pond/nobody:latest").contains("or pin it as");
  }

  /// A cow that says who it is, under the same tag as the one before.
  private static Bytes32 push(String name) throws InterruptedException {
    var cow = "#!/bin/sh\nfor last; do :; done\necho \"" + name + ": $last\"\n";
    var image = ShellImage.of("\"Labels\":{\"once\":\"" + UUID.randomUUID() + "\"}",
        Map.of("usr/games/cowsay", cow.getBytes(StandardCharsets.UTF_8)));
    return registry.push(TestEngine.shared(), image, "pond/cow:latest");
  }

  private static Bytes32 spec(Bytes32 image) throws IOException {
    var module = ModuleLibrary.of(folder.resolve("home"), folder, FetchLimits.DEFAULT).resolve("./cow");
    return JobSpecWire.digest(JobSpecWire.encode(module.prepare(Map.of("Message", "moo"), _ -> image).spec()));
  }
}
