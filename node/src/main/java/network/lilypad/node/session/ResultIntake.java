package network.lilypad.node.session;

import io.grpc.stub.StreamObserver;
import java.util.Map;
import network.lilypad.node.gateway.ApiWire;
import network.lilypad.node.gateway.Blocks;
import network.lilypad.node.gateway.Intake;
import network.lilypad.node.store.ContentStore;
import network.lilypad.protocol.proto.v1.ResultBlock;
import network.lilypad.protocol.proto.v1.ResultReceipt;
import network.lilypad.protocol.value.Address;
import network.lilypad.protocol.value.Bytes32;
import network.lilypad.protocol.value.DealId;
import network.lilypad.protocol.value.JobId;

/// Stores a result tree. The receipt is given when every block is here and hashes up to the root.
final class ResultIntake extends Intake<ResultBlock, ResultReceipt> {
  private final DealAccess access;
  private final Address caller;
  private final ContentStore store;
  private final Blocks blocks;
  private Bytes32 root = Bytes32.ZERO;
  private JobId job = new JobId(Bytes32.ZERO);

  ResultIntake(DealAccess access, Address caller, StreamObserver<ResultReceipt> out) {
    super(out);
    this.access = access;
    this.caller = caller;
    this.store = access.ports().store();
    this.blocks = new Blocks(store, access.ports().config().limits().contentBytes());
  }

  @Override protected void take(ResultBlock message) {
    if (root.isZero()) {
      var terms = access.require(caller, new DealId(ApiWire.bytes32("deal", message.getDeal())), "PutResult");
      job = access.ports().signatures().jobId(terms.offer().word());
      root = ApiWire.bytes32("root", message.getRoot());
    }
    if (message.hasBlock()) {
      blocks.take(message.getBlock());
    }
  }

  @Override protected ResultReceipt finish() {
    blocks.flush();
    store.holds().hold(job, Map.of(root, true));
    var tree = store.requireTree(root);
    return ResultReceipt.newBuilder().setRoot(ApiWire.bytes(tree.root())).setBlocks(tree.blocks())
        .setBytes(tree.bytes()).build();
  }

  /// What came before the line broke need not come again.
  @Override protected void release() {
    blocks.keep();
  }
}
