package network.lilypad.node.gateway;

import io.grpc.stub.StreamObserver;
import network.lilypad.node.store.AccountContent;
import network.lilypad.protocol.proto.v1.Block;
import network.lilypad.protocol.proto.v1.PutTreeReply;

/// Stores the blocks of a tree. That they make a tree is checked when a job refers to it.
final class TreeIntake extends Intake<Block, PutTreeReply> {
  private final Blocks blocks;

  TreeIntake(AccountContent content, long limit, StreamObserver<PutTreeReply> out) {
    super(out);
    this.blocks = new Blocks(content, limit);
  }

  @Override protected void take(Block block) {
    blocks.take(block);
  }

  @Override protected PutTreeReply finish() {
    blocks.flush();
    return PutTreeReply.newBuilder().setStored(blocks.stored()).setBytes(blocks.bytes()).build();
  }

  /// What came before the line broke need not come again.
  @Override protected void release() {
    blocks.keep();
  }
}
