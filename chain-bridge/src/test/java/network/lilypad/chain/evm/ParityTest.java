package network.lilypad.chain.evm;

import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import network.lilypad.protocol.Rejection;
import network.lilypad.protocol.sign.Eip712;
import network.lilypad.protocol.value.Address;
import network.lilypad.protocol.value.Bytes32;
import network.lilypad.protocol.value.DealPhase;
import network.lilypad.protocol.value.Engine;
import network.lilypad.protocol.value.JobOffer;
import network.lilypad.protocol.value.Lp;
import network.lilypad.protocol.value.NetworkPolicy;
import network.lilypad.protocol.value.Resources;
import network.lilypad.protocol.value.Verification;
import network.lilypad.protocol.value.Work;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/// What contract and Java say of the same thing: digests, ids, numbers of states and errors. Java and the proto files
/// are compared in the protocol module.
final class ParityTest extends MarketFixture {
  private static final int OFFERS = 60;

  ParityTest(Evm evm) {
    super(evm);
  }

  private static String read(String file) throws IOException {
    return Files.readString(Anvil.root().resolve(file));
  }

  /// Names to numbers, of every match of a pattern with these two groups.
  private static Map<String, Integer> numbers(String pattern, String text) {
    return Pattern.compile(pattern).matcher(text).results()
        .collect(toMap(match -> match.group(1), match -> Integer.valueOf(match.group(2)), (a, _) -> a, TreeMap::new));
  }

  // ------------------------------------------------------------------------------------------------ digests

  @Test void the_domain_is_the_same_hash_on_both_sides() {
    assertThat(market.controller.get(Bytes32.class, "domainSeparator")).isEqualTo(Eip712.separator(market.domain));
  }

  @Test void a_job_has_the_same_id_on_both_sides_whatever_it_asks_for() {
    var random = new Random(25);
    var bounds = Stream.of(offer(random, 0), offer(random, Long.MAX_VALUE));
    var offers = Stream.concat(bounds, IntStream.range(0, OFFERS).mapToObj(_ -> offer(random, random.nextLong())));
    offers.forEach(offer -> {
      var trade = new Trade(market, offer, market.trade().lease(), market.trade().outcome(), Map.of());
      assertThat(market.controller.get(Bytes32.class, "jobId", trade.offerWords()))
          .isEqualTo(Eip712.digest(market.domain, offer));
    });
  }

  /// Any offer: its numbers are cut to their bounds from `seed`, so that 0 gives the least and the greatest long the
  /// most.
  private static JobOffer offer(Random random, long seed) {
    int number = (int) (seed & Integer.MAX_VALUE);
    long time = seed & 0xff_ffff_ffffL;
    long positive = seed & Long.MAX_VALUE;
    var resources = new Resources(number, number, bytes(random), number, positive % (1L << 53), positive % (1L << 53));
    var work = new Work(Engine.values()[number % 2], bytes(random), bytes(random), bytes(random), resources,
        Math.max(1, number), NetworkPolicy.values()[number % 3], bytes(random), bytes(random));
    return new JobOffer(address(random), address(random), address(random), bytes(random), address(random),
        bytes(random), work, amount(positive), amount(positive / 2), amount(positive / 3),
        Verification.values()[number % 5], 1 + number % 255, number, time, time / 2, positive, bytes(random));
  }

  private static Lp amount(long positive) {
    return Lp.gwei(Math.min(positive, Lp.MAX_GWEI));
  }

  private static Bytes32 bytes(Random random) {
    var bytes = new byte[32];
    random.nextBytes(bytes);
    return Bytes32.of(bytes);
  }

  private static Address address(Random random) {
    return Address.of(Arrays.copyOf(bytes(random).bytes(), 20));
  }

  /// The contract checks a result's signature over the deal's id, so it made the same id, for small and large attempts.
  @Test void a_deal_has_the_same_id_on_both_sides() {
    for (int attempt : new int[]{1, 2, 128, 255}) {
      market.submitted(d -> {
        d.nonce = attempt;
        d.attempt = attempt;
      }).accept().send();
    }
  }

  // ------------------------------------------------------------------------------------------------ states

  @Test void a_state_has_one_number_in_contract_and_java() throws IOException {
    var java = Stream.of(DealPhase.values()).collect(toMap(DealPhase::name, DealPhase::number));
    // then: the contract has a part of Java's, by the same names
    var solidity = numbers("uint8 internal constant (\\w+) = (\\d+);",
        read("chain-bridge/contracts/src/core/Storage.sol"));
    assertThat(solidity).hasSize(13);
    assertThat(java).containsAllEntriesOf(solidity);
  }

  @Test void which_ends_are_paid_is_the_same_on_both_sides() throws IOException {
    var solidity = read("chain-bridge/contracts/src/core/Storage.sol");
    var paid = solidity.substring(solidity.indexOf("function paid("));
    var names = Pattern.compile("state == (\\w+)").matcher(paid.substring(0, paid.indexOf('}'))).results()
        .map(match -> DealPhase.valueOf(match.group(1))).toList();
    assertThat(Stream.of(DealPhase.values()).filter(DealPhase::paid)).containsExactlyInAnyOrderElementsOf(names);
  }

  // ------------------------------------------------------------------------------------------------ errors

  @Test void an_error_of_the_contract_is_the_rejection_of_its_name_and_code() throws IOException {
    var devdoc = new ObjectMapper().readTree(read("chain-bridge/contracts/artifacts/Controller.json")).get("devdoc")
        .get("errors");
    var codes = new TreeMap<String, Integer>();
    devdoc.propertyStream().forEach(error -> codes.put(error.getKey().replaceAll("\\(.*", ""), code(error.getValue())));
    var kinds = numbers("case (\\w+) _ -> (\\d+);",
        read("protocol/src/main/java/network/lilypad/protocol/Rejection.java"));
    assertThat(kinds).containsAllEntriesOf(codes);
    // and none was forgotten
    var declared = Pattern.compile("\\n +error (\\w+)\\(")
        .matcher(read("chain-bridge/contracts/src/core/interfaces/IController.sol")).results()
        .map(match -> match.group(1)).toList();
    assertThat(codes.keySet()).containsAll(declared);
    assertThat(Rejection.class.getPermittedSubclasses()).extracting(Class::getSimpleName).containsAll(codes.keySet());
  }

  private static int code(JsonNode docs) {
    assertThat(docs.size()).isEqualTo(1);
    return Integer.parseInt(docs.get(0).get("custom:code").asString());
  }
}
