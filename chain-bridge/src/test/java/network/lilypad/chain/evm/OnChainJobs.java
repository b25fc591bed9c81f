package network.lilypad.chain.evm;

import java.math.BigInteger;
import java.util.List;
import network.lilypad.chain.evm.Abi.Parameter;
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
import network.lilypad.protocol.value.Verification;
import network.lilypad.protocol.value.Work;

/// A market with one provider, and the node that runs jobs for contracts: what happens around an on-chain job.
final class OnChainJobs {
  static final long BUDGET = 1_000_000_000_000L;
  static final long PRICE = 400_000_000_000L;
  static final long COST = 300_000_000_000L;
  static final long PATIENCE = 3600;
  static final int RUN_SECONDS = 100;
  static final int REVIEW_SECONDS = 60;
  static final long WITHDRAWAL_DELAY = 600;
  static final Bytes32 MODULE = Keccak256.hash("cowsay");
  static final Bytes32 INPUTS = Keccak256.hash("Message=moo");
  private static final BigInteger GWEI = BigInteger.valueOf(1_000_000_000);

  final Evm evm;
  final Contract token;
  final Contract controller;
  final Contract creator;
  final Wallet runner = Wallet.of(Keccak256.hash("runner"));
  final Wallet provider = Wallet.of(Keccak256.hash("provider"));
  final Address owner;
  private final Domain domain;

  OnChainJobs(Evm evm) {
    this(evm, "PlainToken");
  }

  OnChainJobs(Evm evm, String tokenName) {
    this.evm = evm;
    owner = evm.account(9);
    token = evm.deploy(tokenName);
    controller = evm.deploy("Controller", token, Address.ZERO);
    creator = evm.deploy("OnChainJobCreator", controller, runner.address(), owner);
    domain = new Domain(Anvil.CHAIN_ID, controller.address());
    mint(provider.address(), 100 * BUDGET);
    token.send(provider.address(), "approve", controller, BigInteger.ONE.shiftLeft(255));
    controller.send(provider.address(), "deposit", provider.address(), 100 * BUDGET);
  }

  void mint(Address who, long gwei) {
    token.send(who, "mint", who, BigInteger.valueOf(gwei).multiply(GWEI));
  }

  /// A client contract with tokens for ten jobs.
  Contract client(String name) {
    var client = evm.deploy(name, creator);
    mint(client.address(), 10 * BUDGET);
    return client;
  }

  /// What is asked for: a cow, its module and inputs pinned.
  List<Object> request() {
    return List.of("cowsay:v0.0.4", List.of("Message=moo"), MODULE, INPUTS, BUDGET, evm.now() + PATIENCE,
        Address.ZERO);
  }

  /// The number of the request that a client makes.
  BigInteger asked(Contract client) {
    var receipt = client.send(evm.account(4), "ask", request());
    return (BigInteger) creator.event(receipt, "JobRequested").get("id");
  }

  /// A field of what the creator knows of a request, by its place there.
  Object job(BigInteger id, int field) {
    return ((List<?>) creator.call("jobOf", id).getFirst()).get(field);
  }

  Address account(BigInteger id) {
    return (Address) job(id, 5);
  }

  int status(BigInteger id) {
    return ((Long) job(id, 2)).intValue();
  }

  /// The offer that the runner would write.
  JobOffer offer(BigInteger id) {
    var work = new Work(Engine.WASM, MODULE, INPUTS, Bytes32.ZERO,
        new Resources(1000, 0, Bytes32.ZERO, 0, 512, 1024), RUN_SECONDS, NetworkPolicy.NONE, Bytes32.ZERO,
        Bytes32.ZERO);
    return new JobOffer(account(id), runner.address(), Address.ZERO, Bytes32.ZERO, Address.ZERO, Bytes32.ZERO, work,
        Lp.gwei(PRICE), Lp.ZERO, Lp.ZERO, Verification.NONE, 3, REVIEW_SECONDS, evm.now() + PATIENCE / 4,
        evm.now() + PATIENCE / 2, id.longValue(), Bytes32.ZERO);
  }

  JobOffer posted(BigInteger id) {
    var offer = offer(id);
    creator.send(runner.address(), "post", id, struct(offer));
    return offer;
  }

  JobId jobId(JobOffer offer) {
    return new JobId(Eip712.digest(domain, offer));
  }

  /// The offer as the contract takes it: with the hash of the resources in their place.
  static List<Object> struct(JobOffer offer) {
    var work = offer.work();
    var shortWork = List.<Object>of(work.engine(), work.module(), work.inputs(), work.outputs(),
        hash(work.resources()), work.runSeconds(), work.network(), work.comparator(), work.extra());
    return List.of(offer.creator(), offer.acceptor(), offer.solver(), offer.market(), offer.target(), offer.panel(),
        shortWork, offer.maxPrice(), offer.maxFee(), offer.minCollateral(), offer.verification(),
        offer.maxAttempts(), offer.reviewSeconds(), offer.validUntil(), offer.deliverBy(), offer.nonce(),
        offer.extra());
  }

  private static Bytes32 hash(Resources resources) {
    var type = Keccak256.hash("Resources(uint32 milliCpu,uint32 gpus,bytes32 gpuModel,uint32 vramMibPerGpu,"
        + "uint64 ramMib,uint64 diskMib)");
    var words = List.of("bytes32", "uint32", "uint32", "bytes32", "uint32", "uint64", "uint64").stream()
        .map(name -> new Parameter("", name, false, List.of())).toList();
    return Keccak256.hash(Abi.encode(words, List.of(type, resources.milliCpu(), resources.gpus(),
        resources.gpuModel(), resources.vramMibPerGpu(), resources.ramMib(), resources.diskMib())));
  }

  Lease lease(JobOffer offer, int attempt) {
    return new Lease(jobId(offer), attempt, provider.address(), Bytes32.ZERO, 1, Lp.gwei(PRICE), Lp.gwei(PRICE), 15,
        offer.validUntil(), offer.deliverBy(), Bytes32.ZERO);
  }

  private static List<Object> struct(Lease lease) {
    return List.of(lease.attempt(), lease.provider(), lease.offer(), lease.epoch(), lease.price(), lease.collateral(),
        lease.ttlSeconds(), lease.openBy(), lease.submitBy(), lease.extra());
  }

  private List<Object> terms(JobOffer offer, Lease lease) {
    var packed = BigInteger.ZERO;
    for (long figure : new long[]{lease.submitBy(), offer.reviewSeconds(), offer.work().runSeconds()}) {
      packed = packed.shiftLeft(32).or(BigInteger.valueOf(figure));
    }
    for (var figure : List.of(lease.collateral(), lease.price())) {
      packed = packed.shiftLeft(64).or(BigInteger.valueOf(figure.gwei()));
    }
    return List.of(offer.creator(), offer.acceptor(), offer.solver(), lease.provider(), offer.panel(), packed);
  }

  /// A transaction that opens the deal of an offer; the creator's signature is empty, its account knows what it signed.
  Tx opening(JobOffer offer, int attempt) {
    var lease = lease(offer, attempt);
    return controller.tx(evm.account(6), "openDeal", struct(offer), new byte[0], struct(lease),
        provider.sign(domain, lease).signature(), 0);
  }

  /// A transaction that opens and pays in one step: it needs no time window.
  Tx openingAndPaying(JobOffer offer, Bytes32 root) {
    var lease = lease(offer, 1);
    var result = result(lease, root);
    return controller.tx(evm.account(6), "openAndSettle", struct(offer), new byte[0], struct(lease),
        provider.sign(domain, lease).signature(), outcome(result), provider.sign(domain, result).signature(),
        runner.sign(domain, new Acceptance(lease.deal(), root, Lp.gwei(COST))).signature(), 0);
  }

  private Result result(Lease lease, Bytes32 root) {
    return new Result(lease.deal(), root, Lp.gwei(COST), evm.now(), evm.now() + RUN_SECONDS);
  }

  private static List<Object> outcome(Result result) {
    return List.of(result.commitment(), result.cost(), result.startedAt(), result.endedAt());
  }

  /// Runs an open deal to its end: the provider's result, accepted by the runner.
  void paid(JobOffer offer, int attempt, Bytes32 root) {
    var lease = lease(offer, attempt);
    var result = result(lease, root);
    controller.send(evm.account(6), "acceptOutcome", lease.job(), terms(offer, lease), outcome(result),
        provider.sign(domain, result).signature(),
        runner.sign(domain, new Acceptance(lease.deal(), root, Lp.gwei(COST))).signature());
  }

  /// Ends an open deal by the provider's silence.
  void silent(JobOffer offer, int attempt) {
    var lease = lease(offer, attempt);
    evm.moveTo(lease.submitBy() + 1);
    controller.send(provider.address(), "timeoutSubmit", lease.job(), terms(offer, lease));
  }

  /// A request carried to a paid result, not yet completed.
  void carriedOut(BigInteger id, Bytes32 root) {
    var offer = posted(id);
    evm.send(opening(offer, 1));
    paid(offer, 1, root);
  }

  long tokens(Address who) {
    return ((BigInteger) token.call("balanceOf", who).getFirst()).divide(GWEI).longValueExact();
  }

  long free(Address who) {
    return (Long) controller.call("account", who).getFirst();
  }
}
