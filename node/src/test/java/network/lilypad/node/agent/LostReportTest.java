package network.lilypad.node.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.netty.NettyChannelBuilder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import network.lilypad.node.client.CallSigner;
import network.lilypad.node.client.LedgerClock;
import network.lilypad.node.gateway.ApiWire;
import network.lilypad.node.up.TestNode;
import network.lilypad.protocol.content.ResultTree;
import network.lilypad.protocol.proto.v1.GetJobRequest;
import network.lilypad.protocol.value.Bytes32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A run of which its machine told nothing, at a whole node.
final class LostReportTest {
  @TempDir
  private Path directory;

  @Test void how_its_program_ended_is_read_in_the_result() throws Exception {
    try (var node = TestNode.start(directory.resolve("node"), Map.of())) {
      var creator = node.funded("creator");
      var provider = node.funded("provider");
      // given
      var folder = TestNode.result(directory.resolve("result"), "");
      Files.writeString(folder.resolve("exitCode"), "3");
      try (var running = RunningDeal.start(node, creator, provider, Bytes32.ZERO)) {
        var request = GetJobRequest.newBuilder().setJob(ApiWire.bytes(running.job().digest())).build();
        assertThat(node.market(creator).getJob(request).getDeal().getReport().getEndedAt()).isZero();
        var channel = NettyChannelBuilder.forAddress(node.facts().gateway()).usePlaintext().build();
        var result = AgentContent.blocks(new ResultTree(folder), 1 << 20);
        new AgentContent(channel, CallSigner.of(provider, new LedgerClock(InstantSource.system())))
            .putResult(running.deal(), result, AgentContent.latest());
        channel.shutdownNow();
        // when
        running.submit(result.root().digest());
        // then
        var report = node.market(creator).getJob(request).getDeal().getReport();
        assertThat(report.getExitCode()).isEqualTo(3);
        assertThat(report.getEndedAt()).isPositive();
      }
    }
  }
}
