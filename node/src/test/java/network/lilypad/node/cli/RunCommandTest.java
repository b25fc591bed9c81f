package network.lilypad.node.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import network.lilypad.protocol.Rejection;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunCommandTest {
  @TempDir
  private Path folder = Path.of("");
  private FakeMarket market = start();

  private static FakeMarket start() {
    try {
      return new FakeMarket();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @BeforeEach void home() throws IOException {
    Files.createDirectories(folder.resolve("home"));
  }

  @AfterEach void stop() {
    market.close();
  }

  @Test void a_first_job_makes_a_wallet_takes_lp_and_tells_every_stage() throws IOException {
    market.watches.add(new FakeMarket.Watch(FakeMarket.happy(withResult("0")), false));
    var cli = cowsay();
    Golden.matches("run", cli.steady(folder));
    assertThat(market.accepted).hasSize(1);
    assertThat(folder.resolve("lilypad-results").resolve(shortId()).resolve("stdout")).hasContent("moo");
    assertThat(Files.getPosixFilePermissions(folder.resolve("home/keys/wallet.key"))).hasSize(2);
  }

  @Test void needed_files_are_looked_for_here_or_in_a_tree_that_is_given_by_its_name_by_the_gateway()
      throws IOException {
    Files.createDirectory(folder.resolve("needy"));
    Files.writeString(folder.resolve("needy/lilypad_module.json.tmpl"),
        "{\"inputFiles\": {\"required\": [\"a.csv\"]}, \"job\": "
            + "{\"Spec\": {\"Engine\": \"wasm\"}}}");
    Files.writeString(folder.resolve("needy/module.wasm"), "\0asm");
    var nobody = "127.0.0.1:1";
    var known = Cli.run(folder, "run", "./needy", "--gateway", nobody);
    assertThat(known.exitCode()).isEqualTo(ExitCode.REFUSED);
    assertThat(known.err()).contains("input file a.csv: missing");
    market.watches.add(new FakeMarket.Watch(FakeMarket.happy(withResult("0")), false));
    var unseen = Cli.run(folder, "run", "./needy", "--gateway", market.address(), "--inputs-cid",
        "bafybeiaufkbwyxhzqkkqxou6es67u5d2wsia66ylhqcmkqdsiy3ut3qqsu");
    assertThat(unseen.exitCode()).as(unseen.err()).isZero();
    assertThat(market.submitted).singleElement()
        .satisfies(request -> assertThat(request.getRequiredInputsList()).containsExactly("a.csv"));
  }

  @Test void with_json_every_line_is_an_object() throws IOException {
    market.watches.add(new FakeMarket.Watch(FakeMarket.happy(withResult("0")), false));
    var cli = Cli.run(folder, "run", "cowsay:v0.0.4", "-i", "Message=moo", "--json", "--gateway", market.address());
    assertThat(cli.err()).isEmpty();
    assertThat(cli.out().lines()).allSatisfy(line -> assertThat(line).startsWith("{\"event\":").endsWith("}"));
    Golden.matches("run-json", cli.steady(folder));
  }

  @Test void the_job_s_own_exit_code_is_the_process_s_up_to_124() throws IOException {
    market.watches.add(new FakeMarket.Watch(FakeMarket.happy(withResult("3")), false));
    assertThat(cowsay().exitCode()).isEqualTo(3);
    market.result.clear();
    market.watches.add(new FakeMarket.Watch(FakeMarket.happy(withResult("137")), false));
    assertThat(cowsay().exitCode()).isEqualTo(ExitCode.JOB_MAX);
  }

  @Test void results_are_never_overwritten() throws IOException {
    var events = FakeMarket.happy(withResult("0"));
    market.watches.add(new FakeMarket.Watch(events, false));
    market.watches.add(new FakeMarket.Watch(events, false));
    assertThat(cowsay().exitCode()).isZero();
    assertThat(cowsay().exitCode()).isZero();
    assertThat(folder.resolve("lilypad-results").resolve(shortId() + "-2")).isDirectory();
  }

  @Test void a_result_that_does_not_hash_to_its_root_is_not_accepted() throws IOException {
    market.damageResult = true;
    market.watches.add(new FakeMarket.Watch(FakeMarket.happy(withResult("0")), false));
    var cli = cowsay();
    assertThat(cli.exitCode()).isEqualTo(ExitCode.OURS);
    assertThat(cli.err()).contains("content-");
    assertThat(market.accepted).isEmpty();
  }

  @Test void a_watch_survives_a_gateway_that_goes_away_and_says_nothing_twice() throws IOException {
    var events = FakeMarket.happy(withResult("0"));
    market.watches.add(new FakeMarket.Watch(events.subList(0, 5), true));
    market.watches.add(new FakeMarket.Watch(List.of(), true));
    market.watches.add(new FakeMarket.Watch(events.subList(4, events.size()), false));
    var cli = cowsay();
    assertThat(cli.exitCode()).isZero();
    assertThat(market.cursors).containsExactly("", "1:5", "1:5");
    assertThat(cli.out()).isEqualTo("moo\n");
    Golden.matches("run-resumed", cli.steady(folder));
  }

  @Test void no_machine_in_time_ends_with_127_and_advice() throws IOException {
    market.watches.add(new FakeMarket.Watch(List.of(FakeMarket.ended("Expired")), false));
    market.shown = FakeMarket.job("Expired");
    var cli = cowsay();
    assertThat(cli.exitCode()).isEqualTo(ExitCode.NO_MATCH);
    assertThat(cli.err()).contains("3 machines in the market, 0 match").contains("raise --max-price to 0.002");
  }

  @Test void a_job_whose_attempts_are_used_up_ends_with_125() {
    market.watches.add(new FakeMarket.Watch(List.of(FakeMarket.lost(), FakeMarket.ended("Failed")), false));
    market.shown = FakeMarket.job("Failed");
    var cli = cowsay();
    assertThat(cli.exitCode()).isEqualTo(ExitCode.OURS);
    assertThat(cli.err()).contains("LAPSED").contains("[job-failed]");
  }

  @Test void a_machine_that_could_not_run_it_is_quoted_where_the_attempt_is_lost() {
    var said = FakeMarket.event(List.of())
        .setProgress(network.lilypad.protocol.proto.v1.RunReport.newBuilder().setFailure("no GPU [GPU-1]")).build();
    market.watches.add(new FakeMarket.Watch(List.of(said, FakeMarket.lost(), FakeMarket.ended("Failed")), false));
    assertThat(cowsay().err()).contains("ended without a result: LAPSED, no GPU [GPU-1]; ");
    market.shown = FakeMarket.job("Open").toBuilder().setAttempt(2)
        .addHistory(FakeMarket.lost().getAttemptLost().toBuilder().setFailure("no GPU [GPU-1]")).build();
    assertThat(Cli.run(folder, "jobs", "show", shortId(), "--gateway", market.address()).out())
        .contains("LAPSED, no GPU [GPU-1]");
  }

  @Test void a_second_try_says_why_the_first_failed_and_a_cancelled_job_announces_no_further_attempt() {
    var again = FakeMarket.event(List.of()).setProgress(
        network.lilypad.protocol.proto.v1.RunReport.newBuilder().setTries(2).setFailure("the container is gone"))
        .build();
    var cancelled = FakeMarket.lost().toBuilder();
    cancelled.getAttemptLostBuilder().setCause("CANCELLED");
    market.watches.add(
        new FakeMarket.Watch(List.of(again, cancelled.build(), FakeMarket.ended("Cancelled")), false));
    market.shown = FakeMarket.job("Cancelled");
    assertThat(cowsay().err()).contains("tries again, try 2: the container is gone")
        .contains("CANCELLED, the container is gone; the job ends with it");
  }

  @Test void a_watcher_ends_with_the_program_s_exit_code_and_a_summary() {
    var failed = FakeMarket.job("Done").toBuilder().setDeal(FakeMarket.deal().toBuilder().setReport(
        network.lilypad.protocol.proto.v1.RunReport.newBuilder().setExitCode(3).setEndedAt(1_800_000_000L)
            .setEnding(network.lilypad.protocol.proto.v1.RunEnding.RUN_ENDING_EXITED)
            .setUsage(network.lilypad.protocol.proto.v1.RunUsage.getDefaultInstance())))
        .build();
    market.shown = failed;
    market.watches.add(new FakeMarket.Watch(List.of(FakeMarket.ended("Done")), false));
    var watch = Cli.run(folder, "jobs", "watch", shortId(), "--json", "--gateway", market.address());
    assertThat(watch.exitCode()).isEqualTo(3);
    assertThat(watch.out().lines()).last().asString().contains("\"event\":\"summary\"").contains("\"exit_code\":3")
        .contains("\"outcome\":\"EXITED\"");
  }

  @Test void a_job_whose_exit_code_nobody_knows_any_more_is_no_success() {
    market.shown = FakeMarket.job("Done");
    market.watches.add(new FakeMarket.Watch(List.of(FakeMarket.ended("Done")), false));
    var watch = Cli.run(folder, "jobs", "watch", shortId(), "--gateway", market.address());
    assertThat(watch.exitCode()).isEqualTo(ExitCode.OURS);
    assertThat(watch.err()).contains("[exit-code-unknown]");
  }

  @Test void a_result_that_was_refused_when_it_came_is_asked_for_again_in_the_end() throws IOException {
    market.watches.add(new FakeMarket.Watch(FakeMarket.happy(withResult("0")), false));
    market.resultRefusals.add(new Rejection.Overloaded("transfers", 4, 1000));
    var cli = cowsay();
    assertThat(cli.exitCode()).as(cli.err()).isZero();
    assertThat(cli.err()).contains("not accepted: ").contains("results verified");
  }

  @Test void a_market_that_is_busy_when_a_result_is_accepted_has_not_gone_away() throws IOException {
    market.watches.add(new FakeMarket.Watch(FakeMarket.happy(withResult("0")), false));
    market.acceptRefusal = Optional.of(new Rejection.Unavailable("the deal", 1000));
    var cli = cowsay();
    assertThat(cli.exitCode()).as(cli.err()).isZero();
    assertThat(cli.err()).contains("not accepted: the deal").doesNotContain("is away")
        .containsOnlyOnce("result verified");
  }

  @Test void a_job_that_is_done_though_its_result_cannot_be_fetched_has_not_failed() throws IOException {
    market.watches.add(new FakeMarket.Watch(FakeMarket.happy(withResult("0")), false));
    for (int i = 0; i < 2; i++) {
      market.resultRefusals.add(new Rejection.Overloaded("transfers", 4, 1000));
    }
    var cli = cowsay();
    assertThat(cli.exitCode()).isEqualTo(ExitCode.OURS);
    assertThat(cli.err()).contains("is done, but its result could not be fetched: ").contains("[not-fetched]")
        .contains("lilypad jobs results " + shortId()).doesNotContain("failed after");
  }

  @Test void a_program_that_did_not_end_by_itself_is_named_in_the_last_line() throws IOException {
    market.watches.add(new FakeMarket.Watch(FakeMarket.happy(withResult("137")), false));
    market.shown = FakeMarket.job("Done").toBuilder().setDeal(FakeMarket.deal().toBuilder().setReport(
        network.lilypad.protocol.proto.v1.RunReport.newBuilder().setExitCode(137).setEndedAt(1_800_000_000L)
            .setEnding(network.lilypad.protocol.proto.v1.RunEnding.RUN_ENDING_OUT_OF_MEMORY)
            .setOutcome("out of memory: above 64 MiB")))
        .build();
    assertThat(cowsay().err()).contains("exit code 137 (OUT_OF_MEMORY), cost");
    assertThat(Cli.run(folder, "jobs", "show", shortId(), "--gateway", market.address()).out())
        .contains("failure   exit code 137, out of memory: above 64 MiB (OUT_OF_MEMORY)");
    assertThat(Cli.run(folder, "jobs", "show", shortId(), "--json", "--gateway", market.address()).out())
        .contains("\"exit_code\":137,\"outcome\":\"OUT_OF_MEMORY\"");
  }

  @Test void a_job_is_named_in_either_case_and_a_page_has_bounds() {
    assertThat(Cli.run(folder, "jobs", "show", "0X" + shortId().toUpperCase(java.util.Locale.ROOT), "--gateway",
        market.address()).exitCode()).isZero();
    var refused = Cli.run(folder, "jobs", "list", "--limit", "-3", "--gateway", market.address());
    assertThat(refused.exitCode()).isEqualTo(ExitCode.REFUSED);
    assertThat(refused.err()).contains("--limit -3 (expected: 1 to 100)");
    assertThat(Cli.run(folder, "provider", "earnings", "--days", "0").err()).contains("--days 0 (expected: 1 to 366)");
  }

  @Test void a_machine_s_own_measurement_is_shown_with_the_job() {
    market.shown = FakeMarket.job("Done").toBuilder().setDeal(FakeMarket.deal().toBuilder()
        .setSpeed(network.lilypad.protocol.proto.v1.MachineSpeed.newBuilder().setSha256MibPerSecond(412))).build();
    assertThat(Cli.run(folder, "jobs", "show", shortId(), "--gateway", market.address()).out())
        .contains("machine   one core hashes 412 MiB/s");
    assertThat(Cli.run(folder, "jobs", "show", shortId(), "--json", "--gateway", market.address()).out())
        .contains("\"sha256_mib_per_second\":412");
  }

  @Test void a_refusal_is_one_line_with_cause_code_and_next_step() {
    market.refuseSubmit = true;
    market.submitRefusal = new Rejection.InsufficientFunds("0x01", 5, 3);
    var cli = Cli.run(folder, "run", "cowsay", "--gateway", market.address());
    assertThat(cli.exitCode()).isEqualTo(ExitCode.REFUSED);
    assertThat(cli.err().lines().filter(line -> line.contains("[1007 InsufficientFunds]"))).hasSize(1)
        .allSatisfy(line -> assertThat(line).contains("0x01 has").contains("lilypad wallet faucet"));
  }

  @Test void an_unknown_module_an_unknown_input_and_a_bad_option_are_refused_before_anything_is_sent() {
    assertThat(Cli.run(folder, "run", "nope").err()).contains("[1008 UnknownModule]").contains("cowsay:v0.0.4");
    assertThat(Cli.run(folder, "run", "cowsay", "-i", "Msg=x").err()).contains("Msg").contains("Message");
    assertThat(Cli.run(folder, "run", "cowsay", "-i", "Message").err()).contains("NAME=VALUE");
    assertThat(Cli.run(folder, "run", "cowsay", "--max-price", "much").exitCode()).isEqualTo(ExitCode.REFUSED);
    assertThat(Cli.run(folder, "run", "cowsay", "--wat").err()).contains("--wat").contains("lilypad run --help");
    assertThat(market.submitted).isEmpty();
  }

  @Test void a_gateway_that_is_not_there_is_said_once_with_the_next_step() {
    var address = market.address();
    market.close();
    var cli = Cli.run(folder, "wallet", "balance", "--gateway", address);
    assertThat(cli.exitCode()).isEqualTo(ExitCode.OURS);
    assertThat(cli.err().lines().filter(line -> line.contains("[gateway-unavailable]"))).hasSize(1);
    assertThat(cli.err()).contains("lilypad up").contains(address + ": Connection refused").doesNotContain("\tat ");
  }

  @Test void a_detached_job_is_named_and_left_alone() {
    var cli = Cli.run(folder, "run", "cowsay", "--detach", "--gateway", market.address());
    assertThat(cli.exitCode()).isZero();
    assertThat(cli.err()).contains("lilypad jobs watch " + shortId());
    assertThat(market.cursors).isEmpty();
  }

  private network.lilypad.protocol.proto.v1.DealView withResult(String exitCode) throws IOException {
    return market.resultOf(Files.createTempDirectory(folder, "result"), "moo", exitCode);
  }

  private Cli cowsay() {
    return Cli.run(folder, "run", "cowsay:v0.0.4", "-i", "Message=moo", "--gateway", market.address());
  }

  private static String shortId() {
    return Words.shortHex(FakeMarket.JOB);
  }
}
