package network.lilypad.node.cli;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import network.lilypad.executor.ExecutorUnavailableException;
import network.lilypad.executor.RunDirectory;
import network.lilypad.executor.Sink;
import network.lilypad.executor.Task;
import network.lilypad.executor.docker.DockerExecutor;
import network.lilypad.executor.wasm.WasmExecutor;
import network.lilypad.node.agent.AgentConfig;
import network.lilypad.node.client.GatewayAddress;
import network.lilypad.node.client.GatewayRefusedException;
import network.lilypad.node.client.GatewayUnavailableException;
import network.lilypad.node.client.Trees;
import network.lilypad.node.modules.BundledModuleResolver;
import network.lilypad.node.modules.ImageDigests;
import network.lilypad.protocol.sign.Wallet;
import network.lilypad.protocol.value.Bytes32;
import network.lilypad.protocol.value.DealId;
import network.lilypad.protocol.value.NetworkPolicy;
import network.lilypad.protocol.value.Work;
import picocli.CommandLine;

/// `lilypad doctor`: looks at everything that a first job needs.
@CommandLine.Command(name = "doctor", description = "Check this machine, its keys, the gateway and the engines.",
    footer = {"", "Exit codes: 0 nothing is BAD; 125 something is, its line says what to do."})
final class DoctorCommand extends Command {
  private static final int JAVA = 25;
  /// A request is signed for two minutes.
  static final long SKEW_SECONDS_MAX = 60;
  private static final int CONNECT_MILLIS = 500;

  DoctorCommand(Terminal terminal) {
    super(terminal);
  }

  @Override int run(Screen screen) throws IOException, InterruptedException {
    var findings = new Findings(screen);
    findings.add(java());
    findings.add(dataDir(common().dataDir(terminal())));
    findings.add(wallet());
    findings.lookAt("asking the gateway");
    findings.addAll(gateway(common().gateway(terminal())));
    findings.lookAt("trying the engines");
    findings.add(wasm());
    findings.add(docker(AgentConfig.Docker.USUAL, terminal().environment()));
    return findings.exitCode();
  }

  static void say(Check check, Screen screen) {
    var mark = switch (check.grade()) {
      case OK -> "ok  ";
      case NOTE -> "note";
      case BAD -> "BAD ";
    };
    screen
        .answer(mark + "  " + check.name() + ": " + check.found() + (check.next().isEmpty() ? "" : "; " + check.next()),
            Screen.event("check").put("name", check.name()).put("grade", check.grade().name())
                .put("found", check.found())
                .put("next", check.next()));
  }

  private static Check java() {
    int feature = Runtime.version().feature();
    return feature == JAVA ? Check.ok("java", Runtime.version().toString())
        : Check.bad("java", "version " + feature + " (expected: " + JAVA + ")", "set JAVA_HOME to a JDK 25");
  }

  static Check dataDir(Path dataDir) {
    try {
      Files.createDirectories(dataDir);
      Files.delete(Files.createTempFile(dataDir, ".doctor-", ""));
      return Check.ok("data directory", dataDir + ", " + (Files.getFileStore(dataDir).getUsableSpace() >> 30)
          + " GiB free");
    } catch (IOException e) {
      return Check.bad("data directory", String.valueOf(FailureException.of(e).getMessage()),
          "name another with --data-dir");
    }
  }

  private Check wallet() {
    var file = WalletFile.creator(common().dataDir(terminal()));
    if (!file.exists()) {
      return Check.note("wallet", "none yet", "lilypad run makes one");
    }
    try {
      return Check.ok("wallet", file.load().address() + " in " + file.file());
    } catch (FailureException | IOException e) {
      var failure = FailureException.of(e);
      return Check.bad("wallet", String.valueOf(failure.getMessage()), failure.next());
    }
  }

  private List<Check> gateway(GatewayAddress address) {
    if (!answers(address)) {
      return List.of(Check.note("gateway", "nothing listens at " + address, "start a node with: lilypad up"));
    }
    var file = WalletFile.creator(common().dataDir(terminal()));
    try (var connection = Connection.open(address, wallet(file))) {
      long skew = connection.clock().skew();
      var ledger = connection.embedded() ? "embedded ledger" : "chain " + connection.info().getChainId();
      return List.of(
          Check.ok("gateway", "version " + connection.info().getVersion() + " at " + address + ", " + ledger),
          Math.abs(skew) <= SKEW_SECONDS_MAX ? Check.ok("ledger time", "differs by " + skew + " s from this machine's")
              : Check.note("ledger time", "differs by " + skew + " s from this machine's", "set this machine's clock"));
    } catch (GatewayRefusedException e) {
      return List.of(Check.bad("gateway", "at " + address + " refuses: " + e.why().message(),
          FailureException.of(e).next()));
    } catch (GatewayUnavailableException e) {
      return List.of(Check.bad("gateway", "at " + address + " listens something else: " + e.getMessage(),
          "stop what uses the port, or use another with --gateway"));
    }
  }

  /// The creator's, else any: what is wrong with the creator's has been said.
  private static Wallet wallet(WalletFile file) {
    try {
      return file.exists() ? file.load() : Wallet.create(new SecureRandom());
    } catch (FailureException | IOException _) {
      return Wallet.create(new SecureRandom());
    }
  }

  static boolean answers(GatewayAddress address) {
    try (var socket = new Socket()) {
      socket.connect(new InetSocketAddress(address.host(), address.port()), CONNECT_MILLIS);
      return true;
    } catch (IOException _) {
      return false;
    }
  }

  /// Runs the smallest bundled module.
  static Check wasm() throws IOException, InterruptedException {
    var folder = Files.createTempDirectory("lilypad-doctor-");
    try (var executor = WasmExecutor.of(InstantSource.system())) {
      var job = new BundledModuleResolver().resolve("cowsay").prepare(Map.of("Message", "moo"), ImageDigests.PINNED);
      var directory = new RunDirectory(folder);
      Files.write(directory.program(), job.program().toByteArray());
      var work = new Work(job.spec().engine(), Bytes32.ZERO, Bytes32.ZERO, Bytes32.ZERO, job.resources(),
          job.runSeconds(), job.network(), Bytes32.ZERO, Bytes32.ZERO);
      var task = new Task(new DealId(Bytes32.ZERO), job.spec(), Task.Grant.of(work), directory);
      var ended = executor.start(task, Sink.NONE).await();
      return ended.outcome().exitCode() == 0 ? Check.ok("engine wasm", "ran cowsay; jobs may use up to "
          + executor.heapMib() + " MiB") : Check.bad("engine wasm", ended.outcome().toString(), "");
    } catch (ExecutorUnavailableException e) {
      return Check.bad("engine wasm", String.valueOf(e.getMessage()), "");
    } finally {
      Trees.delete(folder);
    }
  }

  static Check docker(AgentConfig.Docker docker, Map<String, String> environment) {
    var obstacle = docker.obstacle(environment);
    if (!obstacle.isEmpty()) {
      return Check.note("engine docker", obstacle, AgentConfig.Docker.remedy());
    }
    var setting = docker.setting("doctor", NetworkPolicy.NONE, environment);
    try (var executor = DockerExecutor.of(setting, InstantSource.system())) {
      var unlimited = executor.unlimited();
      if (unlimited.isPresent()) {
        return Check.bad("engine docker", executor.probe().version(),
            "use an engine that can; until then no containers are offered");
      }
      var probe = executor.probe();
      return probe.ready() ? Check.ok("engine docker", probe.version())
          : Check.note("engine docker", probe.version(),
              "start one to run containers, a running provider takes notice by itself; WebAssembly needs none");
    }
  }
}
