package network.lilypad.executor.docker;

import static network.lilypad.executor.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.dockerjava.api.model.Container;
import com.github.dockerjava.api.command.WaitContainerResultCallback;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import network.lilypad.executor.Execution.Ended;
import network.lilypad.executor.Guests;
import network.lilypad.executor.Listener;
import network.lilypad.executor.Outcome.Cancelled;
import network.lilypad.executor.Outcome.Exited;
import network.lilypad.executor.Sink;
import network.lilypad.executor.Task;
import network.lilypad.executor.Task.OutputLimits;
import network.lilypad.executor.egress.AddressRule;
import network.lilypad.executor.egress.EgressRule;
import network.lilypad.executor.egress.Site;
import network.lilypad.protocol.value.Engine;
import network.lilypad.protocol.value.JobSpec;
import network.lilypad.protocol.value.NetworkPolicy;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What containers reach with `http` and `full`, and what they do not.
final class NetworkTest {
  private static final InetAddress HERE = InetAddress.ofLiteral("127.0.0.1");
  private static final Guests.Limits LIMITS = new Guests.Limits(64, Duration.ofMinutes(5),
      new OutputLimits(1 << 20, 1 << 20, 100));

  private final Site site = new Site();
  private final String owner = Owners.fresh();
  /// Hosts of the tests are here, and at the site's port.
  private final EgressRule local = new EgressRule(Set.of(site.port()), HERE::equals, host -> {
    if (host.endsWith(".test")) {
      return List.of(HERE);
    }
    throw new UnknownHostException(host);
  });
  private final DockerExecutor executor = executor(NetworkPolicy.FULL, local);
  @TempDir
  private Path home;

  NetworkTest() throws IOException {}

  private DockerExecutor executor(NetworkPolicy network, EgressRule rule) {
    var usual = DockerSetting.of(owner);
    return DockerExecutor.of(
        new DockerSetting(usual.engine(), owner, network, usual.credentials(), rule, ImageRule.USUAL),
        InstantSource.system());
  }

  @AfterEach void close() {
    executor.close();
    site.close();
    TestEngine.shared().clear(owner);
  }

  @Test void with_http_the_hosts_of_the_job_are_reached_through_the_proxy_and_nothing_else() throws Exception {
    try (var open = new ServerSocket(0)) {
      var script = """
          wget -q -O - http://site.test:PORT/plain
          wget -q -O - http://other.test:PORT/ && echo other
          wget -q -O - http://site.test:81/ && echo port
          cat /proc/sys/kernel/hostname; INTERFACES; env | grep -i -c _proxy=
          for to in 172.17.0.1 127.0.0.1 10.0.0.1 1.1.1.1; do
            nc -w 2 $to OPEN </dev/null && echo "reached $to"
            nc -w 2 $to PORT </dev/null && echo "reached $to"
          done
          no_proxy=* wget -T 2 -q -O - http://site.test:PORT/ && echo direct
          echo done""".replace("INTERFACES", ShellImage.INTERFACES).replace("PORT", "" + site.port()).replace("OPEN",
          "" + open.getLocalPort());
      var ended = executor.start(http(1, script, "site.test"), Sink.NONE).await();
      assertThat(text(ended, "stdout").lines()).containsExactly("hello ", "lilypad", "6", "done");
      assertThat(text(ended, "stderr")).contains("403 Forbidden", "Network is unreachable").endsWith("""
          lilypad: network: refused other.test:PORT (not on the job's list)
          lilypad: network: refused site.test:81 (only ports [PORT])
          """.replace("PORT", "" + site.port()));
      assertThat(site.asked()).containsExactly("GET /plain site.test:" + site.port() + " null null");
    }
    assertThat(containers(0)).isEmpty();
  }

  @Test void a_tunnel_leads_to_a_host_on_the_list() throws Exception {
    var ended = executor.start(http(1, """
        mkfifo /tmp/in; touch /tmp/out
        nc 127.0.0.1 3128 </tmp/in >/tmp/out & exec 3>/tmp/in
        printf 'CONNECT site.test:PORT HTTP/1.1\\r\\n\\r\\n' >&3
        while ! grep -q established /tmp/out; do sleep 0.1; done
        printf 'GET /tunnel HTTP/1.0\\r\\n\\r\\n' >&3; exec 3>&-
        wait; cat /tmp/out
        printf 'CONNECT other.test:PORT HTTP/1.1\\r\\n\\r\\n' | nc 127.0.0.1 3128"""
        .replace("PORT", "" + site.port()), "site.test"), Sink.NONE).await();
    assertThat(text(ended, "stdout")).startsWith("HTTP/1.1 200 Connection established").contains("hello ")
        .contains("403 Forbidden").contains("allowed: site.test at ports [" + site.port() + "]");
    assertThat(site.asked()).containsExactly("GET /tunnel null null null");
  }

  @Test void by_default_names_that_lead_inside_are_refused() throws Exception {
    var inside = Map.of("home.test", "127.0.0.1", "cloud.test", "169.254.169.254", "lan.test", "10.0.0.1");
    var rule = new EgressRule(EgressRule.PUBLIC.ports(), AddressRule.PUBLIC,
        host -> List.of(InetAddress.ofLiteral(inside.get(host))));
    try (var usual = executor(NetworkPolicy.HTTP, rule)) {
      var ended = usual.start(http(1, "for host in home cloud lan; do wget -q -O - http://$host.test/; done",
          "home.test", "cloud.test", "lan.test"), Sink.NONE).await();
      assertThat(text(ended, "stderr")).endsWith("""
          lilypad: network: refused cloud.test:80 (its name leads to no public address)
          lilypad: network: refused home.test:80 (its name leads to no public address)
          lilypad: network: refused lan.test:80 (its name leads to no public address)
          """);
    }
  }

  @Test void the_lists_of_neighbours_are_their_own_and_a_cancelled_run_leaves_nothing() throws Exception {
    var told = new Listener();
    var neighbour = executor.start(http(1, "wget -q -O - http://other.test:" + site.port() + "/neighbour; sleep 100",
        "other.test"), told);
    told.awaitText("hello");
    assertThat(containers(2)).hasSize(2);
    var ended = executor.start(http(2, "wget -q -O - http://other.test:" + site.port() + "/stolen || "
        + "wget -q -O - http://site.test:" + site.port() + "/own", "site.test"), Sink.NONE).await();
    assertThat(ended.outcome()).isEqualTo(new Exited(0));
    assertThat(site.asked()).extracting(asked -> asked.split(" ")[1]).containsExactly("/neighbour", "/own");
    neighbour.cancel();
    assertThat(neighbour.await().outcome()).isEqualTo(new Cancelled());
    assertThat(containers(0)).isEmpty();
  }

  @Test void a_run_that_cannot_be_started_leaves_nothing() throws Exception {
    var task = http(1, "true", "site.test");
    var spec = new JobSpec("guest", "", Engine.DOCKER, task.spec().image(), "", List.of(), new TreeMap<>(),
        new TreeMap<>(),
        List.of("/nothing"), "", List.of("site.test"), 0);
    var broken = new Task(task.deal(), spec, task.grant(), task.directory());
    assertThat(executor.start(broken, Sink.NONE).await().outcome().exitCode()).isEqualTo(127);
    assertThat(containers(0)).isEmpty();
  }

  @Test void http_needs_the_owner_s_consent() {
    try (var closed = executor(NetworkPolicy.NONE, local)) {
      assertThatThrownBy(() -> closed.start(http(1, "true", "site.test"), Sink.NONE))
          .hasMessageContaining("network: HTTP (expected: at most NONE");
      assertThat(DockerExecutor.httpObstacle()).isEmpty();
    }
  }

  @Test void a_run_that_outlived_its_agent_gets_its_way_out_again() throws Exception {
    var get = "wget -q -O - http://site.test:" + site.port() + "/";
    var task = http(1, get + "first; while ! " + get + "second; do sleep 0.2; done; exit 3", "site.test");
    try (var dead = executor(NetworkPolicy.HTTP, new EgressRule(Set.of(site.port()), HERE::equals, host -> {
      return site.asked().isEmpty() ? List.of(HERE) : List.of();
    }))) {
      var told = new Listener();
      dead.start(task, told);
      told.awaitText("hello");
    }
    assertThat(executor.survivors()).containsExactly(task.deal());
    var ended = executor.adopt(task, Sink.NONE).orElseThrow().await();
    assertThat(ended.outcome()).isEqualTo(new Exited(3));
    assertThat(text(ended, "stdout")).isEqualTo("hello \nhello \n");
    assertThat(containers(0)).isEmpty();
  }

  @Test void a_run_that_failed_while_it_had_no_way_out_is_run_again() throws Exception {
    for (int code : List.of(0, 1)) {
      var directory = Files.createDirectory(home.resolve("code-" + code));
      var task = http(directory, 1 + code, "echo ready; while [ ! -f /inputs/go ]; do sleep 0.1; done; exit " + code);
      Files.createDirectories(task.directory().inputs());
      try (var dead = executor(NetworkPolicy.HTTP, local)) {
        var told = new Listener();
        dead.start(task, told);
        told.awaitText("ready");
      }
      var job = containers(2).stream().filter(found -> !found.getLabels().containsKey(ContainerPlan.ROLE)).findFirst()
          .orElseThrow();
      Files.createFile(task.directory().inputs().resolve("go"));
      // an agent that is killed leaves it running
      TestEngine.shared().client().unpauseContainerCmd(job.getId()).exec();
      TestEngine.shared().client().waitContainerCmd(job.getId())
          .exec(new WaitContainerResultCallback()).awaitStatusCode();
      try (var next = executor(NetworkPolicy.HTTP, local)) {
        var adopted = next.adopt(task, Sink.NONE);
        assertThat(adopted.isPresent()).isEqualTo(code == 0);
        if (adopted.isPresent()) {
          assertThat(adopted.get().await().outcome()).isEqualTo(new Exited(0));
        }
      }
      assertThat(containers(0)).isEmpty();
    }
  }

  @Test void a_holder_is_discarded_with_its_deal() throws Exception {
    var task = http(1, "echo ready; sleep 100", "site.test");
    try (var dead = executor(NetworkPolicy.HTTP, local)) {
      var told = new Listener();
      dead.start(task, told);
      told.awaitText("ready");
    }
    assertThat(containers(2)).hasSize(2);
    executor.discard(task.deal());
    assertThat(containers(0)).isEmpty();
  }

  @Test void with_full_a_container_gets_out_and_neighbours_do_not_reach_one_another() throws Exception {
    var bridged = executor(NetworkPolicy.FULL, local);
    var told = new Listener();
    var listening = bridged.start(task(home, 1, NetworkPolicy.FULL,
        "nc -ll -p 8000 -e echo mine & while ! nc 127.0.0.1 8000 </dev/null; do sleep 0.1; done; wait", List.of()),
        told);
    told.awaitText("mine");
    // the engine's list of containers is behind a start for a moment
    var address = TestEngine.shared().client().inspectContainerCmd(containers(1).getFirst().getId()).exec()
        .getNetworkSettings().getNetworks().get("lilypad-" + owner).getIpAddress();
    try (var site = new ServerSocket(0); var here = new Socket(address, 8000)) {
      assertThat(here.getInputStream().readNBytes(4)).as("the port is open").asString().isEqualTo("mine");
      Thread.ofVirtual().start(() -> greet(site));
      var ended = bridged.start(task(home, 2, NetworkPolicy.FULL, "nc -w 3 " + address + " 8000 && echo reached; "
          + "set -- $(ip route | grep default); nc -w 20 $3 " + site.getLocalPort(), List.of()), Sink.NONE).await();
      assertThat(text(ended, "stdout")).isEqualTo("out\n");
      var walled = bridged.start(http(3, "nc -w 3 " + address + " 8000 && echo reached", "site.test"), Sink.NONE)
          .await();
      assertThat(text(walled, "stdout")).isEmpty();
    }
    listening.cancel();
    listening.await();
    assertThat(containers(0)).isEmpty();
    bridged.close();
    assertThat(TestEngine.shared().client().listNetworksCmd().withNameFilter("lilypad-" + owner).exec()).isEmpty();
  }

  private static void greet(ServerSocket site) {
    try (var socket = site.accept()) {
      socket.getOutputStream().write("out\n".getBytes(StandardCharsets.US_ASCII));
    } catch (IOException _) {
      // nobody came
    }
  }

  @Test void the_most_memory_is_told() throws Exception {
    long peak = 0;
    // it is looked at ten times a second, unless the machine stands
    for (int seconds = 1; peak < 40_000_000 && seconds < 100; seconds *= 3) {
      peak = peakOfOneThatStays(seconds);
    }
    assertThat(peak).isBetween(40_000_000L, 128L << 20);
  }

  private long peakOfOneThatStays(int seconds) throws InterruptedException {
    var guests = TestEngine.shared().guests(home, 1);
    var script = "head -c 40000000 /dev/zero >/tmp/a; sleep " + seconds;
    var spec = task(home, 1, NetworkPolicy.NONE, script, List.of()).spec();
    return executor.start(guests.task(spec, new Guests.Limits(128, LIMITS.time(), LIMITS.output())), Sink.NONE)
        .await().usage().peakMemoryBytes();
  }

  private Task http(int attempt, String script, String... hosts) {
    return task(home, attempt, NetworkPolicy.HTTP, script, List.of(hosts));
  }

  private static Task http(Path directory, int attempt, String script) {
    return task(directory, attempt, NetworkPolicy.HTTP, script, List.of());
  }

  private static Task task(Path home, int attempt, NetworkPolicy network, String script, List<String> hosts) {
    var engine = TestEngine.shared();
    var spec = new JobSpec("guest", "", Engine.DOCKER, engine.image(), "", List.of("-c", script), new TreeMap<>(),
        new TreeMap<>(), List.of("/bin/sh"), "", hosts, 0);
    var task = engine.guests(home.resolve("run-" + attempt), attempt).task(spec, LIMITS);
    var grant = task.grant();
    return new Task(task.deal(), spec,
        new Task.Grant(grant.resources(), grant.time(), grant.output(), List.of(), network),
        task.directory());
  }

  /// What there is when all that has ended is removed.
  private List<Container> containers() {
    executor.survivors();
    return TestEngine.shared().client().listContainersCmd().withShowAll(true)
        .withLabelFilter(Map.of(ContainerPlan.OWNER, owner)).exec();
  }

  /// The same, when there are so many: the engine's list is behind its deeds for a moment.
  private List<Container> containers(int number) {
    return eventually(this::containers, found -> found.size() == number);
  }

  private static String text(Ended ended, String stream) throws IOException {
    return Files.readString(ended.result().resolve(stream), StandardCharsets.UTF_8);
  }
}
