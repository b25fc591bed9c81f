package network.lilypad.chain.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import network.lilypad.chain.Intent;
import network.lilypad.chain.TestClock;
import network.lilypad.chain.evm.Anvil;
import network.lilypad.chain.evm.Contract;
import network.lilypad.chain.evm.Evm;
import network.lilypad.chain.evm.Receipt;
import network.lilypad.chain.local.ModelLedger;
import network.lilypad.protocol.value.Address;
import network.lilypad.protocol.value.Domain;
import network.lilypad.protocol.value.JobId;
import network.lilypad.protocol.value.Lp;

/// The contract on a real node and the embedded ledger, told the same story call by call. After each call both must
/// have answered alike and hold the same.
final class TwinWorld {
  private static final BigInteger GWEI = BigInteger.valueOf(1_000_000_000);
  private static final BigInteger PLENTY = BigInteger.TEN.pow(30);
  /// What does not depend on who sends it: these go into batches.
  private static final Set<String> ANYBODYS = Set.of("submitResult", "acceptResult", "acceptOutcome", "settle",
      "cancel",
      "release", "lapse", "checkResult", "decide", "revoke");

  private final Evm evm;
  private final Stage stage;
  private final Coverage coverage;
  private final Random random;
  private final TestClock clock = new TestClock();
  private final ModelLedger model;
  private final Moves moves;
  private final List<String> story = new ArrayList<>();
  private boolean frozen;
  private long nonce;

  /// The contracts that all worlds of one kind of token start from.
  record Stage(String tokenName, Contract token, Contract controller, Contract view) {
    static Stage on(Evm evm, String tokenName) {
      var token = evm.deploy(tokenName);
      var controller = evm.deploy("Controller", token, Address.ZERO);
      for (var holder : Players.addresses()) {
        evm.send(token.tx(holder, "mint", holder, PLENTY));
        evm.send(token.tx(holder, "approve", controller, PLENTY));
      }
      if (tokenName.equals("HookToken")) {
        var again = controller.tx(holder(), "deposit", holder(), 1L).data();
        evm.send(token.tx(holder(), "hook", controller, again));
      }
      return new Stage(tokenName, token, controller, evm.deploy("LedgerView"));
    }

    private static Address holder() {
      return Players.addresses().getFirst();
    }
  }

  TwinWorld(Evm evm, Stage stage, long seed, Coverage coverage) {
    this.evm = evm;
    this.stage = stage;
    this.coverage = coverage;
    this.random = new Random(seed);
    clock.pass(10_000);
    var domain = new Domain(Anvil.CHAIN_ID, stage.controller().address());
    this.model = new ModelLedger(domain, clock);
    this.moves = new Moves(domain, stage.controller(), random, now());
    story.add("seed " + seed + " with " + stage.tokenName());
  }

  private long now() {
    return clock.instant().getEpochSecond();
  }

  void play(int steps) throws SQLException {
    for (var holder : Players.addresses()) {
      deposit(holder, Lp.gwei(150_000_000_000L + random.nextLong(200_000_000_000L)));
    }
    for (int i = 0; i < steps; i++) {
      clock.pass(pause());
      step();
      compare();
    }
  }

  /// Mostly seconds, now and then past a review, a withdrawal, a deadline or a mediation.
  private long pause() {
    return switch (random.nextInt(moves.disputed() ? 8 : 40)) {
      case 0 -> 90_000;
      case 1 -> 700;
      case 2, 3 -> 210;
      case 4, 5, 6 -> 61;
      default -> 1 + random.nextInt(3);
    };
  }

  private void step() {
    switch (random.nextInt(14)) {
      case 0 -> deposit(Players.addresses().get(random.nextInt(Players.ALL.size())),
          Lp.gwei(random.nextLong(50_000_000_000L)));
      case 1 -> freeze();
      case 2 -> batch();
      default -> one(moves.next(now()));
    }
  }

  private void one(Step step) {
    var refusal = frozen && step.what().equals("withdraw") ? "the token is frozen" : ask(step);
    assertSame(step, refusal, send(step).succeeded());
  }

  private String ask(Step step) {
    return model.settle(List.of(step.intent())).getFirst();
  }

  private Receipt send(Step step) {
    evm.nextBlockAt(now());
    return evm.batch(List.of(step.tx())).getFirst();
  }

  private void assertSame(Step step, String refusal, boolean happened) {
    story.add(now() + " " + step.what() + " by " + step.tx().from() + ": " + (refusal.isEmpty() ? "done" : refusal));
    assertThat(happened).as(() -> "the chain did it, like the model\n" + String.join("\n", story))
        .isEqualTo(refusal.isEmpty());
    coverage.saw(step.what(), happened);
    moves.ended(step, happened);
  }

  /// Calls about different deals: what is drawn knows nothing yet of what stands before it.
  private void batch() {
    var steps = new ArrayList<Step>();
    var subjects = new HashSet<String>();
    for (int tries = 0; tries < 8 && steps.size() < 4; tries++) {
      var step = moves.next(now());
      if (ANYBODYS.contains(step.what()) && subjects.add(step.intent().key().subject())) {
        steps.add(step);
      }
    }
    var calls = steps.stream().map(step -> step.tx().data()).toList();
    evm.nextBlockAt(now());
    var receipt = evm.batch(List.of(stage.controller().tx(Players.KEEPER.address(), "batch", calls))).getFirst();
    assertThat(receipt.succeeded()).isTrue();
    var skipped = stage.controller().events(receipt).stream().filter(event -> event.name().equals("Skipped"))
        .map(event -> ((BigInteger) event.get("index")).longValue()).collect(Collectors.toSet());
    for (int i = 0; i < steps.size(); i++) {
      assertSame(steps.get(i), ask(steps.get(i)), !skipped.contains((long) i));
    }
  }

  /// The model is told what arrives.
  private void deposit(Address holder, Lp amount) {
    var arrives = stage.tokenName().equals("FeeToken") ? Lp.gwei(amount.gwei() - (amount.gwei() + 99) / 100) : amount;
    var step = new Step("deposit", new Intent.Faucet(holder, arrives, nonce++),
        stage.controller().tx(holder, "deposit", holder, amount));
    var refusal = frozen ? "the token is frozen" : ask(step);
    assertSame(step, refusal, send(step).succeeded());
  }

  private void freeze() {
    if (stage.tokenName().equals("RefusingToken")) {
      frozen = !frozen;
      evm.nextBlockAt(now());
      assertThat(evm.batch(List.of(stage.token().tx(Players.addresses().getFirst(), "freeze", frozen))).getFirst()
          .succeeded()).isTrue();
    }
  }

  private void compare() throws SQLException {
    var holders = Players.addresses();
    var jobs = moves.jobs();
    var held = stage.view().call("all", stage.controller(), holders, jobs.stream().map(JobId::digest).toList());
    var accounts = model.accounts();
    var slots = model.slots();
    assertThat(held.get(0)).as(() -> "accounts\n" + String.join("\n", story)).isEqualTo(holders.stream()
        .flatMap(holder -> accounts.getOrDefault(holder, List.of(0L, 0L, 0L)).stream()).toList());
    assertThat(held.get(1)).as(() -> "slots\n" + String.join("\n", story)).isEqualTo(jobs.stream()
        .flatMap(job -> slots.getOrDefault(job, List.of(0, 0)).stream()).map(Integer::longValue).toList());
    assertThat(List.of(held.get(2), held.get(3))).as(() -> "issued and pool\n" + String.join("\n", story))
        .isEqualTo(model.issuedAndPool());
    assertThat((BigInteger) held.get(4)).as("tokens behind the liabilities")
        .isGreaterThanOrEqualTo(BigInteger.valueOf((long) held.get(2)).multiply(GWEI));
    moves.states(slots);
    slots.values().forEach(slot -> coverage.state(slot.getFirst()));
  }
}
