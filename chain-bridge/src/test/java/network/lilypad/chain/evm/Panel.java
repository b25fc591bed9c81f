package network.lilypad.chain.evm;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.util.List;
import network.lilypad.protocol.sign.Wallet;
import network.lilypad.protocol.value.Address;
import network.lilypad.protocol.value.Bytes32;
import network.lilypad.protocol.value.Keccak256;

/// A mediator panel and its name.
///
/// @param members in the order that the name hashes
/// @param quorum equal verdicts that decide
/// @param fee gwei of LP for each whose verdict decides
record Panel(List<Address> members, int quorum, long fee) {
  static Panel of(int size, int quorum, long fee) {
    return new Panel(Keys.MEDIATORS.subList(0, size).stream().map(Wallet::address).toList(), quorum, fee);
  }

  /// What offers carry: 176 bits of the members' hash, size (8), quorum (8), fee (64).
  Bytes32 id() {
    var packed = new ByteArrayOutputStream();
    members.forEach(member -> {
      packed.writeBytes(new byte[12]);
      packed.writeBytes(member.bytes());
    });
    var hash = new BigInteger(1, Keccak256.hash(packed.toByteArray()).bytes()).shiftRight(80).shiftLeft(80);
    var word = hash.or(BigInteger.valueOf(members.size()).shiftLeft(72)).or(BigInteger.valueOf(quorum).shiftLeft(64))
        .or(BigInteger.valueOf(fee));
    return Bytes32.parse("%064x".formatted(word));
  }

  /// What a dispute under this panel locks of the creator.
  long bond(long price) {
    return members.size() * fee + price / 10;
  }
}
