package network.lilypad.protocol.sign;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import network.lilypad.protocol.value.Address;
import network.lilypad.protocol.value.Bytes32;
import network.lilypad.protocol.value.Keccak256;
import network.lilypad.protocol.value.Signature;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Both implementations on the same vectors: the native library must be there, this is not the machine to skip it on.
class EcdsaTest {
  private static final BigInteger ORDER = new BigInteger(
      "fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141", 16);
  private static final BigInteger FIELD = new BigInteger(
      "fffffffffffffffffffffffffffffffffffffffffffffffffffffffefffffc2f", 16);
  private static final Bytes32 DIGEST = Keccak256.hash("digest");
  private static final byte[] KEY = Keccak256.hash("key").bytes();

  static Stream<Ecdsa> both() {
    return Stream.of(NativeEcdsa.load().orElseThrow(), new JavaEcdsa());
  }

  @Test void both_sign_alike_and_recover_each_other() {
    // given
    var fast = NativeEcdsa.load().orElseThrow();
    var slow = new JavaEcdsa();
    var seed = new Random().nextLong();
    var draw = Draw.random(seed);
    for (int round = 0; round < 100; round++) {
      var key = draw.bytes32().bytes();
      var digest = draw.bytes32();
      // when
      var signature = fast.sign(digest, key);
      // then
      assertThat(signature).as("seed " + seed).isEqualTo(slow.sign(digest, key));
      assertThat(fast.recover(digest, signature)).as("seed " + seed).contains(fast.address(key));
      assertThat(slow.recover(digest, signature)).as("seed " + seed).contains(slow.address(key));
      assertThat(fast.address(key)).as("seed " + seed).isEqualTo(slow.address(key));
    }
  }

  @Test void both_recover_the_same_from_any_bytes() {
    var fast = NativeEcdsa.load().orElseThrow();
    var slow = new JavaEcdsa();
    var seed = new Random().nextLong();
    var draw = Draw.random(seed);
    for (int round = 0; round < 400; round++) {
      var s = number(draw.bytes32()).shiftRight(1);
      var bytes = signature(number(draw.bytes32()), s, 27 + round % 2);
      assertThat(fast.recover(DIGEST, bytes)).as("seed " + seed).isEqualTo(slow.recover(DIGEST, bytes));
    }
  }

  @ParameterizedTest
  @MethodSource("both") void a_known_key_has_its_known_account(Ecdsa ecdsa) {
    var one = signature(BigInteger.ONE, BigInteger.ONE, 27).bytes();
    assertThat(ecdsa.address(Arrays.copyOf(one, 32)))
        .isEqualTo(Address.parse("0x7e5f4552091a69125d5dfcb7b8c2659029395bdf"));
  }

  @ParameterizedTest
  @MethodSource("both") void the_other_s_of_a_signature_is_refused(Ecdsa ecdsa) {
    var mine = ecdsa.sign(DIGEST, KEY).bytes();
    var r = new BigInteger(1, Arrays.copyOfRange(mine, 0, 32));
    var s = new BigInteger(1, Arrays.copyOfRange(mine, 32, 64));
    assertThat(ecdsa.recover(DIGEST, signature(r, s, mine[64]))).contains(ecdsa.address(KEY));
    assertThat(ecdsa.recover(DIGEST, signature(r, ORDER.subtract(s), 27 + 28 - mine[64]))).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("both") void r_and_s_out_of_range_are_refused(Ecdsa ecdsa) {
    var bytes = ecdsa.sign(DIGEST, KEY).bytes();
    var r = new BigInteger(1, Arrays.copyOfRange(bytes, 0, 32));
    var s = new BigInteger(1, Arrays.copyOfRange(bytes, 32, 64));
    for (var wrong : new BigInteger[]{BigInteger.ZERO, ORDER, ORDER.add(BigInteger.ONE),
        BigInteger.TWO.pow(256).subtract(BigInteger.ONE)}) {
      assertThat(ecdsa.recover(DIGEST, signature(wrong, s, 27))).isEmpty();
      assertThat(ecdsa.recover(DIGEST, signature(r, wrong, 27))).isEmpty();
    }
  }

  @ParameterizedTest
  @MethodSource("both") void half_the_order_is_the_largest_s(Ecdsa ecdsa) {
    var half = ORDER.shiftRight(1);
    var r = new BigInteger(1, Arrays.copyOf(ecdsa.sign(DIGEST, KEY).bytes(), 32));
    assertThat(ecdsa.recover(DIGEST, signature(r, half, 27))).isPresent();
    assertThat(ecdsa.recover(DIGEST, signature(r, half.add(BigInteger.ONE), 27))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 26, 29, 30, 31, 35, 255}) void another_v_is_refused(int v) {
    both().forEach(ecdsa -> {
      var bytes = ecdsa.sign(DIGEST, KEY).bytes();
      bytes[64] = (byte) v;
      assertThat(ecdsa.recover(DIGEST, Signature.of(bytes))).isEmpty();
    });
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 32, 64, 66, 4096}) void another_length_is_refused(int length) {
    both().forEach(ecdsa -> {
      var bytes = Arrays.copyOf(ecdsa.sign(DIGEST, KEY).bytes(), length);
      assertThat(ecdsa.recover(DIGEST, Signature.of(bytes))).isEmpty();
    });
  }

  @ParameterizedTest
  @MethodSource("both") void an_r_that_is_no_point_of_the_curve_is_refused(Ecdsa ecdsa) {
    var r = Stream.iterate(BigInteger.ONE, BigInteger.ONE::add).filter(x -> !onCurve(x)).findFirst().orElseThrow();
    assertThat(ecdsa.recover(DIGEST, signature(r, BigInteger.ONE, 27))).isEmpty();
    assertThat(ecdsa.recover(DIGEST, signature(r, BigInteger.ONE, 28))).isEmpty();
  }

  /// With R = kG and s = digest / k the recovered key would be the point at infinity: nobody's.
  @ParameterizedTest
  @MethodSource("both") void a_signature_of_the_point_at_infinity_is_refused(Ecdsa ecdsa) {
    // given: R is the generator (k = 1, its y is even) or its negative (k = -1), whichever makes s low
    var generatorX = new BigInteger("79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798", 16);
    var z = number(DIGEST);
    var low = z.compareTo(ORDER.shiftRight(1)) <= 0;
    var nobodys = signature(generatorX, low ? z : ORDER.subtract(z), low ? 27 : 28);
    // then
    assertThat(ecdsa.recover(DIGEST, nobodys)).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("both") void bytes_that_are_no_key_are_refused(Ecdsa ecdsa) {
    for (var key : new byte[][]{new byte[32], new byte[31], new byte[33], signature(ORDER, ORDER, 27).bytes()}) {
      var bytes = key.length == 65 ? Arrays.copyOf(key, 32) : key;
      assertThatThrownBy(() -> ecdsa.address(bytes)).isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("private key");
    }
  }

  private static boolean onCurve(BigInteger x) {
    var ySquared = x.pow(3).add(BigInteger.valueOf(7)).mod(FIELD);
    return ySquared.modPow(FIELD.subtract(BigInteger.ONE).shiftRight(1), FIELD).equals(BigInteger.ONE);
  }

  private static BigInteger number(Bytes32 bytes) {
    return new BigInteger(1, bytes.bytes());
  }

  private static Signature signature(BigInteger r, BigInteger s, int v) {
    var bytes = new byte[65];
    copy(r, bytes, 32);
    copy(s, bytes, 64);
    bytes[64] = (byte) v;
    return Signature.of(bytes);
  }

  private static void copy(BigInteger number, byte[] target, int end) {
    var digits = number.toByteArray();
    int length = Math.min(32, digits.length);
    System.arraycopy(digits, digits.length - length, target, end - length, length);
  }
}
