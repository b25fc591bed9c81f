package network.lilypad.protocol.value;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.stream.Stream;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.junit.jupiter.api.Test;

class Sha256Test {
  private static final int CHUNK = 1 << 20;

  /// The second example of FIPS 180-4's companion.
  @Test void a_text_is_hashed_as_the_standard_says() {
    assertThat(Sha256.hash("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"))
        .isEqualTo(Bytes32.parse("0x248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"));
  }

  /// Somebody else's SHA-256 is the judge, as both of ours are under test.
  @Test void content_is_the_same_on_both_sides_of_the_change_to_the_library() {
    for (int i = 0; i < 3 * Sha256.NATIVE_FROM / CHUNK; i++) {
      var chunk = new byte[CHUNK - i];
      Arrays.fill(chunk, (byte) i);

      assertThat(Stream.of(ByteBuffer.wrap(chunk), ByteBuffer.wrap(chunk).asReadOnlyBuffer(), direct(chunk))
          .map(Sha256::hash)).as("chunk " + i).containsOnly(judged(chunk));
    }
  }

  @Test void a_part_of_an_array_is_hashed_from_its_position_to_its_limit() {
    var bytes = new byte[CHUNK];
    Arrays.fill(bytes, CHUNK / 4, CHUNK / 2, (byte) 7);
    var part = ByteBuffer.wrap(bytes).position(CHUNK / 4).limit(CHUNK / 2);

    assertThat(Sha256.hash(part)).isEqualTo(judged(Arrays.copyOfRange(bytes, CHUNK / 4, CHUNK / 2)));
    assertThat(part.hasRemaining()).as("counts as read").isFalse();
  }

  @Test void what_is_big_is_hashed_by_the_library_from_its_bound_on_and_what_is_small_never() {
    Sha256.digest(Sha256.NATIVE_FROM);

    assertThat(Sha256.digest(CHUNK).getProvider().getName()).isEqualTo("Conscrypt");
    assertThat(Sha256.digest(1000).getProvider().getName()).isEqualTo("SUN");
    assertThat(Sha256.digest().getProvider().getName()).isEqualTo("SUN");
  }

  private static ByteBuffer direct(byte[] bytes) {
    return ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
  }

  private static Bytes32 judged(byte[] bytes) {
    var digest = new SHA256Digest();
    digest.update(bytes, 0, bytes.length);
    var out = new byte[32];
    digest.doFinal(out, 0);
    return Bytes32.of(out);
  }
}
