package network.lilypad.chain.evm;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import network.lilypad.protocol.value.Address;
import network.lilypad.protocol.value.Bytes32;
import org.web3j.protocol.Web3j;
import org.web3j.protocol.core.BatchRequest;
import org.web3j.protocol.core.Request;
import org.web3j.protocol.core.Response;
import org.web3j.protocol.http.HttpService;
import tools.jackson.databind.JsonNode;

/// A chain under test: deploy, send as anybody, call, and move its clock. Each block is one second later than the one
/// before, so equal tests see equal times. Not thread-safe.
public final class Evm {
  /// The most that one transaction may use under EIP-7825; plenty for ours.
  private static final long GAS = 1L << 24;
  private static final int DEV_ACCOUNTS = 10;
  /// A machine that stands still delays an answer; a node that is gone refuses the connection at once.
  private static final Duration ANSWER_MAX = Duration.ofMinutes(5);

  /// Any JSON answer.
  public static final class Json extends Response<JsonNode> {}

  private final Anvil node;
  private final HttpService rpc;
  private final Web3j web3j;
  private final List<Address> accounts;

  private Evm(Anvil node) {
    this.node = node;
    this.rpc = new HttpService(node.url(), HttpService.getOkHttpClientBuilder().readTimeout(ANSWER_MAX).build());
    this.web3j = Web3j.build(rpc);
    this.accounts = elements(rpc("eth_accounts")).stream().map(json -> Address.parse(json.asString())).toList();
    assertThat(accounts).hasSize(DEV_ACCOUNTS);
    rpc("anvil_setBlockTimestampInterval", 1);
  }

  /// The chain of a node.
  public static Evm at(Anvil node) {
    return new Evm(node);
  }

  /// The library that production uses, on the same node.
  public Web3j web3j() {
    return web3j;
  }

  /// Where the node answers.
  public String url() {
    return node.url();
  }

  /// One of ten accounts with much ether. Any other address can send too: keys and fees are not asked for.
  public Address account(int index) {
    return accounts.get(index);
  }

  /// Makes a contract from its artifact or test double, as the first account.
  ///
  /// @throws Reverted if its constructor refuses
  public Contract deploy(String name, Object... arguments) {
    var artifact = Artifact.of(name);
    var receipt = sent(request(accounts.getFirst(), null, artifact.creation(arguments)));
    return new Contract(this, artifact, receipt.created());
  }

  /// A contract that is there already.
  public Contract contract(String name, Address address) {
    return new Contract(this, Artifact.of(name), address);
  }

  /// Sends and mines.
  ///
  /// @throws Reverted if the contract refuses
  public Receipt send(Tx tx) {
    return sent(request(tx.from(), tx.to(), tx.data()));
  }

  /// What a call would return; changes nothing.
  ///
  /// @throws Reverted if the contract refuses
  public byte[] call(Tx tx) {
    var answer = raw(request("eth_call", request(tx.from(), tx.to(), tx.data()), "latest"));
    if (answer.hasError()) {
      throw refused(answer.getError());
    }
    return Abi.hex(answer.getResult().asString());
  }

  /// Sends all, then mines them in their order in one block: about a thousand in a second. A refused one has a receipt
  /// that says so, and no reason.
  public List<Receipt> batch(List<Tx> all) {
    var hashes = all.stream().map(tx -> submit(request(tx.from(), tx.to(), tx.data()))).toList();
    rpc("evm_mine");
    return together(hashes.stream().map(hash -> request("eth_getTransactionReceipt", hash)).toList()).stream()
        .map(Evm::receipt).toList();
  }

  /// Whether the node mines by itself what others send it; off at first, and what is sent here is mined all the same.
  public void automine(boolean on) {
    rpc("evm_setAutomine", on);
  }

  /// Ledger time: the timestamp of the newest block.
  public long now() {
    return number(rpc("eth_getBlockByNumber", "latest", false).get("timestamp"));
  }

  /// The number of the newest block.
  public long block() {
    return number(rpc("eth_blockNumber"));
  }

  /// The next block will have this time, and those after it follow.
  public void nextBlockAt(long seconds) {
    rpc("evm_setNextBlockTimestamp", seconds);
  }

  /// Mines an empty block at this time, so that views see it too.
  public void moveTo(long seconds) {
    nextBlockAt(seconds);
    rpc("evm_mine");
  }

  /// Mines an empty block that many seconds after the newest.
  public void pass(long seconds) {
    moveTo(now() + seconds);
  }

  /// Mines empty blocks, a second apart.
  public void mine(int blocks) {
    rpc("anvil_mine", "0x" + Integer.toHexString(blocks));
  }

  /// Gives an account this much ether, in wei.
  public void setBalance(Address account, long wei) {
    rpc("anvil_setBalance", account.toString(), "0x" + Long.toHexString(wei));
  }

  /// A mark to [#revert] to.
  public String snapshot() {
    return rpc("evm_snapshot").asString();
  }

  /// Back to a mark; each serves once.
  public void revert(String snapshot) {
    assertThat(rpc("evm_revert", snapshot).asBoolean()).isTrue();
  }

  /// Any method of the node.
  public JsonNode rpc(String method, Object... parameters) {
    return result(raw(request(method, parameters)));
  }

  /// Many requests in one round trip. The answers are in their order, but the node works on them side by side: good for
  /// reading, not for sending.
  public List<JsonNode> together(List<Request<Object, Json>> requests) {
    if (requests.isEmpty()) {
      return List.of();
    }
    var batch = new BatchRequest(rpc);
    requests.forEach(batch::add);
    try {
      return batch.send().getResponses().stream().map(answer -> result((Json) answer)).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// A request to send with [#together].
  public Request<Object, Json> request(String method, Object... parameters) {
    return new Request<>(method, List.of(parameters), rpc, Json.class);
  }

  private Receipt sent(Map<String, Object> transaction) {
    var hash = submit(transaction);
    rpc("evm_mine");
    var receipt = receipt(rpc("eth_getTransactionReceipt", hash));
    if (!receipt.succeeded()) {
      var trace = rpc("debug_traceTransaction", hash, Map.of("tracer", "callTracer"));
      throw Artifact.revert(trace.has("output") ? Abi.hex(trace.get("output").asString()) : new byte[0]);
    }
    return receipt;
  }

  private String submit(Map<String, Object> transaction) {
    return rpc("eth_sendTransaction", transaction).asString();
  }

  private static Map<String, Object> request(Address from, Address to, byte[] data) {
    var transaction = new LinkedHashMap<String, Object>();
    transaction.put("from", from.toString());
    if (to != null) {
      transaction.put("to", to.toString());
    }
    transaction.put("data", Abi.hex(data));
    transaction.put("gas", "0x" + Long.toHexString(GAS));
    transaction.put("gasPrice", "0x0");
    return transaction;
  }

  private static Receipt receipt(JsonNode json) {
    var logs = new ArrayList<Receipt.Log>();
    for (var log : json.get("logs")) {
      logs.add(new Receipt.Log(Address.parse(log.get("address").asString()),
          elements(log.get("topics")).stream().map(topic -> Bytes32.parse(topic.asString())).toList(),
          Abi.hex(log.get("data").asString())));
    }
    var created = json.get("contractAddress");
    return new Receipt(Bytes32.parse(json.get("transactionHash").asString()), number(json.get("status")) == 1,
        number(json.get("gasUsed")), number(json.get("blockNumber")),
        created == null || created.isNull() ? Address.ZERO : Address.parse(created.asString()), List.copyOf(logs));
  }

  private Json raw(Request<Object, Json> request) {
    try {
      return request.send();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static JsonNode result(Json answer) {
    assertThat(answer.hasError()).as(() -> answer.getError().getCode() + " " + answer.getError().getMessage())
        .isFalse();
    return answer.getResult();
  }

  private static Reverted refused(Response.Error error) {
    var data = error.getData();
    return data == null || data.equals("null")
        ? new Reverted(error.getMessage(), List.of())
        : Artifact.revert(Abi.hex(data.replace("\"", "")));
  }

  private static List<JsonNode> elements(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false).toList();
  }

  private static long number(JsonNode hex) {
    return Long.decode(hex.asString());
  }
}
