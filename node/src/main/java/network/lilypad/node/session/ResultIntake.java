package network.lilypad.node.session;

import io.grpc.stub.StreamObserver;
import java.util.Map;
import java.util.Optional;
import network.lilypad.node.gateway.ApiWire;
import network.lilypad.node.gateway.Blocks;
import network.lilypad.node.gateway.Intake;
import network.lilypad.node.gateway.Refused;
import network.lilypad.node.store.ContentStore;
import network.lilypad.protocol.Rejection;
import network.lilypad.protocol.proto.v1.ResultBlock;
import network.lilypad.protocol.proto.v1.ResultReceipt;
import network.lilypad.protocol.value.Address;
import network.lilypad.protocol.value.Bytes32;
import network.lilypad.protocol.value.DealId;
import network.lilypad.protocol.value.DealPhase;
import network.lilypad.protocol.value.JobId;

/// Stores a result tree, or the one tree that a cancelled run leaves. The receipt is given when every block is here and hashes
/// up to the root.
final class ResultIntake extends Intake<ResultBlock, ResultReceipt> {
  private final DealAccess access;
  private final Address caller;
  private final ContentStore store;
  private final Blocks blocks;
  private Bytes32 root = Bytes32.ZERO;
  private JobId job = new JobId(Bytes32.ZERO);
  private Optional<DealId> cancelled = Optional.empty();

  ResultIntake(DealAccess access, Address caller, StreamObserver<ResultReceipt> out) {
    super(out);
    this.access = access;
    this.caller = caller;
    this.store = access.ports().store();
    this.blocks = new Blocks(store, access.ports().config().limits().contentBytes());
  }

  @Override protected void take(ResultBlock message) {
    if (root.isZero()) {
      begin(new DealId(ApiWire.bytes32("deal", message.getDeal())), ApiWire.bytes32("root", message.getRoot()));
    }
    if (message.hasBlock()) {
      blocks.take(message.getBlock());
    }
  }

  private void begin(DealId deal, Bytes32 tree) {
    var view = access.requireOutput(caller, deal, "PutResult");
    if (view.phase() == DealPhase.CANCELLED) {
      requireFirst(tree, access.ports().reports().partial(deal).orElse(tree));
      cancelled = Optional.of(deal);
    }
    job = access.ports().signatures().jobId(view.terms().getFirst().offer().word());
    root = tree;
  }

  private static void requireFirst(Bytes32 tree, Bytes32 stands) {
    Refused.unless(stands.equals(tree), new Rejection.WrongState("deal", DealPhase.CANCELLED.name(), "PutResult"));
  }

  @Override protected ResultReceipt finish() {
    blocks.flush();
    store.holds().hold(job, Map.of(root, true));
    var tree = store.requireTree(root);
    cancelled.ifPresent(deal -> requireFirst(root, access.ports().reports().keep(deal, root)));
    return ResultReceipt.newBuilder().setRoot(ApiWire.bytes(tree.root())).setBlocks(tree.blocks())
        .setBytes(tree.bytes()).build();
  }

  /// What came before the line broke need not come again.
  @Override protected void release() {
    blocks.keep();
  }
}
