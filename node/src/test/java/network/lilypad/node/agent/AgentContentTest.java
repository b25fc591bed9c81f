package network.lilypad.node.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import com.google.protobuf.ByteString;
import io.grpc.ManagedChannel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import network.lilypad.node.client.CallSigner;
import network.lilypad.node.client.LedgerClock;
import network.lilypad.protocol.value.Bytes32;
import network.lilypad.protocol.value.DealId;
import network.lilypad.protocol.wire.JobSpecWire;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Programs from a gateway that a test speaks for.
final class AgentContentTest {
  private static final ByteString PROGRAM = ByteString.copyFromUtf8("a program of some length");
  private static final ByteString OTHER = ByteString.copyFromUtf8("another one of the lengt");
  private static final Bytes32 DIGEST = JobSpecWire.digest(PROGRAM);
  private static final DealId DEAL = new DealId(Bytes32.ZERO);

  @TempDir
  private Path folder;
  private SpokenGateway gateway;
  private ManagedChannel channel;
  private AgentContent content;

  @BeforeEach void start() throws IOException {
    gateway = new SpokenGateway(() -> Offers.NOW);
    channel = gateway.address().open();
    content = new AgentContent(channel, CallSigner.of(Offers.PROVIDER, new LedgerClock(InstantSource.system())));
  }

  @AfterEach void stop() {
    channel.shutdownNow();
    gateway.close();
  }

  private Path fetched() throws IOException {
    var file = folder.resolve("program");
    content.program(DEAL, DIGEST, file, 1000, AgentContent.latest());
    return file;
  }

  @Test void a_program_goes_on_where_its_transfer_broke() throws IOException {
    gateway.blobs.add(PROGRAM);
    Files.write(folder.resolve("program"), PROGRAM.substring(0, 5).toByteArray());
    assertThat(fetched()).hasBinaryContent(PROGRAM.toByteArray());
    assertThat(gateway.fetched).hasValue(1);
  }

  @Test void what_a_broken_transfer_left_damaged_is_fetched_anew_once() throws IOException {
    gateway.blobs.add(PROGRAM);
    Files.write(folder.resolve("program"), OTHER.substring(0, 5).toByteArray());
    assertThat(fetched()).hasBinaryContent(PROGRAM.toByteArray());
    assertThat(gateway.fetched).hasValue(2);
  }

  @Test void another_program_than_the_one_asked_for_is_refused_and_leaves_nothing() throws IOException {
    gateway.blobs.add(OTHER);
    assertThatIOException().isThrownBy(this::fetched).withMessageContaining("sha2-256");
    assertThat(gateway.fetched).hasValue(1);
    Files.write(folder.resolve("program"), OTHER.substring(0, 5).toByteArray());
    assertThatIOException().isThrownBy(this::fetched).withMessageContaining("sha2-256");
    assertThat(gateway.fetched).hasValue(3);
    assertThat(folder).isEmptyDirectory();
  }
}
