package network.lilypad.protocol.wire;

import static network.lilypad.protocol.wire.Fields.address;
import static network.lilypad.protocol.wire.Fields.bytes32;
import static network.lilypad.protocol.wire.Fields.deal;
import static network.lilypad.protocol.wire.Fields.job;
import static network.lilypad.protocol.wire.Fields.list32;
import static network.lilypad.protocol.wire.Fields.lp;
import static network.lilypad.protocol.wire.Fields.uint;
import static network.lilypad.protocol.wire.Fields.within;

import network.lilypad.protocol.value.Acceptance;
import network.lilypad.protocol.value.Cancel;
import network.lilypad.protocol.value.Dispute;
import network.lilypad.protocol.value.Engine;
import network.lilypad.protocol.value.InvalidValueException;
import network.lilypad.protocol.value.JobOffer;
import network.lilypad.protocol.value.Lapse;
import network.lilypad.protocol.value.Lease;
import network.lilypad.protocol.value.MachineLimits;
import network.lilypad.protocol.value.MachineSpeed;
import network.lilypad.protocol.value.NetworkPolicy;
import network.lilypad.protocol.value.Release;
import network.lilypad.protocol.value.ResourceOffer;
import network.lilypad.protocol.value.Resources;
import network.lilypad.protocol.value.Result;
import network.lilypad.protocol.value.Verdict;
import network.lilypad.protocol.value.Verification;
import network.lilypad.protocol.value.Work;

/// Values as protobuf messages and back, field by field; empty bytes are the zero value of an address or digest.
///
/// The readers check every bound of the value they make and throw [InvalidValueException] with the path of the field.
/// For outside input use [WireDoor], which turns that into a rejection and verifies signatures.
public final class ValuesWire {
  private ValuesWire() {}

  /// Writes resources.
  public static network.lilypad.protocol.proto.v1.Resources toProto(Resources value) {
    return network.lilypad.protocol.proto.v1.Resources.newBuilder().setMilliCpu(value.milliCpu())
        .setGpus(value.gpus()).setGpuModel(Fields.of(value.gpuModel())).setVramMibPerGpu(value.vramMibPerGpu())
        .setRamMib(value.ramMib()).setDiskMib(value.diskMib()).build();
  }

  /// Reads resources.
  ///
  /// @throws InvalidValueException naming the first field that is wrong
  public static Resources resources(network.lilypad.protocol.proto.v1.Resources proto) {
    return new Resources(uint("milliCpu", proto.getMilliCpu()), uint("gpus", proto.getGpus()),
        bytes32("gpuModel", proto.getGpuModel()), uint("vramMibPerGpu", proto.getVramMibPerGpu()),
        uint("ramMib", proto.getRamMib()), uint("diskMib", proto.getDiskMib()));
  }

  /// Writes a machine's limits.
  public static network.lilypad.protocol.proto.v1.MachineLimits toProto(MachineLimits value) {
    return network.lilypad.protocol.proto.v1.MachineLimits.newBuilder().setNetwork(value.network().number())
        .setMaxRunSeconds(value.maxRunSeconds()).setMinPrice(value.minPrice().gwei()).build();
  }

  /// Reads a machine's limits. Not for an absent message, of which only the caller knows what it means.
  ///
  /// @throws InvalidValueException naming the first field that is wrong
  public static MachineLimits machineLimits(network.lilypad.protocol.proto.v1.MachineLimits proto) {
    return new MachineLimits(NetworkPolicy.of(proto.getNetwork()), uint("maxRunSeconds", proto.getMaxRunSeconds()),
        lp("minPrice", proto.getMinPrice()));
  }

  /// Writes a machine's speed.
  public static network.lilypad.protocol.proto.v1.MachineSpeed toProto(MachineSpeed value) {
    return network.lilypad.protocol.proto.v1.MachineSpeed.newBuilder().setMeasuredAt(value.measuredAt())
        .setSha256MibPerSecond(value.sha256MibPerSecond()).setCopiedMibPerSecond(value.copiedMibPerSecond())
        .setWrittenMibPerSecond(value.writtenMibPerSecond()).setSyncMicros(value.syncMicros()).build();
  }

  /// Reads a machine's speed.
  ///
  /// @throws InvalidValueException naming the first field that is wrong
  public static MachineSpeed machineSpeed(network.lilypad.protocol.proto.v1.MachineSpeed proto) {
    return new MachineSpeed(uint("measuredAt", proto.getMeasuredAt()),
        uint("sha256MibPerSecond", proto.getSha256MibPerSecond()),
        uint("copiedMibPerSecond", proto.getCopiedMibPerSecond()),
        uint("writtenMibPerSecond", proto.getWrittenMibPerSecond()), uint("syncMicros", proto.getSyncMicros()));
  }

  /// Writes work.
  public static network.lilypad.protocol.proto.v1.Work toProto(Work value) {
    return network.lilypad.protocol.proto.v1.Work.newBuilder().setEngine(value.engine().number())
        .setModule(Fields.of(value.module())).setInputs(Fields.of(value.inputs()))
        .setOutputs(Fields.of(value.outputs())).setResources(toProto(value.resources()))
        .setRunSeconds(value.runSeconds()).setNetwork(value.network().number())
        .setComparator(Fields.of(value.comparator())).setExtra(Fields.of(value.extra())).build();
  }

  /// Reads work.
  ///
  /// @throws InvalidValueException naming the first field that is wrong
  public static Work work(network.lilypad.protocol.proto.v1.Work proto) {
    return new Work(Engine.of(proto.getEngine()), bytes32("module", proto.getModule()),
        bytes32("inputs", proto.getInputs()), bytes32("outputs", proto.getOutputs()),
        within("resources", () -> resources(proto.getResources())), uint("runSeconds", proto.getRunSeconds()),
        NetworkPolicy.of(proto.getNetwork()), bytes32("comparator", proto.getComparator()),
        bytes32("extra", proto.getExtra()));
  }

  /// Writes a job offer.
  public static network.lilypad.protocol.proto.v1.JobOffer toProto(JobOffer value) {
    return network.lilypad.protocol.proto.v1.JobOffer.newBuilder().setCreator(Fields.of(value.creator()))
        .setAcceptor(Fields.of(value.acceptor())).setSolver(Fields.of(value.solver()))
        .setMarket(Fields.of(value.market())).setTarget(Fields.of(value.target())).setPanel(Fields.of(value.panel()))
        .setWork(toProto(value.work())).setMaxPrice(value.maxPrice().gwei()).setMaxFee(value.maxFee().gwei())
        .setMinCollateral(value.minCollateral().gwei()).setVerification(value.verification().number())
        .setMaxAttempts(value.maxAttempts()).setReviewSeconds(value.reviewSeconds()).setValidUntil(value.validUntil())
        .setDeliverBy(value.deliverBy()).setNonce(value.nonce()).setExtra(Fields.of(value.extra())).build();
  }

  /// Reads a job offer.
  ///
  /// @throws InvalidValueException naming the first field that is wrong
  public static JobOffer jobOffer(network.lilypad.protocol.proto.v1.JobOffer proto) {
    return new JobOffer(address("creator", proto.getCreator()), address("acceptor", proto.getAcceptor()),
        address("solver", proto.getSolver()), bytes32("market", proto.getMarket()),
        address("target", proto.getTarget()), bytes32("panel", proto.getPanel()),
        within("work", () -> work(proto.getWork())), lp("maxPrice", proto.getMaxPrice()),
        lp("maxFee", proto.getMaxFee()), lp("minCollateral", proto.getMinCollateral()),
        Verification.of(proto.getVerification()), uint("maxAttempts", proto.getMaxAttempts()),
        uint("reviewSeconds", proto.getReviewSeconds()), uint("validUntil", proto.getValidUntil()),
        uint("deliverBy", proto.getDeliverBy()), uint("nonce", proto.getNonce()), bytes32("extra", proto.getExtra()));
  }

  /// Writes a resource offer.
  public static network.lilypad.protocol.proto.v1.ResourceOffer toProto(ResourceOffer value) {
    return network.lilypad.protocol.proto.v1.ResourceOffer.newBuilder().setProvider(Fields.of(value.provider()))
        .setAgent(Fields.of(value.agent())).setSolver(Fields.of(value.solver())).setMarket(Fields.of(value.market()))
        .setMachine(Fields.of(value.machine())).setVersion(value.version())
        .addAllPanels(value.panels().stream().map(Fields::of).toList()).setCapacity(toProto(value.capacity()))
        .setAskPerGpuSecond(value.askPerGpuSecond().gwei()).setAskPerCoreSecond(value.askPerCoreSecond().gwei())
        .setMaxCollateral(value.maxCollateral().gwei()).setMaxReviewSeconds(value.maxReviewSeconds())
        .setValidUntil(value.validUntil()).setExtra(Fields.of(value.extra())).build();
  }

  /// Reads a resource offer.
  ///
  /// @throws InvalidValueException naming the first field that is wrong
  public static ResourceOffer resourceOffer(network.lilypad.protocol.proto.v1.ResourceOffer proto) {
    return new ResourceOffer(address("provider", proto.getProvider()), address("agent", proto.getAgent()),
        address("solver", proto.getSolver()), bytes32("market", proto.getMarket()),
        bytes32("machine", proto.getMachine()), uint("version", proto.getVersion()),
        list32("panels", proto.getPanelsList(), ResourceOffer.MAX_PANELS),
        within("capacity", () -> resources(proto.getCapacity())), lp("askPerGpuSecond", proto.getAskPerGpuSecond()),
        lp("askPerCoreSecond", proto.getAskPerCoreSecond()), lp("maxCollateral", proto.getMaxCollateral()),
        uint("maxReviewSeconds", proto.getMaxReviewSeconds()), uint("validUntil", proto.getValidUntil()),
        bytes32("extra", proto.getExtra()));
  }

  /// Writes a lease.
  public static network.lilypad.protocol.proto.v1.Lease toProto(Lease value) {
    return network.lilypad.protocol.proto.v1.Lease.newBuilder().setJob(Fields.of(value.job().digest()))
        .setAttempt(value.attempt()).setProvider(Fields.of(value.provider())).setOffer(Fields.of(value.offer()))
        .setEpoch(value.epoch()).setPrice(value.price().gwei()).setCollateral(value.collateral().gwei())
        .setTtlSeconds(value.ttlSeconds()).setOpenBy(value.openBy()).setSubmitBy(value.submitBy())
        .setExtra(Fields.of(value.extra())).build();
  }

  /// Reads a lease.
  ///
  /// @throws InvalidValueException naming the first field that is wrong
  public static Lease lease(network.lilypad.protocol.proto.v1.Lease proto) {
    return new Lease(job(proto.getJob()), uint("attempt", proto.getAttempt()),
        address("provider", proto.getProvider()), bytes32("offer", proto.getOffer()),
        uint("epoch", proto.getEpoch()), lp("price", proto.getPrice()), lp("collateral", proto.getCollateral()),
        uint("ttlSeconds", proto.getTtlSeconds()), uint("openBy", proto.getOpenBy()),
        uint("submitBy", proto.getSubmitBy()), bytes32("extra", proto.getExtra()));
  }

  /// Writes a result.
  public static network.lilypad.protocol.proto.v1.Result toProto(Result value) {
    return network.lilypad.protocol.proto.v1.Result.newBuilder().setDeal(Fields.of(value.deal().digest()))
        .setCommitment(Fields.of(value.commitment())).setCost(value.cost().gwei()).setStartedAt(value.startedAt())
        .setEndedAt(value.endedAt()).build();
  }

  /// Reads a result.
  ///
  /// @throws InvalidValueException naming the first field that is wrong
  public static Result result(network.lilypad.protocol.proto.v1.Result proto) {
    return new Result(deal(proto.getDeal()), bytes32("commitment", proto.getCommitment()),
        lp("cost", proto.getCost()), uint("startedAt", proto.getStartedAt()), uint("endedAt", proto.getEndedAt()));
  }

  /// Writes an acceptance.
  public static network.lilypad.protocol.proto.v1.Acceptance toProto(Acceptance value) {
    return network.lilypad.protocol.proto.v1.Acceptance.newBuilder().setDeal(Fields.of(value.deal().digest()))
        .setCommitment(Fields.of(value.commitment())).setCost(value.cost().gwei()).build();
  }

  /// Reads an acceptance.
  ///
  /// @throws InvalidValueException naming the first field that is wrong
  public static Acceptance acceptance(network.lilypad.protocol.proto.v1.Acceptance proto) {
    return new Acceptance(deal(proto.getDeal()), bytes32("commitment", proto.getCommitment()),
        lp("cost", proto.getCost()));
  }

  /// Writes a cancel.
  public static network.lilypad.protocol.proto.v1.Cancel toProto(Cancel value) {
    return network.lilypad.protocol.proto.v1.Cancel.newBuilder().setJob(Fields.of(value.job().digest())).build();
  }

  /// Reads a cancel.
  ///
  /// @throws InvalidValueException naming the first field that is wrong
  public static Cancel cancel(network.lilypad.protocol.proto.v1.Cancel proto) {
    return new Cancel(job(proto.getJob()));
  }

  /// Writes a release.
  public static network.lilypad.protocol.proto.v1.Release toProto(Release value) {
    return network.lilypad.protocol.proto.v1.Release.newBuilder().setDeal(Fields.of(value.deal().digest())).build();
  }

  /// Reads a release.
  ///
  /// @throws InvalidValueException naming the first field that is wrong
  public static Release release(network.lilypad.protocol.proto.v1.Release proto) {
    return new Release(deal(proto.getDeal()));
  }

  /// Writes a lapse.
  public static network.lilypad.protocol.proto.v1.Lapse toProto(Lapse value) {
    return network.lilypad.protocol.proto.v1.Lapse.newBuilder().setDeal(Fields.of(value.deal().digest()))
        .setAt(value.at()).build();
  }

  /// Reads a lapse.
  ///
  /// @throws InvalidValueException naming the first field that is wrong
  public static Lapse lapse(network.lilypad.protocol.proto.v1.Lapse proto) {
    return new Lapse(deal(proto.getDeal()), uint("at", proto.getAt()));
  }

  /// Writes a verdict.
  public static network.lilypad.protocol.proto.v1.Verdict toProto(Verdict value) {
    return network.lilypad.protocol.proto.v1.Verdict.newBuilder().setDeal(Fields.of(value.deal().digest()))
        .setRound(value.round()).setVerdict(value.verdict()).setCommitment(Fields.of(value.commitment())).build();
  }

  /// Reads a verdict.
  ///
  /// @throws InvalidValueException naming the first field that is wrong
  public static Verdict verdict(network.lilypad.protocol.proto.v1.Verdict proto) {
    return new Verdict(deal(proto.getDeal()), uint("round", proto.getRound()), uint("verdict", proto.getVerdict()),
        bytes32("commitment", proto.getCommitment()));
  }

  /// Writes a dispute.
  public static network.lilypad.protocol.proto.v1.Dispute toProto(Dispute value) {
    return network.lilypad.protocol.proto.v1.Dispute.newBuilder().setDeal(Fields.of(value.deal().digest()))
        .setCommitment(Fields.of(value.commitment())).build();
  }

  /// Reads a dispute.
  ///
  /// @throws InvalidValueException naming the first field that is wrong
  public static Dispute dispute(network.lilypad.protocol.proto.v1.Dispute proto) {
    return new Dispute(deal(proto.getDeal()), bytes32("commitment", proto.getCommitment()));
  }
}
