package network.lilypad.node.agent;

import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import network.lilypad.node.client.GatewayAddress;
import network.lilypad.protocol.proto.v1.Run;
import network.lilypad.protocol.sign.Eip712;
import network.lilypad.protocol.sign.Wallet;
import network.lilypad.protocol.value.Address;
import network.lilypad.protocol.value.Bytes32;
import network.lilypad.protocol.value.Domain;
import network.lilypad.protocol.value.Engine;
import network.lilypad.protocol.value.JobId;
import network.lilypad.protocol.value.JobOffer;
import network.lilypad.protocol.value.JobSpec;
import network.lilypad.protocol.value.Keccak256;
import network.lilypad.protocol.value.Lease;
import network.lilypad.protocol.value.Lp;
import network.lilypad.protocol.value.NetworkPolicy;
import network.lilypad.protocol.value.ResourceOffer;
import network.lilypad.protocol.value.Resources;
import network.lilypad.protocol.value.Signed;
import network.lilypad.protocol.value.Verification;
import network.lilypad.protocol.value.Work;
import network.lilypad.protocol.wire.JobSpecWire;
import network.lilypad.protocol.wire.SignedWire;

/// Offers and leases for tests.
final class Offers {
  static final long NOW = 1_800_000_000L;
  static final Wallet CREATOR = Wallet.of(Keccak256.hash("creator"));
  static final Wallet PROVIDER = Wallet.of(Keccak256.hash("provider"));
  static final Address SOLVER = Wallet.of(Keccak256.hash("solver")).address();
  static final Bytes32 MARKET = Keccak256.hash("market");
  static final Domain DOMAIN = new Domain(0, SOLVER);
  static final JobSpec SPEC = new JobSpec("cowsay:v0.0.4", "bundled", Engine.WASM, Keccak256.hash("program"), "",
      List.of("moo"), new TreeMap<>(), new TreeMap<>());

  static final JobSpec CONTAINER = new JobSpec("test:v1", "", Engine.DOCKER, Bytes32.ZERO, "test", List.of(),
      new TreeMap<>(), new TreeMap<>());

  private Offers() {}

  static AgentConfig config(Path directory) {
    return AgentConfig.of(GatewayAddress.parse("localhost:1"), directory, Resources.NONE,
        new AgentConfig.Asks(Lp.gwei(1_000_000), Lp.gwei(10_000), Lp.of(10), 3600, 86_400));
  }

  static ResourceOffer machine() {
    return new ResourceOffer(PROVIDER.address(), PROVIDER.address(), SOLVER, MARKET, Keccak256.hash("machine"), 1,
        List.of(), Resources.cpu(2000, 1024, 4096), Lp.gwei(1_000_000), Lp.gwei(10_000), Lp.of(10), 3600, NOW + 86_400,
        Bytes32.ZERO);
  }

  static Work work() {
    return new Work(Engine.WASM, JobSpecWire.digest(JobSpecWire.encode(SPEC)), Bytes32.ZERO, Bytes32.ZERO,
        Resources.cpu(1000, 64, 256), 60, NetworkPolicy.NONE, Bytes32.ZERO, Bytes32.ZERO);
  }

  static JobOffer job(Work work, long nonce) {
    return new JobOffer(CREATOR.address(), Address.ZERO, SOLVER, MARKET, Address.ZERO, Bytes32.ZERO, work,
        Lp.gwei(2_400_000), Lp.ZERO, Lp.ZERO, Verification.NONE, 3, 60, NOW + 600, NOW + 4200, nonce, Bytes32.ZERO);
  }

  /// A job of [#CONTAINER], which fetches nothing.
  static JobOffer containerJob() {
    return containerJob(256);
  }

  /// The same, with another demand of disk.
  static JobOffer containerJob(long diskMib) {
    return job(new Work(Engine.DOCKER, JobSpecWire.digest(JobSpecWire.encode(CONTAINER)), Bytes32.ZERO, Bytes32.ZERO,
        Resources.cpu(1000, 64, diskMib), 60, NetworkPolicy.NONE, Bytes32.ZERO, Bytes32.ZERO), 1);
  }

  static Lease lease(JobOffer job, long epoch) {
    return new Lease(new JobId(Eip712.digest(DOMAIN, job)), 1, PROVIDER.address(), Eip712.digest(DOMAIN, machine()),
        epoch, Lp.gwei(600_000), Lp.ZERO, 15, NOW + 30, NOW + 30 + 60 + 60, Bytes32.ZERO);
  }

  static Signed<JobOffer> signed(JobOffer job) {
    return CREATOR.sign(DOMAIN, job);
  }

  static Run run(JobOffer job, Lease lease) {
    return Run.newBuilder().setOffer(SignedWire.toProto(signed(job)))
        .setLease(SignedWire.toProto(PROVIDER.sign(DOMAIN, lease)))
        .setSpec(JobSpecWire.encode(job.work().engine() == Engine.DOCKER ? CONTAINER : SPEC)).build();
  }
}
