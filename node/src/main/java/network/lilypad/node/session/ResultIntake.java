package network.lilypad.node.session;

import io.grpc.stub.StreamObserver;
import network.lilypad.node.gateway.ApiWire;
import network.lilypad.node.gateway.Blocks;
import network.lilypad.node.gateway.Intake;
import network.lilypad.node.store.ContentStore;
import network.lilypad.protocol.proto.v1.ResultBlock;
import network.lilypad.protocol.proto.v1.ResultReceipt;
import network.lilypad.protocol.value.Address;
import network.lilypad.protocol.value.Bytes32;
import network.lilypad.protocol.value.DealId;

/// Stores a result tree. The receipt is given when every block is here and hashes up to the root.
final class ResultIntake extends Intake<ResultBlock, ResultReceipt> {
  private final DealAccess access;
  private final Address caller;
  private final ContentStore store;
  private final Blocks blocks;
  private Bytes32 root = Bytes32.ZERO;

  ResultIntake(DealAccess access, Address caller, StreamObserver<ResultReceipt> out) {
    super(out);
    this.access = access;
    this.caller = caller;
    this.store = access.ports().store();
    this.blocks = new Blocks(store, access.ports().config().limits().contentBytes());
  }

  @Override protected void take(ResultBlock message) {
    if (root.isZero()) {
      access.require(caller, new DealId(ApiWire.bytes32("deal", message.getDeal())), "PutResult");
      root = ApiWire.bytes32("root", message.getRoot());
    }
    if (message.hasBlock()) {
      blocks.take(message.getBlock());
    }
  }

  @Override protected ResultReceipt finish() {
    var tree = store.requireTree(root);
    return ResultReceipt.newBuilder().setRoot(ApiWire.bytes(tree.root())).setBlocks(tree.blocks())
        .setBytes(tree.bytes()).build();
  }

  @Override protected void release() {}
}
