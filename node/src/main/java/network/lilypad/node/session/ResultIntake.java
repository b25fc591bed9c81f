package network.lilypad.node.session;

import io.grpc.stub.StreamObserver;
import java.util.Map;
import network.lilypad.node.gateway.ApiWire;
import network.lilypad.node.gateway.Blocks;
import network.lilypad.node.gateway.Intake;
import network.lilypad.node.gateway.Refused;
import network.lilypad.node.store.AccountContent;
import network.lilypad.protocol.Rejection;
import network.lilypad.protocol.proto.v1.ResultBlock;
import network.lilypad.protocol.proto.v1.ResultReceipt;
import network.lilypad.protocol.value.Address;
import network.lilypad.protocol.value.Bytes32;
import network.lilypad.protocol.value.DealId;
import network.lilypad.protocol.value.JobId;
import org.jspecify.annotations.Nullable;

/// Stores a result tree. The receipt is given when every block is here and hashes up to the root.
final class ResultIntake extends Intake<ResultBlock, ResultReceipt> {
  private final DealAccess access;
  private final Address caller;
  private @Nullable Arriving arriving;

  /// A result on its way.
  ///
  /// @param from the provider's view of the store
  /// @param to the job creator's
  private record Arriving(JobId job, Bytes32 root, Blocks blocks, AccountContent from, AccountContent to) {}

  ResultIntake(DealAccess access, Address caller, StreamObserver<ResultReceipt> out) {
    super(out);
    this.access = access;
    this.caller = caller;
  }

  @Override protected void take(ResultBlock message) {
    var begun = arriving;
    if (begun == null) {
      begun = begin(message);
      arriving = begun;
    }
    if (message.hasBlock()) {
      begun.blocks.take(message.getBlock());
    }
  }

  private Arriving begin(ResultBlock first) {
    var terms = access.require(caller, new DealId(ApiWire.bytes32("deal", first.getDeal())), "PutResult");
    var offer = terms.offer().word();
    var ports = access.ports();
    var from = ports.store().of(terms.machine().provider());
    return new Arriving(ports.signatures().jobId(offer), ApiWire.bytes32("root", first.getRoot()),
        new Blocks(from, ports.config().limits().contentBytes()), from, ports.store().of(offer.creator()));
  }

  @Override protected ResultReceipt finish() {
    if (arriving == null) {
      throw Refused.because(new Rejection.Malformed("stream", "no message", "deal and root in the first"));
    }
    arriving.blocks.flush();
    access.ports().store().holds().hold(arriving.job, Map.of(arriving.root, true));
    var tree = arriving.from.share(arriving.root, arriving.to);
    return ResultReceipt.newBuilder().setRoot(ApiWire.bytes(tree.root())).setBlocks(tree.blocks())
        .setBytes(tree.bytes()).build();
  }

  /// What came before the line broke need not come again.
  @Override protected void release() {
    if (arriving != null) {
      arriving.blocks.keep();
    }
  }
}
