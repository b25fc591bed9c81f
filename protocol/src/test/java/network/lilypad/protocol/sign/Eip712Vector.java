package network.lilypad.protocol.sign;

import java.lang.reflect.RecordComponent;
import java.util.Collection;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import network.lilypad.protocol.value.Address;
import network.lilypad.protocol.value.Bytes32;
import network.lilypad.protocol.value.DealId;
import network.lilypad.protocol.value.Domain;
import network.lilypad.protocol.value.Engine;
import network.lilypad.protocol.value.JobId;
import network.lilypad.protocol.value.Lp;
import network.lilypad.protocol.value.NetworkPolicy;
import network.lilypad.protocol.value.Signable;
import network.lilypad.protocol.value.Verification;

/// A word to be signed in a domain by a key, and its JSON for the independent library: made of the record's components,
/// not of the code under test.
record Eip712Vector(String label, Domain domain, Wallet wallet, Signable word) {
  String type() {
    return word.getClass().getSimpleName();
  }

  /// Digest, signature and signer as our code has them.
  String ours() {
    var digest = Eip712.digest(domain, word);
    var signature = wallet.sign(digest);
    return digest + " " + signature + " " + new Signatures(domain).recover(digest, signature).orElseThrow();
  }

  String json() {
    return "{\"type\":\"" + type() + "\",\"domain\":{\"chainId\":\"" + domain.chainId() + "\",\"verifyingContract\":\""
        + domain.verifyingContract() + "\"},\"key\":\"" + wallet.key() + "\",\"message\":" + json(word) + "}";
  }

  private static String json(Object value) {
    return switch (value) {
      case Bytes32 _,Address _,JobId _,DealId _,Number _ -> "\"" + value + "\"";
      case Lp amount -> "\"" + amount.gwei() + "\"";
      case Engine engine -> "\"" + engine.number() + "\"";
      case NetworkPolicy network -> "\"" + network.number() + "\"";
      case Verification verification -> "\"" + verification.number() + "\"";
      case Collection<?> values -> values.stream().map(Eip712Vector::json).collect(Collectors.joining(",", "[", "]"));
      case Record members -> Stream.of(members.getClass().getRecordComponents())
          .map(member -> "\"" + member.getName() + "\":" + json(member(members, member)))
          .collect(Collectors.joining(",", "{", "}"));
      default -> throw new AssertionError(value + " (expected: a member of a signed type)");
    };
  }

  private static Object member(Record owner, RecordComponent component) {
    try {
      return component.getAccessor().invoke(owner);
    } catch (ReflectiveOperationException e) {
      throw new LinkageError(component + " (expected: readable)", e);
    }
  }
}
