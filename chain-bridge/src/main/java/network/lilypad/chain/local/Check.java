package network.lilypad.chain.local;

import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

import network.lilypad.protocol.Rejection;
import network.lilypad.protocol.value.Address;
import network.lilypad.protocol.value.Bytes32;
import network.lilypad.protocol.value.Signed;

/// A condition of the rules, and what is wrong if it does not hold.
///
/// @param flaw empty: it holds
record Check(Optional<Rejection> flaw) {
  static final Check PASSED = new Check(Optional.empty());

  static Check failed(Rejection flaw) {
    return new Check(Optional.of(flaw));
  }

  static Check that(boolean holds, Supplier<Rejection> flaw) {
    return holds ? PASSED : failed(flaw.get());
  }

  /// All of them; the first flaw is the flaw.
  static Check all(Check... checks) {
    return Stream.of(checks).filter(check -> check.flaw.isPresent()).findFirst().orElse(PASSED);
  }

  static Check signedBy(Signed<?> signed, Address expected) {
    return that(signed.signer().equals(expected),
        () -> new Rejection.NotAParty(signed.signer().toString(), expected.toString()));
  }

  static Check signedFor(Signed<?> signed, Address provider, Agents agents) {
    return that(agents.speaksFor(signed.signer(), provider),
        () -> new Rejection.NotAParty(signed.signer().toString(), provider.toString()));
  }

  static Check signedByEither(Signed<?> signed, Address first, Address second) {
    return signed.signer().equals(second) ? PASSED : signedBy(signed, first);
  }

  static Check equal(String field, Bytes32 value, Bytes32 expected) {
    return that(value.equals(expected),
        () -> new Rejection.Malformed(field, value.toString(), expected.toString()));
  }

  static Check notAfter(String what, long deadline, long now) {
    return that(now <= deadline, () -> new Rejection.TooLate(what, deadline, now));
  }

  static Check notBefore(String what, long time, long now) {
    return that(now >= time, () -> new Rejection.TooEarly(what, time, now));
  }

  static Check atMost(String what, long size, long limit) {
    return that(size <= limit, () -> new Rejection.TooLarge(what, size, limit));
  }

  Ruling orReject(Supplier<Ruling> ruling) {
    return flaw.<Ruling>map(Ruling.Reject::new).orElseGet(ruling);
  }
}
