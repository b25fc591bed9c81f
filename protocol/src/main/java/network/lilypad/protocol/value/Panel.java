package network.lilypad.protocol.value;

import java.nio.ByteBuffer;
import java.util.List;

/// A mediator panel: who judges a disputed result, and for how much. Offers name it by [#id()].
///
/// @param quorum equal verdicts that decide, more than half of the mediators
/// @param fee what each mediator gets whose verdict decides
/// @param mediators 1 to [#MAX_SIZE], in ascending order, each once
public record Panel(int quorum, Lp fee, List<Address> mediators) {
  /// The largest panel: 15 is the top of the ladder, and a verdict must fit a transaction.
  public static final int MAX_SIZE = 32;
  /// Of the 32 bytes of a panel's name so many are a hash; the rest are size, quorum and fee.
  private static final int HASH_BYTES = 22;

  /// @throws IllegalArgumentException if the panel could not decide, or costs more than all LP there is
  public Panel {
    Bounds.check("mediators", mediators.size(), 1, MAX_SIZE);
    Bounds.check("quorum", quorum, mediators.size() / 2 + 1, mediators.size());
    for (int i = 1; i < mediators.size(); i++) {
      if (mediators.get(i - 1).compareTo(mediators.get(i)) >= 0) {
        throw new InvalidValueException("mediators", mediators.get(i).toString(), "ascending order, each once");
      }
    }
    mediators = List.copyOf(mediators);
    fee.times(mediators.size(), 1);
  }

  /// The panel's name in offers: the first 22 bytes of the keccak-256 of its members, each padded to 32 bytes, then size
  /// and quorum in a byte each, then the fee in eight.
  public Bytes32 id() {
    var members = ByteBuffer.allocate(32 * mediators.size());
    for (var mediator : mediators) {
      members.put(new byte[12]).put(mediator.bytes());
    }
    var name = ByteBuffer.allocate(32).put(Keccak256.hash(members.array()).bytes(), 0, HASH_BYTES)
        .put((byte) mediators.size()).put((byte) quorum).putLong(fee.gwei());
    return Bytes32.of(name.array());
  }

  /// What a disputing creator puts at stake beside a tenth of the price: the fees of the whole panel.
  public Lp fees() {
    return fee.times(mediators.size(), 1);
  }
}
