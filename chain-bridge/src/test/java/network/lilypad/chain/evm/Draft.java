package network.lilypad.chain.evm;

import java.util.EnumMap;
import java.util.Map;
import network.lilypad.chain.Cast;
import network.lilypad.protocol.sign.Eip712;
import network.lilypad.protocol.value.Address;
import network.lilypad.protocol.value.Bytes32;
import network.lilypad.protocol.value.Engine;
import network.lilypad.protocol.value.JobId;
import network.lilypad.protocol.value.JobOffer;
import network.lilypad.protocol.value.Keccak256;
import network.lilypad.protocol.value.Lease;
import network.lilypad.protocol.value.Lp;
import network.lilypad.protocol.value.NetworkPolicy;
import network.lilypad.protocol.value.Resources;
import network.lilypad.protocol.value.Verification;
import network.lilypad.protocol.value.Work;

/// The terms of a deal before anybody has signed: set what a test is about, the rest is usual.
final class Draft {
  static final long PRICE = 1_500_000_000;
  static final long COLLATERAL = 3_000_000_000L;
  static final int RUN_SECONDS = 600;
  static final int REVIEW_SECONDS = 300;

  private final Market market;

  Address creator = Cast.CREATOR.address();
  Address acceptor = Cast.ACCEPTOR.address();
  Address solver = Cast.SOLVER.address();
  Address provider = Cast.PROVIDER.address();
  Address target = Address.ZERO;
  Bytes32 panel = Bytes32.ZERO;
  Engine engine = Engine.DOCKER;
  long maxPrice = 2_000_000_000;
  long maxFee;
  long minCollateral = 1_000_000_000;
  int runSeconds = RUN_SECONDS;
  int reviewSeconds = REVIEW_SECONDS;
  long validUntil;
  long deliverBy;
  long nonce = 1;
  int attempt = 1;
  long price = PRICE;
  long collateral = COLLATERAL;
  long openBy;
  long submitBy;
  Bytes32 commitment = Keccak256.hash("result");
  long cost = 1_200_000_000;
  long startedAt;
  long endedAt;

  Draft(Market market) {
    this.market = market;
    long now = market.evm.now();
    validUntil = now + 100_000;
    deliverBy = now + 200_000;
    openBy = now + 90_000;
    submitBy = now + 95_000;
    startedAt = now;
    endedAt = now + 500;
  }

  Trade trade() {
    var offer = offer();
    var job = new JobId(Eip712.digest(market.domain, offer));
    var outcome = new Trade.Outcome(commitment, cost, startedAt, endedAt);
    return new Trade(market, offer, lease(job), outcome, Map.copyOf(new EnumMap<>(Trade.Word.class)));
  }

  private JobOffer offer() {
    var resources = new Resources(1000, 1, Keccak256.hash("gpu"), 16_384, 8_192, 10_000);
    var work = new Work(engine, Keccak256.hash("module " + nonce), Keccak256.hash("inputs " + nonce), Bytes32.ZERO,
        resources, runSeconds, NetworkPolicy.NONE, Bytes32.ZERO, Bytes32.ZERO);
    return new JobOffer(creator, acceptor, solver, Keccak256.hash("market"), target, panel, work, Lp.gwei(maxPrice),
        Lp.gwei(maxFee), Lp.gwei(minCollateral), Verification.NONE, 3, reviewSeconds, validUntil, deliverBy, nonce,
        Bytes32.ZERO);
  }

  Lease lease(JobId job) {
    return new Lease(job, attempt, provider, Keccak256.hash("resource offer of " + provider), 17, Lp.gwei(price),
        Lp.gwei(collateral), 15, openBy, submitBy, Bytes32.ZERO);
  }
}
