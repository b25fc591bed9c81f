package network.lilypad.protocol.content;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import network.lilypad.protocol.value.Bytes32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CidTest {
  private static final String EMPTY_DIRECTORY = "bafybeiczsscdsbs7ffqz55asqdf3smv6klcw3gofszvwlyarci47bgf354";

  @Test void the_cid_of_no_bytes_is_the_one_everybody_knows() {
    assertThat(Cid.ofBlock(Cid.Codec.RAW, new byte[0]))
        .hasToString("bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku");
  }

  @Test void a_root_is_one_value_as_digest_and_as_text() {
    var cid = Cid.parse(EMPTY_DIRECTORY);
    assertThat(cid.codec()).isEqualTo(Cid.Codec.DAG_PB);
    assertThat(Cid.ofDirectory(cid.digest())).isEqualTo(cid).hasSameHashCodeAs(cid).hasToString(EMPTY_DIRECTORY);
    assertThat(new Cid(Cid.Codec.RAW, cid.digest())).isNotEqualTo(cid);
  }

  @Property(tries = 200) void text_and_bytes_lead_back(@ForAll @Size(32) byte[] digest, @ForAll Cid.Codec codec) {
    var cid = new Cid(codec, Bytes32.of(digest));
    assertThat(Cid.parse(cid.toString())).isEqualTo(cid);
    assertThat(Cid.ofBytes(cid.toBytes())).isEqualTo(cid);
    assertThat(cid.digest().bytes()).isEqualTo(digest);
  }

  @ParameterizedTest
  @CsvSource({
      "'', '59 characters'",
      "bafybei, '59 characters'",
      "QmUNLLsPACCz1vLxQVkXqqLX5R1X345qqfHbsf67hvA3Nn, '59 characters'",
      "zafybeiczsscdsbs7ffqz55asqdf3smv6klcw3gofszvwlyarci47bgf354, '59 characters'",
      "bafybeiczsscdsbs7ffqz55asqdf3smv6klcw3gofszvwlyarci47bgf35A, 'a-z and 2-7'",
      "bafybeiczsscdsbs7ffqz55asqdf3smv6klcw3gofszvwlyarci47bgf351, 'a-z and 2-7'",
      "bafybeiczsscdsbs7ffqz55asqdf3smv6klcw3gofszvwlyarci47bgf355, 'no bits behind'",
      "bafyreiczsscdsbs7ffqz55asqdf3smv6klcw3gofszvwlyarci47bgf354, 'raw 55 or dag-pb 70'",
      "bbfybeiczsscdsbs7ffqz55asqdf3smv6klcw3gofszvwlyarci47bgf354, 'version 1'",
      "bafybuiczsscdsbs7ffqz55asqdf3smv6klcw3gofszvwlyarci47bgf354, 'sha2-256'"}) void a_malformed_cid_is_refused_by_what_is_wrong(
          String text, String expected) {
    assertThatIllegalArgumentException().isThrownBy(() -> Cid.parse(text)).withMessageStartingWith("cid: ")
        .withMessageContaining(expected).withMessageContaining(text);
  }

  @Test void a_refusal_quotes_a_bounded_harmless_part_of_the_input() {
    assertThatIllegalArgumentException().isThrownBy(() -> Cid.parse("\u001b[2J\n" + "x".repeat(1 << 20)))
        .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(250).doesNotContain("\u001b", "\n"));
  }

  @Test void a_binary_form_of_another_length_is_refused() {
    assertThatIllegalArgumentException().isThrownBy(() -> Cid.ofBytes(new byte[37]))
        .withMessageContaining("37 bytes (expected: 36 bytes");
  }
}
