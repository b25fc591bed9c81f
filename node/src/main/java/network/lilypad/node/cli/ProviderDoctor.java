package network.lilypad.node.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import network.lilypad.executor.docker.DockerExecutor;
import network.lilypad.executor.gpu.Gpu;
import network.lilypad.executor.gpu.GpuProbes;
import network.lilypad.executor.gpu.GpuSearch;
import network.lilypad.node.agent.AgentConfig;
import network.lilypad.node.agent.Benchmark;
import network.lilypad.node.agent.DiskRoom;
import network.lilypad.node.agent.ProviderAgent;
import network.lilypad.node.agent.SpeedFile;
import network.lilypad.node.client.GatewayAddress;
import network.lilypad.node.client.GatewayRefusedException;
import network.lilypad.node.client.GatewayUnavailableException;
import network.lilypad.node.config.ConfigRejectedException;
import network.lilypad.node.config.NodeConfig;
import network.lilypad.protocol.sign.Wallet;
import network.lilypad.protocol.value.Lp;
import network.lilypad.protocol.value.Resources;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `lilypad provider doctor`: looks at everything that a machine needs to be rented out, and how fast it is.
@CommandLine.Command(name = "doctor",
    description = "Check engines, GPUs, disk, keys, clock and gateway, and measure this machine for two seconds.",
    footer = {"", "Exit codes: 0 nothing is BAD; 125 something is, its line says what to do."})
final class ProviderDoctor extends Command {
  /// Less is not worth an offer: a tenth of the free disk is sold.
  private static final long DISK_GIB_MIN = 10;

  @Option(names = "--no-benchmark", description = "Measure nothing.")
  private boolean noBenchmark;

  @Mixin
  private Configuration configuration = new Configuration();

  ProviderDoctor(Terminal terminal) {
    super(terminal);
  }

  @Override int run(Screen screen) throws IOException, InterruptedException {
    var dataDir = common().dataDir(terminal());
    var findings = new Findings(screen);
    var agent = agent(dataDir, findings);
    findings.add(DoctorCommand.dataDir(dataDir));
    findings.add(disk(Files.getFileStore(dataDir).getUsableSpace(),
        DiskRoom.of(dataDir, agent.map(NodeConfig.Agent::diskReserveMib).orElse(0L)).reserveBytes()));
    findings.add(key(dataDir));
    findings.add(standing(dataDir));
    findings.lookAt("asking the gateway");
    findings.addAll(gateway(common().gateway(terminal()), dataDir));
    findings.lookAt("trying the engines");
    long begin = System.nanoTime();
    findings.add(DoctorCommand.wasm());
    long wasmMillis = (System.nanoTime() - begin) / 1_000_000;
    findings.add(docker(agent.map(config -> ProviderCommand.docker(config.docker())).orElse(AgentConfig.Docker.USUAL)));
    findings.add(http(DockerExecutor.httpObstacle()));
    findings.lookAt("looking for GPUs");
    var found = GpuProbes.detect();
    findings.addAll(gpus(found, System.getenv().getOrDefault("PATH", ""), screen));
    int shared = Math.min(found.fleet().gpus().size(), agent.map(config -> config.policy().gpus()).orElse(0));
    agent.ifPresent(config -> price(ProviderCommand.of(config, common().gateway(terminal()), dataDir), shared)
        .ifPresent(findings::add));
    ProviderAgent.offered(ProviderCommand.directory(dataDir)).ifPresent(offer -> findings.add(offered(offer, shared)));
    if (!noBenchmark) {
      measure(dataDir, wasmMillis, screen);
    }
    return findings.exitCode();
  }

  /// Whether containers can be let out to single hosts, which their owner allows with
  /// `lilypad.agent.policy.network.mode`.
  static Check http(Optional<String> obstacle) {
    return obstacle.map(why -> Check.note("network http", why, "")).orElseGet(() -> Check.ok("network http",
        "containers can be let out to single hosts, if lilypad.agent.policy.network.mode is http or full"));
  }

  private static void measure(Path dataDir, long wasmMillis, Screen screen) throws IOException {
    screen.waiting("measuring");
    var found = Benchmark.run(dataDir, System::nanoTime);
    screen.waiting("");
    var directory = ProviderCommand.directory(dataDir);
    if (Files.isDirectory(directory)) {
      SpeedFile.of(directory).write(found, Instant.now().getEpochSecond());
    }
    screen.answer("speed  " + found.text() + ", a first WebAssembly job takes " + wasmMillis + " ms",
        Screen.event("benchmark").put("sha256_mib_per_second", found.sha256MibPerSecond())
            .put("copied_mib_per_second", found.copiedMibPerSecond())
            .put("written_mib_per_second", found.writtenMibPerSecond())
            .put("sync_micros", found.syncMicros()).put("wasm_millis", wasmMillis));
  }

  /// The agent's configuration, if it can be read.
  private Optional<NodeConfig.Agent> agent(Path dataDir, Findings findings) {
    try {
      var agent = configuration.read(dataDir, Map.of(), terminal()).agent();
      var file = configuration.file(dataDir, terminal());
      findings.add(Check.ok("configuration", Files.exists(file) ? file.toString() : "the defaults"));
      return Optional.of(agent);
    } catch (ConfigRejectedException e) {
      findings.add(Check.bad("configuration", String.valueOf(e.getMessage()),
          "correct the file; reference.conf names every key"));
      return Optional.empty();
    }
  }

  private Check docker(AgentConfig.Docker docker) {
    if (!docker.enabled()) {
      return Check.note("engine docker", "switched off",
          "lilypad.agent.docker.enabled = true in lilypad.conf to run containers");
    }
    return DoctorCommand.docker(docker,
        terminal().environment());
  }

  /// What the signed offer says of GPUs, beside what is here.
  ///
  /// @param offered what was offered last
  /// @param here GPUs that are to be shared
  static Check offered(Resources offered, int here) {
    if (here > offered.gpus()) {
      return Check.note("offer", here + " GPUs are here, the last offer has " + offered.gpus(),
          "a running provider offers them within a minute");
    }
    return here < offered.gpus()
        ? Check.note("offer", here + " GPUs are here, the last offer has " + offered.gpus(),
            "the market sells only what works; see the driver's log if this is none of your doing")
        : Check.ok("offer", "the last one has " + offered.gpus() + " GPUs, as many as are shared here");
  }

  /// Whether the owner's smallest price can be reached; empty if there is none.
  ///
  /// @param gpus that are shared here
  static Optional<Check> price(AgentConfig config, int gpus) {
    var least = config.policy().minPrice();
    if (Lp.ZERO.covers(least)) {
      return Optional.empty();
    }
    return Optional.of(config.unreachable(Runtime.getRuntime().availableProcessors(), gpus)
        .map(why -> Check.bad("price", why, AgentConfig.reachableAgain()))
        .orElseGet(() -> Check.ok("price", "jobs that cost less than " + least
            + " at your asks are not taken, as lilypad.agent.policy.min-price says")));
  }

  /// @param free bytes
  /// @param reserve bytes of it that are never promised
  static Check disk(long free, long reserve) {
    long gib = free >> 30;
    var next = "free some, or use another --data-dir";
    if (free <= reserve) {
      return Check.bad("disk", (free >> 20) + " MiB free, all of it within the reserve of " + (reserve >> 20)
          + " MiB: no deal is signed", next + ", or lower lilypad.agent.disk-reserve");
    }
    long offered = Math.min(gib / 10, (free - reserve) >> 30);
    return gib >= DISK_GIB_MIN ? Check.ok("disk", offered + " of " + gib + " free GiB are offered, "
        + (reserve >> 20) + " MiB always stay free")
        : Check.note("disk", gib + " GiB free (expected: at least " + DISK_GIB_MIN + ")", next);
  }

  private static Check key(Path dataDir) throws IOException {
    var file = WalletFile.provider(dataDir);
    if (!file.exists()) {
      return Check.note("provider key", "none yet", "lilypad provider makes one");
    }
    try {
      return Check.ok("provider key", file.load().address() + " in " + file.file());
    } catch (FailureException e) {
      return Check.bad("provider key", String.valueOf(e.getMessage()), e.next());
    }
  }

  private static Check standing(Path dataDir) {
    return ProviderAgent.draining(ProviderCommand.directory(dataDir))
        ? Check.note("standing", "drained: this machine takes no new deals", "lilypad provider drain --undo")
        : Check.ok("standing", "takes deals when it runs");
  }

  private static List<Check> gateway(GatewayAddress address, Path dataDir) throws IOException {
    if (!DoctorCommand.answers(address)) {
      return List.of(Check.bad("gateway", "nothing listens at " + address,
          "name the market's gateway with --gateway; this machine only dials out, no port must be open"));
    }
    var wallet = wallet(WalletFile.provider(dataDir));
    var checks = new ArrayList<Check>();
    try (var connection = Connection.open(address, wallet.orElseGet(() -> Wallet.create(new SecureRandom())))) {
      checks.add(Check.ok("gateway", "version " + connection.info().getVersion() + " at " + address));
      long skew = connection.clock().skew();
      checks.add(Math.abs(skew) <= DoctorCommand.SKEW_SECONDS_MAX
          ? Check.ok("clock", "differs by " + skew + " s from the ledger's")
          : Check.bad("clock", "differs by " + skew + " s from the ledger's", "set this machine's clock"));
      if (wallet.isPresent()) {
        checks.add(collateral(connection, address));
      }
    } catch (GatewayRefusedException e) {
      checks.add(Check.bad("gateway", "at " + address + " refuses: " + e.why().message(),
          e.why().retryAfter().isPresent() ? "try again in a moment"
              : "ask the gateway's operator, or name another gateway with --gateway"));
    } catch (GatewayUnavailableException e) {
      checks.add(e.busy()
          .map(busy -> Check.bad("gateway", "at " + address + ": " + busy.message(), "try again in a moment"))
          .orElseGet(() -> Check.bad("gateway", "at " + address + " listens something else: " + e.getMessage(),
              "name the market's gateway with --gateway")));
    }
    return checks;
  }

  /// The provider's, unless something is wrong with it, which has been said.
  private static Optional<Wallet> wallet(WalletFile file) throws IOException {
    try {
      return file.exists() ? Optional.of(file.load()) : Optional.empty();
    } catch (FailureException _) {
      return Optional.empty();
    }
  }

  /// A gateway that has said what it is may still not say this.
  private static Check collateral(Connection connection, GatewayAddress address) {
    try {
      return collateral(connection.market().balance().getFree());
    } catch (GatewayRefusedException e) {
      return Check.bad("collateral", "the gateway at " + address + " does not say: " + e.why().message(),
          "what is BAD above may be why; else ask the gateway's operator");
    } catch (GatewayUnavailableException e) {
      return Check.bad("collateral", "the gateway at " + address + " does not say: " + e.getMessage(),
          "try again in a moment; else ask the gateway's operator");
    }
  }

  private static Check collateral(long free) {
    return free > 0 ? Check.ok("collateral", Words.lp(free) + " free")
        : Check.note("collateral", "no LP: jobs that ask for collateral cannot be taken",
            "send LP to the provider's address");
  }

  /// @param path where programs are looked for
  static List<Check> gpus(GpuProbes.Found found, String path, Screen screen) {
    found.fleet().gpus()
        .forEach(gpu -> screen.answer("gpu    " + gpu.name() + ", " + gpu.vramMib() + " MiB, " + gpu.uuid(),
            Screen.event("gpu").put("uuid", gpu.uuid()).put("name", gpu.name()).put("model", gpu.model().key())
                .put("vram_mib", gpu.vramMib()).put("driver", gpu.driver()).put("board", gpu.board())));
    var checks = new ArrayList<Check>();
    found.tried().values().stream().filter(answer -> answer.contains(GpuSearch.NOT_OFFERED)).distinct()
        .forEach(answer -> checks.add(Check.note("gpus not offered",
            answer.substring(answer.indexOf(GpuSearch.NOT_OFFERED) + GpuSearch.NOT_OFFERED.length()),
            "a container could not be given them; a running provider looks again every minute")));
    if (found.fleet().gpus().isEmpty()) {
      checks.add(Check.note("gpus", noGpus(found.tried()), "not needed for jobs without one; a GPU needs its driver"));
      return checks;
    }
    var faulty = found.fleet().fenced();
    checks.add(faulty.isEmpty() ? Check.ok("gpus", found.fleet().gpus().size() + " found")
        : Check.bad("gpus", "out of order: " + faulty.entrySet().stream()
            .map(gpu -> gpu.getKey() + ", " + gpu.getValue()).collect(Collectors.joining("; ")),
            "see the driver's log (dmesg), reset or replace the GPU"));
    if (found.fleet().gpus().stream().anyMatch(gpu -> gpu.vendor() == Gpu.Vendor.NVIDIA)) {
      checks.add(onPath("nvidia-container-runtime", path) || onPath("nvidia-ctk", path)
          ? Check.ok("gpu runtime", "the NVIDIA container toolkit is here")
          : Check.bad("gpu runtime", "no nvidia-container-runtime on the path",
              "install the NVIDIA container toolkit"));
    }
    return checks;
  }

  /// What is not installed is the usual, as is a kernel without drivers of GPUs, and left out.
  private static String noGpus(Map<String, String> tried) {
    var unusual = tried.entrySet().stream()
        .filter(probe -> !probe.getValue().endsWith("not found") && !probe.getValue().endsWith("is not there")
            && !probe.getKey().startsWith("drm-") && !probe.getValue().contains(GpuSearch.NOT_OFFERED))
        .map(probe -> probe.getValue().equals("0 GPUs") ? probe.getKey() + " sees none" : probe.getValue())
        .collect(Collectors.joining("; "));
    return unusual.isEmpty() ? "none found" : "none found: " + unusual;
  }

  private static boolean onPath(String program, String path) {
    return List.of(path.split(java.io.File.pathSeparator, -1)).stream().filter(folder -> !folder.isEmpty())
        .anyMatch(folder -> Files.isExecutable(Path.of(folder).resolve(program)));
  }
}
