package network.lilypad.protocol.sign;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.List;
import network.lilypad.protocol.value.Acceptance;
import network.lilypad.protocol.value.Address;
import network.lilypad.protocol.value.Bytes32;
import network.lilypad.protocol.value.Cancel;
import network.lilypad.protocol.value.Dispute;
import network.lilypad.protocol.value.Domain;
import network.lilypad.protocol.value.JobOffer;
import network.lilypad.protocol.value.Keccak256;
import network.lilypad.protocol.value.Lapse;
import network.lilypad.protocol.value.Lease;
import network.lilypad.protocol.value.Release;
import network.lilypad.protocol.value.ResourceOffer;
import network.lilypad.protocol.value.Resources;
import network.lilypad.protocol.value.Result;
import network.lilypad.protocol.value.Signable;
import network.lilypad.protocol.value.Verdict;
import network.lilypad.protocol.value.Work;

/// Typed structured data hashing (EIP-712) of everything that is signed. The type strings here are the protocol:
/// an independent library reproduces their digests in the tests.
public final class Eip712 {
  private static final String RESOURCES = "Resources(uint32 milliCpu,uint32 gpus,bytes32 gpuModel,"
      + "uint32 vramMibPerGpu,uint64 ramMib,uint64 diskMib)";
  private static final String WORK = "Work(uint8 engine,bytes32 module,bytes32 inputs,bytes32 outputs,"
      + "Resources resources,uint32 runSeconds,uint8 network,bytes32 comparator,bytes32 extra)";
  private static final String JOB_OFFER = "JobOffer(address creator,address acceptor,address solver,bytes32 market,"
      + "address target,bytes32 panel,Work work,uint64 maxPrice,uint64 maxFee,uint64 minCollateral,"
      + "uint8 verification,uint8 maxAttempts,uint32 reviewSeconds,uint40 validUntil,uint40 deliverBy,uint64 nonce,"
      + "bytes32 extra)";
  private static final String RESOURCE_OFFER = "ResourceOffer(address provider,address agent,address solver,"
      + "bytes32 market,bytes32 machine,uint64 version,bytes32[] panels,Resources capacity,uint64 askPerGpuSecond,"
      + "uint64 askPerCoreSecond,uint64 maxCollateral,uint32 maxReviewSeconds,uint40 validUntil,bytes32 extra)";
  private static final String LEASE = "Lease(bytes32 job,uint8 attempt,address provider,bytes32 offer,uint64 epoch,"
      + "uint64 price,uint64 collateral,uint32 ttlSeconds,uint40 openBy,uint40 submitBy,bytes32 extra)";

  private static final Bytes32 DOMAIN_TYPE = Keccak256.hash(
      "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)");
  private static final Bytes32 RESOURCES_TYPE = Keccak256.hash(RESOURCES);
  private static final Bytes32 WORK_TYPE = Keccak256.hash(WORK + RESOURCES);
  private static final Bytes32 JOB_OFFER_TYPE = Keccak256.hash(JOB_OFFER + RESOURCES + WORK);
  private static final Bytes32 RESOURCE_OFFER_TYPE = Keccak256.hash(RESOURCE_OFFER + RESOURCES);
  private static final Bytes32 LEASE_TYPE = Keccak256.hash(LEASE);
  private static final Bytes32 RESULT_TYPE = Keccak256.hash(
      "Result(bytes32 deal,bytes32 commitment,uint64 cost,uint64 startedAt,uint64 endedAt)");
  private static final Bytes32 ACCEPTANCE_TYPE = Keccak256.hash(
      "Acceptance(bytes32 deal,bytes32 commitment,uint64 cost)");
  private static final Bytes32 CANCEL_TYPE = Keccak256.hash("Cancel(bytes32 job)");
  private static final Bytes32 RELEASE_TYPE = Keccak256.hash("Release(bytes32 deal)");
  private static final Bytes32 LAPSE_TYPE = Keccak256.hash("Lapse(bytes32 deal,uint40 at)");
  private static final Bytes32 VERDICT_TYPE = Keccak256.hash(
      "Verdict(bytes32 deal,uint8 round,uint8 verdict,bytes32 commitment)");
  private static final Bytes32 DISPUTE_TYPE = Keccak256.hash("Dispute(bytes32 deal,bytes32 commitment)");

  private Eip712() {}

  /// The digest that is signed: `keccak256(0x1901 ‖ domainSeparator ‖ hashStruct(word))`. Ids are made of it.
  public static Bytes32 digest(Domain domain, Signable word) {
    return Keccak256.hash(new byte[]{0x19, 0x01}, separator(domain).bytes(), hashStruct(word).bytes());
  }

  /// The domain separator.
  public static Bytes32 separator(Domain domain) {
    return new Struct(DOMAIN_TYPE).bytes32(Keccak256.hash("Lilypad")).bytes32(Keccak256.hash("1"))
        .uint(domain.chainId()).address(domain.verifyingContract()).hash();
  }

  private static Bytes32 hashStruct(Signable word) {
    return switch (word) {
      case JobOffer o -> jobOffer(o);
      case ResourceOffer o -> resourceOffer(o);
      case Lease l -> new Struct(LEASE_TYPE).bytes32(l.job().digest()).uint(l.attempt()).address(l.provider())
          .bytes32(l.offer()).uint(l.epoch()).uint(l.price().gwei()).uint(l.collateral().gwei()).uint(l.ttlSeconds())
          .uint(l.openBy()).uint(l.submitBy()).bytes32(l.extra()).hash();
      case Result r -> new Struct(RESULT_TYPE).bytes32(r.deal().digest()).bytes32(r.commitment())
          .uint(r.cost().gwei()).uint(r.startedAt()).uint(r.endedAt()).hash();
      case Acceptance a -> new Struct(ACCEPTANCE_TYPE).bytes32(a.deal().digest()).bytes32(a.commitment())
          .uint(a.cost().gwei()).hash();
      case Cancel c -> new Struct(CANCEL_TYPE).bytes32(c.job().digest()).hash();
      case Release r -> new Struct(RELEASE_TYPE).bytes32(r.deal().digest()).hash();
      case Lapse l -> new Struct(LAPSE_TYPE).bytes32(l.deal().digest()).uint(l.at()).hash();
      case Verdict v -> new Struct(VERDICT_TYPE).bytes32(v.deal().digest()).uint(v.round()).uint(v.verdict())
          .bytes32(v.commitment()).hash();
      case Dispute d -> new Struct(DISPUTE_TYPE).bytes32(d.deal().digest()).bytes32(d.commitment()).hash();
    };
  }

  private static Bytes32 jobOffer(JobOffer o) {
    return new Struct(JOB_OFFER_TYPE).address(o.creator()).address(o.acceptor()).address(o.solver())
        .bytes32(o.market()).address(o.target()).bytes32(o.panel()).bytes32(work(o.work()))
        .uint(o.maxPrice().gwei()).uint(o.maxFee().gwei()).uint(o.minCollateral().gwei())
        .uint(o.verification().number()).uint(o.maxAttempts()).uint(o.reviewSeconds()).uint(o.validUntil())
        .uint(o.deliverBy()).uint(o.nonce()).bytes32(o.extra()).hash();
  }

  private static Bytes32 resourceOffer(ResourceOffer o) {
    return new Struct(RESOURCE_OFFER_TYPE).address(o.provider()).address(o.agent()).address(o.solver())
        .bytes32(o.market()).bytes32(o.machine()).uint(o.version()).array(o.panels())
        .bytes32(resources(o.capacity())).uint(o.askPerGpuSecond().gwei()).uint(o.askPerCoreSecond().gwei())
        .uint(o.maxCollateral().gwei()).uint(o.maxReviewSeconds()).uint(o.validUntil()).bytes32(o.extra()).hash();
  }

  private static Bytes32 work(Work w) {
    return new Struct(WORK_TYPE).uint(w.engine().number()).bytes32(w.module()).bytes32(w.inputs())
        .bytes32(w.outputs()).bytes32(resources(w.resources())).uint(w.runSeconds()).uint(w.network().number())
        .bytes32(w.comparator()).bytes32(w.extra()).hash();
  }

  /// `hashStruct` of resources: what stands for them where a work is hashed, and in a contract's parameters.
  public static Bytes32 resources(Resources r) {
    return new Struct(RESOURCES_TYPE).uint(r.milliCpu()).uint(r.gpus()).bytes32(r.gpuModel())
        .uint(r.vramMibPerGpu()).uint(r.ramMib()).uint(r.diskMib()).hash();
  }

  /// One struct's encoding: its type hash, then each member in one 32-byte word.
  private static final class Struct {
    private final ByteArrayOutputStream words = new ByteArrayOutputStream(640);

    Struct(Bytes32 type) {
      bytes32(type);
    }

    Struct bytes32(Bytes32 value) {
      words.writeBytes(value.bytes());
      return this;
    }

    Struct uint(long value) {
      words.writeBytes(ByteBuffer.allocate(32).putLong(24, value).array());
      return this;
    }

    Struct address(Address value) {
      words.writeBytes(ByteBuffer.allocate(32).put(12, value.bytes()).array());
      return this;
    }

    Struct array(List<Bytes32> values) {
      var packed = new ByteArrayOutputStream(32 * values.size());
      values.forEach(value -> packed.writeBytes(value.bytes()));
      return bytes32(Keccak256.hash(packed.toByteArray()));
    }

    Bytes32 hash() {
      return Keccak256.hash(words.toByteArray());
    }
  }
}
