package network.lilypad.executor.docker;

import static network.lilypad.executor.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import network.lilypad.executor.Execution.Ended;
import network.lilypad.executor.ExecutorUnavailableException;
import network.lilypad.executor.Guests;
import network.lilypad.executor.Listener;
import network.lilypad.executor.Outcome.Cancelled;
import network.lilypad.executor.Outcome.DiskFull;
import network.lilypad.executor.Outcome.Exited;
import network.lilypad.executor.Outcome.OutOfMemory;
import network.lilypad.executor.Outcome.OutputTooLarge;
import network.lilypad.executor.Outcome.Trapped;
import network.lilypad.executor.Sink;
import network.lilypad.executor.Task;
import network.lilypad.executor.Task.OutputLimits;
import network.lilypad.protocol.value.Bytes32;
import network.lilypad.protocol.value.Engine;
import network.lilypad.protocol.value.JobSpec;
import network.lilypad.protocol.value.NetworkPolicy;
import network.lilypad.protocol.value.Resources;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Hostile programs in containers: what they cannot do, what is told of it by name, and that a neighbour does not
/// notice.
final class ContainmentTest {
  private static final String OWNER = Owners.fresh();
  private static final DockerExecutor EXECUTOR = DockerExecutor.of(DockerSetting.of(OWNER), InstantSource.system());
  private static final Guests.Limits LIMITS = new Guests.Limits(64, Duration.ofMinutes(5),
      new OutputLimits(1 << 20, 8 << 20, 20_000));

  @TempDir
  private Path home;

  @AfterAll static void close() {
    EXECUTOR.survivors().forEach(EXECUTOR::discard);
    EXECUTOR.close();
  }

  @Test void a_program_has_no_capability_no_new_privilege_a_filter_and_a_root_it_cannot_write() throws Exception {
    var ended = shell("grep -E '^(CapEff|CapBnd|NoNewPrivs|Seccomp):' /proc/self/status; pwd; echo x >/bin/x; "
        + "chown 1 /tmp; mount -t tmpfs none /tmp; mknod /tmp/null c 1 3; echo $?");
    assertThat(text(ended, "stdout").lines()).containsExactly("CapBnd:\t0000000000000000".replace("Bnd", "Eff"),
        "CapBnd:\t0000000000000000", "NoNewPrivs:\t1", "Seccomp:\t2", "/", "1");
    assertThat(text(ended, "stderr")).contains("/bin/x: Read-only file system").contains("mount: permission denied")
        .contains("mknod").contains("chown");
  }

  @Test void a_job_without_network_has_none_and_the_host_is_not_seen() throws Exception {
    var ended = shell(
        ShellImage.INTERFACES
            + "; echo none; wget -T 2 -q -O - http://1.1.1.1 || echo unreachable; ls /proc | grep -c '^[0-9]'");
    var lines = text(ended, "stdout").lines().toList();
    assertThat(lines).startsWith("none").contains("unreachable");
    assertThat(Integer.parseInt(lines.getLast())).isLessThan(6);
  }

  @Test void a_network_that_one_side_does_not_want_is_refused_by_name() {
    var task = granted(task("true"), NetworkPolicy.FULL, List.of());
    assertThatThrownBy(() -> EXECUTOR.start(task, Sink.NONE)).isInstanceOf(ExecutorUnavailableException.class)
        .hasMessageContaining("network: FULL").matches(e -> ((ExecutorUnavailableException) e).lasting());
    var http = granted(task("true"), NetworkPolicy.HTTP, List.of());
    assertThatThrownBy(() -> EXECUTOR.start(http, Sink.NONE))
        .hasMessageContaining("network: HTTP (expected: at most NONE");
  }

  @Test void a_network_that_both_sides_want_is_there() throws Exception {
    var usual = DockerSetting.of(Owners.fresh());
    var open = new DockerSetting(usual.engine(), usual.owner(), NetworkPolicy.FULL, usual.credentials());
    try (var executor = DockerExecutor.of(open, InstantSource.system())) {
      var task = granted(task("ls /sys/class/net"), NetworkPolicy.FULL, List.of());
      assertThat(text(executor.start(task, Sink.NONE).await(), "stdout").lines()).contains("eth0", "lo");
    } finally {
      TestEngine.shared().clear(usual.owner());
    }
  }

  @Test void what_is_no_file_or_folder_is_left_out_by_name() throws Exception {
    var ended = shell("cd /outputs; mkfifo pipe; ln -s /etc/passwd link; ln -s / folder; ln -s ../../../../../etc up; "
        + "touch 'back\\slash' \"$(printf 'bad\\377name')\"; printf kept >ünï😀; nc -lU socket & sleep 0.3; kill $!");
    assertThat(tree(ended)).containsExactly("ünï😀");
    assertThat(text(ended, "stderr").lines().map(line -> line.replaceFirst("bad.*name", "bad?name"))).contains(
        "lilypad: left out: outputs/link: a symbolic link", "lilypad: left out: outputs/folder: a symbolic link",
        "lilypad: left out: outputs/up: a symbolic link", "lilypad: left out: outputs/pipe: a fifo, socket or device",
        "lilypad: left out: outputs/back\\slash: a name that is not UTF-8 or has a backslash");
    assertThat(ended.outcome()).isInstanceOf(Exited.class);
  }

  @Test void a_path_of_long_names_hides_nothing_from_the_disk_s_bound() throws Exception {
    var name = "d".repeat(250);
    var ended = shell("cd /outputs; for i in $(seq 20); do mkdir %1$s && cd %1$s; done; ".formatted(name)
        + "head -c 100000000 /dev/zero >large; sleep 300");
    assertThat(ended.outcome()).isInstanceOfAny(OutputTooLarge.class, DiskFull.class);
    assertThat(text(ended, "stderr")).contains("a path of more than 3000 bytes on this machine");
    assertThat(tree(ended)).hasSizeLessThan(20);
  }

  @Test void the_open_files_of_a_process_are_bounded() throws Exception {
    assertThat(text(shell("ulimit -Sn; ulimit -Hn"), "stdout")).isEqualTo("8192\n8192\n");
  }

  @Test void a_tree_deeper_than_any_path_is_cut_and_removed() throws Exception {
    var ended = shell("cd /outputs; d=$(printf 'deepdeepdeep/%.0s' $(seq 100)); mkdir -p 0/$d; "
        + "for i in $(seq 10); do mkdir -p $i/$d; mv $((i-1)) $i/$d || exit 1; done; sleep 300");
    assertThat(ended.outcome()).as("what it has there cannot be looked at").isEqualTo(new OutputTooLarge(
        "output folders: one that cannot be looked into: File name too long"));
    // stopped between two of its steps it has two of them
    assertThat(tree(ended)).hasSizeBetween(OutputTree.DEPTH_MAX, 2 * OutputTree.DEPTH_MAX);
    assertThat(text(ended, "stderr")).contains("deeper than 30 folders");
    EXECUTOR.start(task("true"), Sink.NONE).await();
  }

  @Test void ten_thousand_files_and_closed_folders_are_a_result() throws Exception {
    var ended = shell(
        "mkdir -p /outputs/many /outputs/shut; cd /outputs/many; seq 10000 | while read i; do : >$i; done; "
            + "printf secret >/outputs/shut/file; chmod 000 /outputs/shut/file /outputs/shut");
    assertThat(ended.outcome()).isEqualTo(new Exited(0));
    assertThat(tree(ended)).hasSize(10_003);
    assertThat(ended.result().resolve("outputs/shut/file")).hasContent("secret");
  }

  @Test void a_fork_bomb_hits_its_own_bound_and_a_neighbour_does_not_notice() throws Exception {
    var told = new Listener();
    var bomb = EXECUTOR.start(TestEngine.shared().guests(Files.createDirectory(home.resolve("bomb")), 2).task(
        spec("echo armed; f() { f | f & }; f; while :; do :; done"),
        new Guests.Limits(64, Duration.ofMinutes(5), LIMITS.output())), told);
    told.awaitText("armed");
    assertThat(text(shell("sleep 1; seq 3"), "stdout")).isEqualTo("1\n2\n3\n");
    bomb.cancel();
    assertThat(bomb.await().outcome()).isInstanceOfAny(Cancelled.class, OutOfMemory.class, Exited.class);
  }

  @Test void processes_are_bounded_and_a_program_that_is_refused_one_is_told_so() throws Exception {
    // given: memory and time for more than the bound
    var limits = new Guests.Limits(4096, Duration.ofMinutes(10), LIMITS.output());
    // when
    var directory = Files.createDirectory(home.resolve("forks"));
    Files.createDirectory(directory.resolve("inputs"));
    var told = new Listener();
    var execution = EXECUTOR.start(TestEngine.shared().guests(directory, 2)
        .task(spec("mkfifo /tmp/never; (i=0; while [ $i -lt "
            + (ContainerPlan.PIDS_MAX + 50) + " ]; do (read x </tmp/never) & i=$((i+1)); done; echo all); echo over; "
            + "while [ ! -e /inputs/go ]; do :; done"), limits),
        told);
    told.awaitText("over");
    // a neighbour runs, and this one has been looked at meanwhile
    assertThat(text(shell("sleep 2; echo well"), "stdout")).isEqualTo("well\n");
    Files.createFile(directory.resolve("inputs/go"));
    var ended = execution.await();
    // then
    assertThat(text(ended, "stdout")).isEqualTo("over\n");
    assertThat(text(ended, "stderr")).contains("can't fork")
        .containsPattern("lilypad: processes: \\d+ refused above 4096");
  }

  @Test void memory_is_told_by_name_whoever_took_it() throws Exception {
    assertThat(shell("dd if=/dev/zero of=/dev/null bs=500M count=1").outcome()).isEqualTo(new OutOfMemory(64));
  }

  @Test void a_part_of_a_program_that_is_killed_for_memory_is_told_though_the_program_says_that_all_went_well()
      throws Exception {
    var ended = shell("dd if=/dev/zero of=/dev/null bs=500M count=1; sleep 3; echo well");
    assertThat(ended.outcome()).isEqualTo(new Exited(0));
    assertThat(text(ended, "stdout")).isEqualTo("well\n");
    assertThat(text(ended, "stderr"))
        .endsWith("lilypad: memory: a process was killed above 64 MiB, the program went on\n");
  }

  @Test void what_the_engine_takes_to_know_of_a_kill_is_no_time_of_the_program() throws Exception {
    var ended = shell("exit 137");
    assertThat(ended.outcome()).isEqualTo(new Exited(137));
    assertThat(Duration.between(ended.usage().startedAt(), ended.usage().endedAt()))
        .isLessThan(MemoryKill.PAUSE.multipliedBy(MemoryKill.LOOKS_MAX));
  }

  @Test void temporary_files_and_the_volumes_of_an_image_are_bounded_memory() throws Exception {
    var image = TestEngine.shared().load(ShellImage.of("\"Volumes\":{\"/data\":{}}"));
    var spec = new JobSpec("guest", "", Engine.DOCKER, image, "", List.of("-c",
        "head -c 40000000 /dev/zero >/tmp/a || echo full; rm /tmp/a; head -c 40000000 /dev/zero >/data/b || echo full; df -m /data"),
        new TreeMap<>(), new TreeMap<>(), List.of("/bin/sh"), "/tmp", List.of(), 16);
    var ended = EXECUTOR.start(TestEngine.shared().guests(home, 1).task(spec, LIMITS), Sink.NONE).await();
    assertThat(text(ended, "stdout")).startsWith("full\nfull\n").contains("tmpfs");
  }

  @Test void a_disk_that_is_full_is_told_by_name_before_the_program_ends() throws Exception {
    var limits = new Guests.Limits(64, Duration.ofMinutes(5), new OutputLimits(1000, 5_000_000, 100));
    var task = TestEngine.shared().guests(home, 1).task(
        spec("for i in 1 2 3; do head -c 3000000 /dev/zero >/outputs/$i; done; sleep 3600"), limits);
    var ended = EXECUTOR.start(task, Sink.NONE).await();
    assertThat(ended.outcome()).isEqualTo(new DiskFull(5_000_000));
    assertThat(tree(ended)).isSubsetOf("1", "2", "3");
    long kept = 0;
    for (var file : tree(ended)) {
      kept += Files.size(ended.result().resolve("outputs").resolve(file));
    }
    assertThat(kept).isEqualTo(5_000_000);
    assertThat(text(ended, "stderr")).endsWith("lilypad: disk full: above 5000000 bytes\n");
  }

  @Test void a_file_without_a_name_fills_the_disk_no_more_than_one_with_a_name() throws Exception {
    var limits = new Guests.Limits(64, Duration.ofMinutes(5), new OutputLimits(1000, 5_000_000, 100));
    for (var how : List.of("exec 3>/outputs/x; rm /outputs/x; head -c 6000000 /dev/zero >&3; sleep 300",
        "echo >/outputs/x; truncate -s 6000000 /outputs/x; exec 3</outputs/x; rm /outputs/x; sleep 300",
        "exec 3>/outputs/x; rm /outputs/x; head -c 3000000 /dev/zero >&3; head -c 3000000 /dev/zero >/outputs/y; sleep 300")) {
      var ended = EXECUTOR.start(TestEngine.shared().guests(home, 1).task(spec(how), limits), Sink.NONE).await();
      assertThat(ended.outcome()).as(how).isEqualTo(new DiskFull(5_000_000));
    }
  }

  @Test void a_file_without_a_name_that_is_let_go_does_not_count() throws Exception {
    var limits = new Guests.Limits(64, Duration.ofMinutes(5), new OutputLimits(1000, 5_000_000, 100));
    var ended = EXECUTOR.start(TestEngine.shared().guests(home, 1).task(spec("for i in $(seq 10); do "
        + "head -c 4000000 /dev/zero >/outputs/a; exec 3</outputs/a; rm /outputs/a; sleep 0.1; exec 3<&-; done; "
        + "head -c 4000000 /dev/zero >/outputs/c"), limits), Sink.NONE).await();
    assertThat(ended.outcome()).isEqualTo(new Exited(0));
    assertThat(tree(ended)).containsExactly("c");
  }

  @Test void a_file_that_is_too_large_costs_no_other_file_a_byte() throws Exception {
    var limits = new Guests.Limits(64, Duration.ofMinutes(5), new OutputLimits(1000, 5_000_000, 100));
    var ended = EXECUTOR.start(TestEngine.shared().guests(home, 1).task(
        spec("echo small >/outputs/z; mkdir /outputs/m; echo kept >/outputs/m/y; tr '\\0' f </dev/zero >/outputs/a"),
        limits), Sink.NONE).await();
    assertThat(ended.outcome()).isEqualTo(new DiskFull(5_000_000));
    assertThat(ended.result().resolve("outputs/z")).hasContent("small");
    assertThat(ended.result().resolve("outputs/m/y")).hasContent("kept");
    assertThat(Files.size(ended.result().resolve("outputs/a"))).isEqualTo(5_000_000 - 11);
  }

  @Test void a_cancelled_program_gets_the_one_signal_that_it_cannot_ignore_and_no_other_before() throws Exception {
    var told = new Listener();
    var execution = EXECUTOR.start(TestEngine.shared().guests(home, 1).task("spin", LIMITS, List.of("deaf"), Map.of()),
        told);
    told.awaitText("spinning");
    execution.cancel();
    assertThat(execution.await().outcome()).isEqualTo(new Cancelled());
    assertThat(TestEngine.shared().signals(OWNER)).isNotEmpty().containsOnly("9");
    assertThat(eventually(EXECUTOR::survivors, Set::isEmpty)).isEmpty();
  }

  @Test void a_program_that_is_not_there_is_the_jobs_own_failure() throws Exception {
    var ended = EXECUTOR.start(TestEngine.shared().guests(home, 1).task(
        TestEngine.shared().guests(home, 1).task("nothing", LIMITS, List.of(), Map.of()).spec(), LIMITS), Sink.NONE)
        .await();
    assertThat(ended.outcome()).isInstanceOfSatisfying(Trapped.class, trap -> {
      assertThat(trap.exitCode()).isEqualTo(127);
      assertThat(trap.reason()).contains("/guests/nothing");
    });
    assertThat(shell("exit 139").outcome()).isEqualTo(new Trapped("segmentation fault", 139));
  }

  @Test void what_an_image_or_a_job_asks_of_a_container_in_vain_is_the_jobs_own_failure() throws Exception {
    var engine = TestEngine.shared();
    var stranger = engine.load(ShellImage.of("\"User\":\"nosuch\""));
    assertThat(trapped(job(stranger, "", Map.of()))).contains("unable to find user nosuch");
    assertThat(trapped(job(engine.image(), "", Map.of("o", "/bin/busybox")))).contains("/bin/busybox",
        "not a directory");
    assertThat(trapped(job(engine.image(), "", Map.of("o", "/bin/busybox/x")))).contains("not a directory");
    assertThat(trapped(job(engine.image(), "/bin/busybox", Map.of()))).contains("not a directory");
    assertThat(EXECUTOR.survivors()).isEmpty();
  }

  @Test void a_program_of_any_user_reads_its_inputs_however_closed_the_agent_made_them() throws Exception {
    // given: as under the umask 077
    var inputs = Files.createDirectories(home.resolve("inputs/deep")).getParent();
    Files.writeString(inputs.resolve("deep/file"), "read\n");
    Files.setPosixFilePermissions(inputs.resolve("deep/file"), PosixFilePermissions.fromString("rw-------"));
    for (var folder : List.of(inputs.resolve("deep"), inputs)) {
      Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
    }
    // when
    var nobody = TestEngine.shared().load(ShellImage.of("\"User\":\"65534:65534\""));
    var spec = new JobSpec("guest", "", Engine.DOCKER, nobody, "", List.of("/bin/sh", "-c",
        "id -u; cat /inputs/deep/file; echo written >/outputs/mine"), new TreeMap<>(), new TreeMap<>());
    var ended = EXECUTOR.start(TestEngine.shared().guests(home, 1).task(spec, LIMITS), Sink.NONE).await();
    // then
    assertThat(text(ended, "stdout")).endsWith("\nread\n");
    assertThat(ended.result().resolve("outputs/mine")).hasContent("written");
  }

  private static JobSpec job(Bytes32 image, String folder, Map<String, String> outputs) {
    return new JobSpec("guest", "", Engine.DOCKER, image, "", List.of("/bin/true"), new TreeMap<>(),
        new TreeMap<>(outputs), List.of(), folder, List.of(), 0);
  }

  private String trapped(JobSpec spec) throws Exception {
    var ended = EXECUTOR.start(TestEngine.shared().guests(home, 1).task(spec, LIMITS), Sink.NONE).await();
    assertThat(ended.outcome()).isInstanceOf(Trapped.class).extracting(outcome -> outcome.exitCode()).isEqualTo(126);
    return text(ended, "stderr");
  }

  @Test void gpus_that_are_not_there_are_the_machines_fault() {
    var execution = EXECUTOR.start(granted(task("true"), NetworkPolicy.NONE, List.of("GPU-00000000")), Sink.NONE);
    assertThatThrownBy(execution::await).isInstanceOf(ExecutorUnavailableException.class)
        .hasMessageContaining("no GPU [GPU-00000000]");
  }

  @Test void processors_and_shared_memory_are_what_was_sold() throws Exception {
    var spec = new JobSpec("guest", "", Engine.DOCKER, TestEngine.shared().image(), "",
        List.of("-c", "pwd; df -m /dev/shm | grep -c ' 8 '; i=0; while [ $i -lt 300000 ]; do i=$((i+1)); done"),
        new TreeMap<>(), new TreeMap<>(), List.of("/bin/sh"), "/home", List.of(), 8);
    var ended = EXECUTOR.start(TestEngine.shared().guests(home, 1).task(spec, LIMITS), Sink.NONE).await();
    assertThat(text(ended, "stdout")).isEqualTo("/home\n1\n");
    var wall = Duration.between(ended.usage().startedAt(), ended.usage().endedAt());
    assertThat(ended.usage().cpu()).isBetween(Duration.ZERO, wall);
  }

  private Ended shell(String script) throws InterruptedException {
    return EXECUTOR.start(task(script), Sink.NONE).await();
  }

  private Task task(String script) {
    return TestEngine.shared().guests(home, 1).task(spec(script), LIMITS);
  }

  private static JobSpec spec(String script) {
    return new JobSpec("guest", "", Engine.DOCKER, TestEngine.shared().image(), "", List.of("/bin/sh", "-c", script),
        new TreeMap<>(), new TreeMap<>());
  }

  private static Task granted(Task task, NetworkPolicy network, List<String> gpus) {
    var grant = task.grant();
    return new Task(task.deal(), task.spec(), new Task.Grant(Resources.cpu(1000, 64, 8), grant.time(), grant.output(),
        gpus, network), task.directory());
  }

  private static String text(Ended ended, String stream) throws Exception {
    return Files.readString(ended.result().resolve(stream), StandardCharsets.UTF_8);
  }

  private static List<String> tree(Ended ended) throws Exception {
    var outputs = ended.result().resolve("outputs");
    try (var paths = Files.walk(outputs)) {
      return paths.filter(path -> !path.equals(outputs)).map(path -> outputs.relativize(path).toString()).sorted()
          .toList();
    }
  }
}
