package network.lilypad.chain.fuzz;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;

import network.lilypad.protocol.sign.Eip712;
import network.lilypad.protocol.value.Address;
import network.lilypad.protocol.value.Bytes32;
import network.lilypad.protocol.value.JobOffer;
import network.lilypad.protocol.value.Lease;
import network.lilypad.protocol.value.Result;
import network.lilypad.protocol.value.Signature;
import network.lilypad.protocol.value.Signed;
import network.lilypad.protocol.value.Verdict;
import network.lilypad.protocol.value.Work;

/// Signed words as the Controller's parameters.
final class Encoding {
  private Encoding() {}

  static List<Object> offer(JobOffer o) {
    return List.of(o.creator(), o.acceptor(), o.solver(), o.market(), o.target(), o.panel(), work(o.work()),
        o.maxPrice(), o.maxFee(), o.minCollateral(), o.verification().number(), o.maxAttempts(), o.reviewSeconds(),
        o.validUntil(), o.deliverBy(), o.nonce(), o.extra());
  }

  private static List<Object> work(Work w) {
    return List.of(w.engine().number(), w.module(), w.inputs(), w.outputs(), Eip712.resources(w.resources()),
        w.runSeconds(), w.network().number(), w.comparator(), w.extra());
  }

  static List<Object> lease(Lease l) {
    return List.of(l.attempt(), l.provider(), l.offer(), l.epoch(), l.price(), l.collateral(), l.ttlSeconds(),
        l.openBy(), l.submitBy(), l.extra());
  }

  static List<Object> terms(JobOffer o, Lease l) {
    var figures = word(l.price().gwei()).or(word(l.collateral().gwei()).shiftLeft(64))
        .or(word(o.work().runSeconds()).shiftLeft(128)).or(word(o.reviewSeconds()).shiftLeft(160))
        .or(word(l.submitBy()).shiftLeft(192));
    return List.of(o.creator(), o.acceptor(), o.solver(), l.provider(), o.panel(), figures);
  }

  private static BigInteger word(long number) {
    return BigInteger.valueOf(number);
  }

  static List<Object> outcome(Result r) {
    return List.of(r.commitment(), r.cost(), r.startedAt(), r.endedAt());
  }

  static List<Object> vote(List<Address> panel, Signed<Verdict> verdict) {
    var bytes = verdict.signature().bytes();
    var s = Arrays.copyOfRange(bytes, 32, 64);
    s[0] |= (byte) ((bytes[64] - 27) << 7);
    int seat = Math.max(0, panel.indexOf(verdict.signer()));
    return List.of(seat, verdict.word().commitment(), Bytes32.of(Arrays.copyOf(bytes, 32)), Bytes32.of(s));
  }

  /// The same signature's twin: the other s with the other v. Nobody may accept it.
  static Signature twin(Signature signature) {
    var order = new BigInteger("fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141", 16);
    var bytes = signature.bytes().clone();
    var s = order.subtract(new BigInteger(1, Arrays.copyOfRange(bytes, 32, 64))).toByteArray();
    Arrays.fill(bytes, 32, 64, (byte) 0);
    int from = Math.max(0, s.length - 32);
    System.arraycopy(s, from, bytes, 64 - (s.length - from), s.length - from);
    bytes[64] = (byte) (bytes[64] == 27 ? 28 : 27);
    return Signature.of(bytes);
  }
}
