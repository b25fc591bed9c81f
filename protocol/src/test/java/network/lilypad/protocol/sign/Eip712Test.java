package network.lilypad.protocol.sign;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import network.lilypad.protocol.GoldenLines;
import network.lilypad.protocol.NodeScript;
import network.lilypad.protocol.Samples;
import network.lilypad.protocol.value.Address;
import network.lilypad.protocol.value.Dispute;
import network.lilypad.protocol.value.Domain;
import network.lilypad.protocol.value.Keccak256;
import network.lilypad.protocol.value.Signable;
import network.lilypad.protocol.value.Signed;
import org.junit.jupiter.api.Test;

class Eip712Test {
  private static final Domain CHAIN = new Domain(Long.MAX_VALUE,
      Address.parse("0xffffffffffffffffffffffffffffffffffffffff"));
  private static final Wallet WALLET = Wallet.of(Keccak256.hash("vectors"));

  @Test void published_digests_and_signatures_never_change() throws Exception {
    var lines = published().stream()
        .map(vector -> vector.type() + " " + vector.label() + " " + vector.ours()).toList();
    GoldenLines.assertSame("protocol/src/test/resources/golden/eip712.txt", lines);
  }

  @Test void an_independent_library_has_the_published_digests_signatures_and_signers() throws Exception {
    assertSameAsViem(published());
  }

  @Test void an_independent_library_agrees_on_random_words() throws Exception {
    long seed = new Random().nextLong();
    var vectors = Draw.seeds(seed, 20).stream().flatMap(draw -> draw.all()
        .map(word -> new Eip712Vector("seed " + seed, new Domain(seed >>> 1, Samples.DOMAIN.verifyingContract()),
            Wallet.of(draw.bytes32()), word)))
        .toList();
    assertSameAsViem(vectors);
  }

  @Test void every_signed_type_is_published() {
    assertThat(published()).extracting(Eip712Vector::type)
        .containsAll(Stream.of(Signable.class.getPermittedSubclasses())
            .map(Class::getSimpleName).collect(Collectors.toSet()));
  }

  @Test void two_ledgers_have_two_digests_for_one_word() {
    assertThat(Eip712.digest(Samples.DOMAIN, Samples.LEASE)).isNotEqualTo(Eip712.digest(CHAIN, Samples.LEASE));
  }

  @Test void a_job_is_known_by_its_offers_digest() {
    assertThat(new Signatures(Samples.DOMAIN).jobId(Samples.JOB_OFFER)).isEqualTo(Samples.JOB);
  }

  private static List<Eip712Vector> published() {
    var vectors = new ArrayList<Eip712Vector>();
    Samples.signed().stream().map(Signed::word)
        .forEach(word -> vectors.add(new Eip712Vector("sample", Samples.DOMAIN, Samples.CREATOR, word)));
    Draw.lowest().all().forEach(word -> vectors.add(new Eip712Vector("lowest", new Domain(0, Address.ZERO), WALLET,
        word)));
    Draw.highest().all().forEach(word -> vectors.add(new Eip712Vector("highest", CHAIN, WALLET, word)));
    for (int seed = 1; seed <= 3; seed++) {
      var label = "random-" + seed;
      Draw.random(seed).all().forEach(word -> vectors.add(new Eip712Vector(label, Samples.DOMAIN, WALLET, word)));
    }
    // Vectors are only appended: those of a type that came later stand behind the older ones.
    vectors.sort(Comparator.comparing(vector -> vector.word() instanceof Dispute));
    return vectors;
  }

  private static void assertSameAsViem(List<Eip712Vector> vectors) throws Exception {
    var theirs = NodeScript.run("eip712.js", vectors.stream().map(Eip712Vector::json).toList());
    assertThat(theirs).hasSameSizeAs(vectors);
    for (int i = 0; i < vectors.size(); i++) {
      assertThat(vectors.get(i).ours()).as(vectors.get(i).toString()).isEqualTo(theirs.get(i));
    }
  }
}
