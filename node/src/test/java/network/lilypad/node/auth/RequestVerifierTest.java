package network.lilypad.node.auth;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Metadata;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.HexFormat;
import network.lilypad.protocol.Rejection;
import network.lilypad.protocol.Rejection.Unauthenticated;
import network.lilypad.protocol.sign.Wallet;
import network.lilypad.protocol.value.Address;
import network.lilypad.protocol.value.Bytes32;
import network.lilypad.protocol.value.Keccak256;
import network.lilypad.protocol.wire.Admission;
import org.junit.jupiter.api.Test;

class RequestVerifierTest {
  private static final long NOON = 1_800_000_000;
  private static final String METHOD = "lilypad.v1.Market/GetJob";
  private static final byte[] BODY = "body".getBytes(StandardCharsets.UTF_8);

  private final Wallet wallet = Wallet.of(Keccak256.hash("wallet"));
  private final RequestSigner signer = new RequestSigner(wallet, () -> NOON, new SecureRandom());
  private long now = NOON;
  private final RequestVerifier verifier = new RequestVerifier(() -> now, 30);

  private Metadata signed() {
    var headers = new Metadata();
    signer.sign(METHOD, BODY, headers);
    return headers;
  }

  private static Metadata with(Metadata headers, String name, String value) {
    var key = Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER);
    headers.removeAll(key);
    headers.put(key, value);
    return headers;
  }

  private Rejection refused(String method, byte[] body, Metadata headers) {
    var admission = verifier.verify(method, body, headers);
    assertThat(admission).isInstanceOf(Admission.Refused.class);
    return ((Admission.Refused<Address>) admission).why();
  }

  @Test void a_signed_request_names_its_caller() {
    // when, then
    assertThat(verifier.verify(METHOD, BODY, signed())).isEqualTo(new Admission.Admitted<>(wallet.address()));
  }

  @Test void the_text_that_is_signed_is_the_one_that_the_api_documents() {
    // given
    var nonce = Bytes32.parse("0x" + "ab".repeat(32));
    var text = """
        lilypad request 1
        lilypad.v1.Market/GetJob
        0x230d8358dc8e8890b4c58deeb62912ee2f20357ae92a5cc861b98e68fe31acb5
        0x%s
        1800000060""".formatted("ab".repeat(32));
    // when, then
    assertThat(RequestHeaders.digest(METHOD, BODY, nonce, 1_800_000_060)).isEqualTo(Keccak256.hash(text));
  }

  @Test void the_same_request_is_taken_once() {
    // given
    var headers = signed();
    verifier.verify(METHOD, BODY, headers);
    // when, then
    assertThat(refused(METHOD, BODY, headers))
        .isEqualTo(new Unauthenticated("the request's nonce has been used before"));
  }

  @Test void a_request_is_good_for_its_method_and_its_bytes_only() {
    // when, then
    assertThat(refused("lilypad.v1.Market/CancelJob", BODY, signed())).isInstanceOf(Unauthenticated.class);
    assertThat(refused(METHOD, new byte[]{1}, signed())).isInstanceOf(Unauthenticated.class);
  }

  @Test void a_request_speaks_for_its_signer_only() {
    // given
    var other = Wallet.of(Keccak256.hash("other")).address();
    // when, then
    assertThat(refused(METHOD, BODY, with(signed(), "lilypad-account", other.toString())))
        .isInstanceOf(Unauthenticated.class);
  }

  @Test void an_expired_request_is_refused_and_so_is_one_that_expires_too_late() {
    // given
    var headers = signed();
    now = NOON + RequestSigner.LIFE_SECONDS;
    // when, then
    assertThat(refused(METHOD, BODY, headers).message()).contains("expired");
    now = NOON + RequestSigner.LIFE_SECONDS - RequestVerifier.MAX_LIFE_SECONDS - 1;
    assertThat(refused(METHOD, BODY, headers).message()).contains("at most 300 seconds ahead");
  }

  @Test void a_missing_or_malformed_header_is_named() {
    // when, then
    assertThat(refused(METHOD, BODY, new Metadata()).message()).contains("lilypad-account").contains("missing");
    assertThat(refused(METHOD, BODY, with(signed(), "lilypad-expiry", "-1")).message()).contains("lilypad-expiry");
    assertThat(refused(METHOD, BODY, with(signed(), "lilypad-signature", "0x00")).message())
        .contains("lilypad-signature");
    assertThat(refused(METHOD, BODY, with(signed(), "lilypad-nonce", "00".repeat(32))).message())
        .contains("lilypad-nonce");
  }

  @Test void a_signature_in_its_malleable_form_is_refused() {
    // given
    var key = Metadata.Key.of("lilypad-signature", Metadata.ASCII_STRING_MARSHALLER);
    var headers = signed();
    var bytes = HexFormat.of().parseHex(String.valueOf(headers.get(key)).substring(2));
    var order = new java.math.BigInteger("fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141", 16);
    var s = order.subtract(new java.math.BigInteger(1, java.util.Arrays.copyOfRange(bytes, 32, 64)));
    var high = HexFormat.of().formatHex(bytes, 0, 32) + String.format("%064x", s) + (bytes[64] == 27 ? "1c" : "1b");
    // when, then
    assertThat(refused(METHOD, BODY, with(headers, "lilypad-signature", "0x" + high)))
        .isInstanceOf(Unauthenticated.class);
  }

  @Test void what_is_remembered_is_bounded_per_account_and_forgotten_at_expiry() {
    // given
    for (int i = 0; i < 3; i++) {
      verifier.verify(METHOD, BODY, signed());
    }
    // when, then
    assertThat(refused(METHOD, BODY, signed())).isInstanceOf(Rejection.Overloaded.class);
    now = NOON + RequestSigner.LIFE_SECONDS;
    var later = new Metadata();
    new RequestSigner(wallet, () -> now, new SecureRandom()).sign(METHOD, BODY, later);
    assertThat(verifier.verify(METHOD, BODY, later)).isInstanceOf(Admission.Admitted.class);
  }

  @Test void other_accounts_are_served_while_one_has_used_up_its_share_until_all_is_full() {
    // given
    var nonces = new UsedNonces(20);
    // when
    for (int i = 0; i < 25; i++) {
      nonces.use(wallet.address(), Keccak256.hash("nonce " + i), NOON + 1, NOON);
    }
    // then
    assertThat(nonces.size()).isEqualTo(2);
    for (int i = 0; i < 30; i++) {
      nonces.use(Wallet.of(Keccak256.hash("wallet " + i)).address(), Bytes32.ZERO, NOON + 1, NOON);
    }
    assertThat(nonces.size()).isEqualTo(20);
  }
}
