package network.lilypad.node.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import network.lilypad.protocol.proto.v1.RunReport;
import network.lilypad.protocol.value.Release;
import network.lilypad.protocol.value.Result;
import network.lilypad.protocol.wire.SignedWire;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpoolTest {
  private static final RunReport REPORT = RunReport.newBuilder().setSequence(3).setExitCode(5).build();

  @TempDir
  private Path folder = Path.of("");

  @Test void what_was_signed_is_there_after_a_restart() throws IOException {
    var job = Offers.job(Offers.work(), 1);
    var lease = Offers.lease(job, 7);
    var result = SignedWire.toProto(Offers.PROVIDER.sign(Offers.DOMAIN,
        new Result(lease.deal(), lease.offer(), lease.price(), Offers.NOW, Offers.NOW + 1)));
    var spool = Spool.open(folder);
    spool.ended(spool.taken(spool.leased(Offers.run(job, lease))), result, REPORT);
    var again = Spool.open(folder).find(lease.deal()).orElseThrow();
    assertThat(again.lease()).isEqualTo(lease);
    assertThat(again.offer()).isEqualTo(job);
    assertThat(again.spec()).isEqualTo(Offers.SPEC);
    assertThat(again.taken()).isTrue();
    assertThat(again.ending()).contains(result);
    assertThat(again.report()).contains(REPORT);
    // when the report alone is damaged
    Files.write(folder.resolve(lease.deal().toString()).resolve("report"), new byte[]{(byte) 0xff, 1, 2});
    // then
    assertThat(Spool.open(folder).find(lease.deal()).orElseThrow().ending()).contains(result);
  }

  /// Each name is short enough, and all of them together are longer than any path that the system takes.
  private static void digDeep(Path under) throws IOException, InterruptedException {
    Files.createDirectories(under);
    var dug = new ProcessBuilder("sh", "-c",
        "d=$(printf 'x%.0s' $(seq 250)); for i in $(seq 20); do mkdir $d; cd $d; done; echo deep >file")
        .directory(under.toFile()).inheritIO().start();
    assertThat(dug.waitFor()).isZero();
  }

  @Test void what_a_hostile_program_has_dug_can_be_forgotten_and_keeps_no_agent_from_starting() throws Exception {
    // given
    var job = Offers.job(Offers.work(), 1);
    var lease = Offers.lease(job, 7);
    var spool = Spool.open(folder);
    spool.leased(Offers.run(job, lease));
    digDeep(spool.runDirectory(lease.deal()).outputs());
    digDeep(folder.resolve("aside-left by a killed agent"));
    // when
    var again = Spool.open(folder);
    again.forget(lease.deal());
    // then
    assertThat(folder).isEmptyDirectory();
  }

  @Test void a_process_killed_at_any_file_leaves_a_spool_that_opens() throws IOException {
    var job = Offers.job(Offers.work(), 1);
    var lease = Offers.lease(job, 7);
    var spool = Spool.open(folder);
    var entry = folder.resolve(lease.deal().toString());
    // killed while the lease was being written: only the temporary file is there
    Files.createDirectories(entry);
    Files.write(entry.resolve(".new-1"), new byte[]{1, 2});
    assertThat(Spool.open(folder).all()).isEmpty();
    assertThat(entry).doesNotExist();
    // killed while the marker or the ending was being written
    spool.leased(Offers.run(job, lease));
    Files.write(entry.resolve(".new-2"), new byte[]{1});
    assertThat(Spool.open(folder).find(lease.deal())).hasValueSatisfying(deal -> {
      assertThat(deal.taken()).isFalse();
      assertThat(deal.ending()).isEmpty();
    });
  }

  @Test void the_first_ending_stands() throws IOException {
    var job = Offers.job(Offers.work(), 1);
    var lease = Offers.lease(job, 7);
    var spool = Spool.open(folder);
    var deal = spool.taken(spool.leased(Offers.run(job, lease)));
    var release = SignedWire.toProto(Offers.PROVIDER.sign(Offers.DOMAIN, new Release(lease.deal())));
    var result = SignedWire.toProto(Offers.PROVIDER.sign(Offers.DOMAIN,
        new Result(lease.deal(), lease.offer(), lease.price(), Offers.NOW, Offers.NOW)));
    spool.ended(deal, release, REPORT);
    assertThat(spool.ended(deal, result, RunReport.getDefaultInstance()).ending()).contains(release);
    var kept = Spool.open(folder).find(lease.deal()).orElseThrow();
    assertThat(kept.ending()).contains(release);
    assertThat(kept.report()).contains(REPORT);
  }

  @Test void what_a_run_has_written_outlives_its_deal_but_not_the_process() throws IOException {
    var job = Offers.job(Offers.work(), 1);
    var lease = Offers.lease(job, 7);
    var spool = Spool.open(folder);
    spool.leased(Offers.run(job, lease));
    var run = spool.runDirectory(lease.deal());
    Files.createDirectories(run.outputs());
    assertThat(spool.setAside(lease.deal())).as("not ended").isEmpty();
    Files.writeString(run.exitCode(), "143");
    var aside = spool.setAside(lease.deal()).orElseThrow();
    spool.forget(lease.deal());
    assertThat(aside.resolve("exitCode")).hasContent("143");
    assertThat(Spool.open(folder).all()).isEmpty();
    assertThat(aside).doesNotExist();
  }

  @Test void a_forgotten_deal_leaves_nothing() throws IOException {
    var job = Offers.job(Offers.work(), 1);
    var lease = Offers.lease(job, 7);
    var spool = Spool.open(folder);
    spool.leased(Offers.run(job, lease));
    Files.createDirectories(spool.runDirectory(lease.deal()).outputs());
    spool.forget(lease.deal());
    spool.forget(lease.deal());
    assertThat(folder).isEmptyDirectory();
  }

  @Test void deals_that_nobody_can_want_are_swept() throws IOException {
    var job = Offers.job(Offers.work(), 1);
    var lease = Offers.lease(job, 7);
    var spool = Spool.open(folder);
    spool.leased(Offers.run(job, lease));
    assertThat(spool.sweep(lease.openBy() + Spool.KEPT_SECONDS)).isEmpty();
    assertThat(spool.find(lease.deal())).isPresent();
    assertThat(spool.sweep(lease.openBy() + Spool.KEPT_SECONDS + 1)).containsExactly(lease.deal());
    assertThat(spool.find(lease.deal())).isEmpty();
  }

  @Test void a_damaged_lease_is_named_and_not_passed_over() throws IOException {
    var lease = Offers.lease(Offers.job(Offers.work(), 1), 7);
    var entry = Files.createDirectories(folder.resolve(lease.deal().toString()));
    Files.write(entry.resolve("lease"), new byte[]{(byte) 0xff, 1, 2});
    assertThatThrownBy(() -> Spool.open(folder)).isInstanceOf(IOException.class).hasMessageContaining("not readable");
  }

  @Test void session_and_version_only_grow_and_the_machine_stays() throws IOException {
    var first = MachineIdentity.open(folder, new java.security.SecureRandom());
    assertThat(first.nextSession()).isEqualTo(1);
    assertThat(first.nextSession()).isEqualTo(2);
    var second = MachineIdentity.open(folder, new java.security.SecureRandom());
    assertThat(second.machine()).isEqualTo(first.machine());
    assertThat(second.nextSession()).isEqualTo(3);
    assertThat(second.nextVersion()).isEqualTo(1);
  }
}
