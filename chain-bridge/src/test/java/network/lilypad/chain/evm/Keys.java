package network.lilypad.chain.evm;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import network.lilypad.chain.Cast;
import network.lilypad.protocol.sign.Wallet;
import network.lilypad.protocol.value.Address;
import network.lilypad.protocol.value.Bytes32;

/// Who signs for which address, and what can be done to a signature's bytes.
final class Keys {
  static final Wallet KEEPER = Cast.wallet("keeper");
  static final Wallet AGENT = Cast.wallet("agent");
  static final Wallet GUARDIAN = Cast.wallet("guardian");
  /// As many as the largest panel has, in ascending order of address.
  static final List<Wallet> MEDIATORS = IntStream.range(0, 32).mapToObj(i -> Cast.wallet("mediator " + i))
      .sorted(Comparator.comparing(Wallet::address)).toList();

  private static final BigInteger ORDER = new BigInteger(
      "fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141", 16);

  private final Map<Address, Wallet> byAddress = new HashMap<>();

  Keys() {
    List.of(Cast.CREATOR, Cast.ACCEPTOR, Cast.PROVIDER, Cast.SOLVER, Cast.STRANGER, KEEPER, AGENT, GUARDIAN)
        .forEach(wallet -> put(wallet.address(), wallet));
  }

  /// From now on this key signs for this address: its own, or a contract wallet's.
  void put(Address address, Wallet key) {
    byAddress.put(address, key);
  }

  Wallet of(Address address) {
    return Objects.requireNonNull(byAddress.get(address), () -> "key of " + address);
  }

  /// The same signature as EIP-2098 packs it: 64 bytes.
  static byte[] compact(byte[] signature) {
    var packed = Arrays.copyOf(signature, 64);
    if (signature[64] == 28) {
      packed[32] |= (byte) 0x80;
    }
    return packed;
  }

  /// The other signature of the same key over the same digest: n - s, and v flipped.
  static byte[] twin(byte[] signature) {
    var s = ORDER.subtract(new BigInteger(1, Arrays.copyOfRange(signature, 32, 64))).toByteArray();
    var twin = Arrays.copyOf(signature, 65);
    System.arraycopy(s, s.length - 32, twin, 32, 32);
    twin[64] = (byte) (signature[64] ^ 7);
    return twin;
  }

  /// A word of an EIP-2098 signature.
  static Bytes32 word(byte[] packed, int index) {
    return Bytes32.of(Arrays.copyOfRange(packed, 32 * index, 32 * index + 32));
  }
}
