package network.lilypad.node.session;

import io.grpc.stub.StreamObserver;
import java.util.Map;
import java.util.Optional;
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
import network.lilypad.protocol.value.DealPhase;
import network.lilypad.protocol.value.JobId;
import org.jspecify.annotations.Nullable;

/// Stores a result tree, or the one tree that a cancelled run leaves. The receipt is given when the provider has
/// brought every block and they hash up to the root; from then on the job's creator may read it.
final class ResultIntake extends Intake<ResultBlock, ResultReceipt> {
  private final DealAccess access;
  private final Address caller;
  private @Nullable Arriving arriving;

  /// A result on its way.
  ///
  /// @param cancelled the deal, if it was cancelled: it keeps the first tree it gets
  /// @param from the provider's view of the store
  /// @param to the job creator's
  private record Arriving(JobId job, Bytes32 root, Optional<DealId> cancelled, Blocks blocks, AccountContent from,
      AccountContent to) {}

  ResultIntake(DealAccess access, Address caller, StreamObserver<ResultReceipt> out) {
    super(out);
    this.access = access;
    this.caller = caller;
  }

  @Override protected void take(ResultBlock message) {
    var begun = arriving;
    if (begun == null) {
      begun = begin(new DealId(ApiWire.bytes32("deal", message.getDeal())), ApiWire.bytes32("root", message.getRoot()));
      arriving = begun;
    }
    if (message.hasBlock()) {
      begun.blocks.take(message.getBlock());
    }
  }

  private Arriving begin(DealId deal, Bytes32 root) {
    var view = access.requireOutput(caller, deal, "PutResult");
    boolean cancelled = view.phase() == DealPhase.CANCELLED;
    var ports = access.ports();
    if (cancelled) {
      requireFirst(root, ports.reports().partial(deal).orElse(root));
    }
    var terms = view.terms().getFirst();
    var from = ports.store().of(terms.machine().provider());
    return new Arriving(ports.signatures().jobId(terms.offer().word()), root,
        cancelled ? Optional.of(deal) : Optional.empty(), new Blocks(from, ports.config().limits().contentBytes()),
        from, ports.store().of(terms.offer().word().creator()));
  }

  private static void requireFirst(Bytes32 tree, Bytes32 stands) {
    Refused.unless(stands.equals(tree), new Rejection.WrongState("deal", DealPhase.CANCELLED.name(), "PutResult"));
  }

  @Override protected ResultReceipt finish() {
    var all = arriving;
    if (all == null) {
      throw Refused.because(new Rejection.Malformed("stream", "no message", "deal and root in the first"));
    }
    all.blocks.flush();
    access.ports().store().holds().hold(all.job, Map.of(all.root, true));
    var tree = all.from.share(all.root, all.to);
    all.cancelled.ifPresent(deal -> requireFirst(all.root, access.ports().reports().keep(deal, all.root)));
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
