package network.lilypad.chain;

import network.lilypad.protocol.sign.Eip712;
import network.lilypad.protocol.sign.Wallet;
import network.lilypad.protocol.value.Acceptance;
import network.lilypad.protocol.value.Address;
import network.lilypad.protocol.value.Bytes32;
import network.lilypad.protocol.value.Domain;
import network.lilypad.protocol.value.Engine;
import network.lilypad.protocol.value.JobId;
import network.lilypad.protocol.value.JobOffer;
import network.lilypad.protocol.value.Keccak256;
import network.lilypad.protocol.value.Lease;
import network.lilypad.protocol.value.Lp;
import network.lilypad.protocol.value.NetworkPolicy;
import network.lilypad.protocol.value.Resources;
import network.lilypad.protocol.value.Result;
import network.lilypad.protocol.value.Signable;
import network.lilypad.protocol.value.Signed;
import network.lilypad.protocol.value.Verification;
import network.lilypad.protocol.value.Work;

/// The parties of every test, and the words they sign in a ledger's domain.
public record Cast(Domain domain) {
  public static final Wallet CREATOR = wallet("creator");
  public static final Wallet ACCEPTOR = wallet("acceptor");
  public static final Wallet PROVIDER = wallet("provider");
  public static final Wallet SOLVER = wallet("solver");
  public static final Wallet STRANGER = wallet("stranger");

  public static final Lp FUNDS = Lp.of(1_000);
  public static final Lp MAX_PRICE = Lp.of(100);
  public static final Lp MAX_FEE = Lp.of(1);
  public static final Lp MIN_COLLATERAL = Lp.of(10);
  public static final Lp PRICE = Lp.of(50);
  public static final Lp COLLATERAL = Lp.of(20);
  public static final int RUN_SECONDS = 100;
  public static final int REVIEW_SECONDS = 60;
  public static final long VALID_UNTIL = TestClock.START + 600;
  public static final long SUBMIT_BY = TestClock.START + 1_000;
  public static final Bytes32 ROOT = Keccak256.hash("result");

  public static Wallet wallet(String name) {
    return Wallet.of(Keccak256.hash(name));
  }

  public <T extends Signable> Signed<T> sign(Wallet by, T word) {
    return by.sign(domain, word);
  }

  public JobId job(JobOffer offer) {
    return new JobId(Eip712.digest(domain, offer));
  }

  public static JobOffer offer(long nonce) {
    return offer(CREATOR, nonce, MAX_PRICE, Address.ZERO);
  }

  public static JobOffer offer(Wallet creator, long nonce, Lp maxPrice, Address target) {
    var work = new Work(Engine.WASM, Keccak256.hash("module"), Bytes32.ZERO, Bytes32.ZERO,
        Resources.cpu(1000, 512, 512), RUN_SECONDS, NetworkPolicy.NONE, Bytes32.ZERO, Bytes32.ZERO);
    return new JobOffer(creator.address(), ACCEPTOR.address(), SOLVER.address(), Keccak256.hash("market"), target,
        Bytes32.ZERO, work, maxPrice, MAX_FEE, MIN_COLLATERAL, Verification.NONE, 3, REVIEW_SECONDS, VALID_UNTIL,
        SUBMIT_BY, nonce, Bytes32.ZERO);
  }

  public Lease lease(JobOffer offer, int attempt) {
    return lease(offer, attempt, PROVIDER, PRICE, COLLATERAL);
  }

  public Lease lease(JobOffer offer, int attempt, Wallet provider, Lp price, Lp collateral) {
    return new Lease(job(offer), attempt, provider.address(), Keccak256.hash("machine"), attempt, price, collateral, 15,
        VALID_UNTIL, SUBMIT_BY, Bytes32.ZERO);
  }

  public Intent.Reserve reserve(JobOffer offer) {
    return new Intent.Reserve(sign(CREATOR, offer), job(offer));
  }

  public Intent.Open open(JobOffer offer, int attempt) {
    return open(offer, lease(offer, attempt));
  }

  public Intent.Open open(JobOffer offer, Lease lease) {
    return new Intent.Open(sign(CREATOR, offer), sign(PROVIDER, lease));
  }

  public static Result result(Intent.Open open, Lp cost) {
    return new Result(open.deal(), ROOT, cost, TestClock.START, TestClock.START + RUN_SECONDS);
  }

  public Intent.Submit submit(Intent.Open open, Lp cost) {
    return new Intent.Submit(open.deal(), sign(PROVIDER, result(open, cost)));
  }

  public Intent.End accept(Intent.Open open, Lp cost) {
    return accept(open, cost, CREATOR);
  }

  public Intent.End accept(Intent.Open open, Lp cost, Wallet by) {
    return new Intent.End(open.deal(), new Intent.Accepted(sign(PROVIDER, result(open, cost)),
        sign(by, new Acceptance(open.deal(), ROOT, cost))));
  }
}
