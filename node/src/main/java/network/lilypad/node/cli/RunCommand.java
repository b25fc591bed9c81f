package network.lilypad.node.cli;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import network.lilypad.node.agent.OutputRoom;
import network.lilypad.node.client.GatewayRefusedException;
import network.lilypad.node.client.GatewayUnavailableException;
import network.lilypad.node.modules.PreparedJob;
import network.lilypad.node.modules.image.ResolvedImages;
import network.lilypad.protocol.Rejection;
import network.lilypad.protocol.content.Cid;
import network.lilypad.protocol.content.ContentException;
import network.lilypad.protocol.content.ResultTree;
import network.lilypad.protocol.proto.v1.DealView;
import network.lilypad.protocol.proto.v1.Explanation;
import network.lilypad.protocol.proto.v1.Job;
import network.lilypad.protocol.proto.v1.JobEvent;
import network.lilypad.protocol.value.Address;
import network.lilypad.protocol.value.Bytes32;
import network.lilypad.protocol.value.JobId;
import network.lilypad.protocol.value.Lp;
import network.lilypad.protocol.value.Signed;
import network.lilypad.protocol.wire.JobSpecWire;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `lilypad run`: a module with inputs, from the offer to the verified result.
@CommandLine.Command(name = "run", description = "Run a module on somebody's machine.", footer = {"",
    "Example: lilypad run cowsay:v0.0.4 -i Message=moo", "",
    "Exit codes: the job's own 0 to 124; 125 something of ours failed; 126 refused;",
    "127 no machine in time; 130 detached by Ctrl-C, the job goes on."})
final class RunCommand extends Command {
  @Parameters(index = "0", paramLabel = "MODULE",
      description = "A module: cowsay:v0.0.4, ./folder, github.com/owner/repository:ref or a git URL.")
  private String module = "";

  @Option(names = {"-i",
      "--input"}, paramLabel = "NAME=VALUE",
      description = "An input of the module; repeat for more.")
  private List<String> inputs = List.of();

  @Option(names = "--inputs-path", paramLabel = "DIR",
      description = "A folder that the job sees as /inputs.")
  private @Nullable Path inputsPath;

  @Option(names = "--input-file", paramLabel = "FILE",
      description = "A file that the job sees in /inputs; repeat for more.")
  private List<Path> inputFiles = List.of();

  @Option(names = "--input-url", paramLabel = "NAME=URL",
      description = "A file of the web, fetched now, that the job sees in /inputs by that name; repeat for more.")
  private List<String> inputUrls = List.of();

  @Option(names = "--inputs-cid", paramLabel = "CID",
      description = "All of /inputs by its CID: imported before, or at the gateway's IPFS gateway.")
  private @Nullable String inputsCid;

  @Option(names = "--detach",
      description = "Submit and return; watch later with 'lilypad jobs watch'.")
  private boolean detach;

  @Option(names = "--max-price", paramLabel = "LP",
      description = "The most it may cost, such as 0.5 (default: 4 times the default ask for the whole run).")
  private @Nullable String maxPrice;

  @Option(names = "--timeout", paramLabel = "SECONDS", defaultValue = "600",
      description = "How long to look for a machine (default: ${DEFAULT-VALUE}).")
  private int timeout;

  @Option(names = {"-t",
      "--target"}, paramLabel = "ADDRESS",
      description = "The only provider to run it.")
  private @Nullable String target;

  @Option(names = "--output-dir", paramLabel = "DIR",
      description = "A folder for the results that is not there yet (default: ./lilypad-results/<job>).")
  private @Nullable Path outputDir;

  RunCommand(Terminal terminal) {
    super(terminal);
  }

  @Override int run(Screen screen) throws IOException, InterruptedException {
    var terms = new JobTerms(Optional.ofNullable(maxPrice).map(Lp::parse), timeout,
        target == null ? Address.ZERO : Address.parse(target));
    requireRoom();
    var files = files();
    var prepared = prepare(files, screen);
    try (var connection = Connection.open(common(), terminal(), screen)) {
      var job = submit(connection, prepared, terms, files, screen);
      return detach ? detached(job, screen) : follow(connection, job, screen);
    }
  }

  /// A result that has no place here is found out before it costs anything.
  private void requireRoom() {
    if (detach && outputDir != null) {
      throw FailureException.usage("--output-dir with --detach (expected: one of them)",
          "fetch the results later: lilypad jobs results JOB --output-dir " + outputDir);
    }
    if (!detach) {
      ResultFolder.of(outputDir, terminal().folder(), "new").requireNew();
    }
  }

  /// Everything about the module that needs no market: a mistake costs nothing.
  private PreparedJob prepare(JobInputs files, Screen screen) {
    files.requireThere();
    screen.waiting("looking up " + module);
    var prepared = ModulesCommand.library(common(), terminal()).resolve(module).prepare(named(inputs),
        ResolvedImages.of(terminal().environment()));
    files.requireNames(prepared.requiredFiles());
    return prepared;
  }

  /// Splits `NAME=VALUE`; the value may hold further `=`.
  static Map<String, String> named(List<String> inputs) {
    var named = new LinkedHashMap<String, String>();
    for (var input : inputs) {
      int equals = input.indexOf('=');
      if (equals < 1) {
        throw FailureException.usage("-i " + input + " (expected: NAME=VALUE)", "lilypad run --help");
      }
      if (named.put(input.substring(0, equals), input.substring(equals + 1)) != null) {
        throw FailureException.usage("-i " + input.substring(0, equals) + " twice (expected: each input once)", "");
      }
    }
    return named;
  }

  private JobInputs files() {
    return new JobInputs(Optional.ofNullable(inputsCid).map(Cid::parse),
        Optional.ofNullable(inputsPath).map(terminal().folder()::resolve),
        inputFiles.stream().map(terminal().folder()::resolve).toList(), JobInputs.named(inputUrls));
  }

  private static Job submit(Connection connection, PreparedJob prepared, JobTerms terms, JobInputs files, Screen screen)
      throws IOException {
    screen.waiting("storing program and inputs");
    var market = connection.market();
    if (prepared.carriesProgram()) {
      market.putBlob(prepared.spec().image(), prepared.program());
    }
    Bytes32 root = files.upload(market, connection.info().getMaxContentBytes(), screen);
    screen.waiting("submitting");
    var offer = terms.offer(prepared, connection, root, new SecureRandom().nextLong(Long.MAX_VALUE));
    warn(offer.work().resources().diskMib(), new OutputRoom(connection.info().getMaxContentBytes()), screen);
    Signed<network.lilypad.protocol.value.JobOffer> signed = connection.wallet().sign(connection.domain(), offer);
    ByteString spec = JobSpecWire.encode(prepared.spec());
    return Funds.provided(connection, screen,
        () -> market.submit(signed, spec, files.unseen(prepared.requiredFiles())));
  }

  /// A job that fills its disk may have more outputs than anybody takes.
  private static void warn(long diskMib, OutputRoom room, Screen screen) {
    if (diskMib << 20 > room.outputBytesMax()) {
      var warning = "the job asks for " + diskMib + " MiB of disk; this gateway takes "
          + RunWords.bytes(room.outputBytesMax()) + " of outputs at most, and above that the job ends as DISK_FULL";
      screen.stage("⚠️", warning, Screen.event("warning").put("message", warning));
    }
  }

  private static int detached(Job job, Screen screen) {
    screen.stage("🌟", "submitted job " + Words.shortHex(job.getJob()) + " (" + Words.hex(job.getJob()) + ")",
        Words.job("submitted", job));
    left(job, screen);
    return ExitCode.OK;
  }

  private static void left(Job job, Screen screen) {
    screen.stage("👋", "detached, the job goes on; watch it with: lilypad jobs watch " + Words.shortHex(job.getJob()),
        Screen.event("detached").put("job", Words.hex(job.getJob())));
  }

  private int follow(Connection connection, Job submitted, Screen screen) throws IOException, InterruptedException {
    var id = new JobId(Bytes32.of(submitted.getJob().toByteArray()));
    var folder = ResultFolder.of(outputDir, terminal().folder(), Words.shortHex(submitted.getJob()));
    var acceptor = new Acceptor(connection, id, folder);
    var lines = new JobLines(screen);
    try (var noMatch = NoMatchYet.of(connection.market(), id, screen);
        var _ = new Detaching(() -> left(submitted, screen))) {
      var ended = JobWatch.of(connection.market(), id, screen).follow(event -> {
        noMatch.heard(event);
        take(event, lines, acceptor, screen);
      });
      if (!ended.getPhase().equals("Done")) {
        throw JobOutcome.failed(connection.market().job(id), explanation(connection, id, ended));
      }
      var tree = result(acceptor, ended);
      return JobOutcome.done(tree, tree.exitCode() == 0 ? ended : reported(connection, id, ended), screen);
    }
  }

  /// Of a job that is done there is a result: what could not be fetched when it came is asked for once more.
  private static ResultTree result(Acceptor acceptor, Job ended) {
    var id = Words.shortHex(ended.getJob());
    try {
      return fetched(acceptor, ended.getDeal());
    } catch (GatewayRefusedException | GatewayUnavailableException e) {
      throw FailureException.ours("not-fetched", "job " + id + " is done, but its result could not be fetched: "
          + e.getMessage(), "fetch it with: lilypad jobs results " + id);
    }
  }

  /// A job that failed with what its machine said of that.
  private static Job reported(Connection connection, JobId id, Job ended) {
    try {
      return connection.market().job(id);
    } catch (GatewayRefusedException | GatewayUnavailableException _) {
      return ended;
    }
  }

  private static void take(JobEvent event, JobLines lines, Acceptor acceptor, Screen screen) {
    lines.say(event);
    if (!JobOutcome.judge(event)) {
      return;
    }
    try {
      var tree = fetched(acceptor, event.getResult());
      screen.stage("🔍", "result verified, every byte hashes to the committed root",
          Screen.event("verified").put("folder", tree.directory().toString()));
      accept(acceptor, event.getResult(), screen);
    } catch (GatewayRefusedException e) {
      notAccepted(e.why(), screen);
    }
  }

  /// A gateway that is busy has not gone away: silence accepts the result when its review is over.
  private static void accept(Acceptor acceptor, DealView deal, Screen screen) {
    try {
      acceptor.accept(deal);
    } catch (GatewayUnavailableException e) {
      notAccepted(e.busy().orElseThrow(() -> e), screen);
    }
  }

  private static void notAccepted(Rejection why, Screen screen) {
    screen.stage("💤", "not accepted: " + why.message(), Screen.event("not_accepted").put("code", why.code()));
  }

  /// What cannot be kept here waits at the gateway.
  private static ResultTree fetched(Acceptor acceptor, DealView deal) {
    try {
      return acceptor.fetch(deal);
    } catch (FailureException | ContentException | IOException e) {
      throw FailureException.of(e).advising("fetch it with: lilypad jobs results "
          + acceptor.job().toString().substring(2, 10) + " --output-dir DIR");
    }
  }

  private static Optional<Explanation> explanation(Connection connection, JobId id, Job ended) {
    try {
      return ended.getPhase().equals("Expired") ? Optional.of(connection.market().explain(id)) : Optional.empty();
    } catch (GatewayRefusedException | GatewayUnavailableException _) {
      return Optional.empty();
    }
  }
}
