package network.lilypad.chain.evm;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import network.lilypad.chain.evm.Abi.Parameter;
import network.lilypad.protocol.value.Keccak256;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/// A compiled contract: one of `contracts/artifacts`, or a test double of `contracts/test`, compiled when first asked
/// for.
public final class Artifact {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int SELECTOR = 4;

  private record Entry(String name, List<Parameter> inputs, List<Parameter> outputs) {
    String signature() {
      return Abi.signature(name, inputs);
    }
  }

  /// A decoded event.
  public record Event(String name, Map<String, Object> arguments) {
    /// @throws AssertionError if the event has no argument of that name
    public Object get(String argument) {
      assertThat(arguments).containsKey(argument);
      return arguments.get(argument);
    }
  }

  private static final class All {
    static final Map<String, Artifact> BY_NAME = load();
    static final Map<String, Entry> ERRORS = BY_NAME.values().stream().flatMap(one -> one.errors.stream())
        .collect(Collectors.toMap(error -> selector(error.signature()), error -> error, (a, _) -> a));

    static Map<String, Artifact> load() {
      ContractsBuild.run("build.mjs", "--test");
      var all = new HashMap<String, Artifact>();
      for (var folder : List.of("contracts/artifacts", "target/contracts")) {
        ContractsBuild.jsonFiles(folder).forEach(file -> {
          var artifact = new Artifact(JSON.readTree(read(file)));
          all.put(artifact.name, artifact);
        });
      }
      return all;
    }
  }

  private final String name;
  private final String bytecode;
  private final int deployedBytes;
  private final List<Parameter> constructor;
  private final List<Entry> functions;
  private final List<Entry> events;
  private final List<Entry> errors;

  private Artifact(JsonNode json) {
    name = json.get("contractName").asString();
    bytecode = json.get("bytecode").asString();
    deployedBytes = (json.get("deployedBytecode").asString().length() - 2) / 2;
    functions = entries(json, "function");
    events = entries(json, "event");
    errors = entries(json, "error");
    constructor = entries(json, "constructor").stream().findFirst().map(Entry::inputs).orElse(List.of());
  }

  /// @throws AssertionError if there is no contract of that name
  public static Artifact of(String name) {
    assertThat(All.BY_NAME).containsKey(name);
    return All.BY_NAME.get(name);
  }

  /// The refusal that the returned data of a reverted call spells, by the errors of all contracts.
  public static Reverted revert(byte[] data) {
    if (data.length < SELECTOR) {
      return new Reverted("empty", List.of());
    }
    var body = Arrays.copyOfRange(data, SELECTOR, data.length);
    return switch (HexFormat.of().formatHex(data, 0, SELECTOR)) {
      case "08c379a0" -> new Reverted("Error", Abi.decode(List.of(parameter("string")), body));
      case "4e487b71" -> new Reverted("Panic", Abi.decode(List.of(parameter("uint256")), body));
      case String selector -> Optional.ofNullable(All.ERRORS.get(selector))
          .map(error -> new Reverted(error.name, Abi.decode(error.inputs, body)))
          .orElseGet(() -> new Reverted("unknown " + selector, List.of(body)));
    };
  }

  /// What the contract is called.
  public String name() {
    return name;
  }

  /// The size of its code on the chain.
  public int deployedBytes() {
    return deployedBytes;
  }

  byte[] creation(Object... arguments) {
    return Abi.join(Abi.hex(bytecode), Abi.encode(constructor, Arrays.asList(arguments)));
  }

  byte[] call(String function, Object... arguments) {
    var entry = function(function, arguments.length);
    return Abi.join(hash(entry.signature(), SELECTOR), Abi.encode(entry.inputs, Arrays.asList(arguments)));
  }

  List<Object> result(String function, int arguments, byte[] data) {
    return Abi.decode(function(function, arguments).outputs, data);
  }

  /// The event that a log is, empty when it is none of this contract.
  Optional<Event> event(Receipt.Log log) {
    return events.stream().filter(entry -> !log.topics().isEmpty()
        && Arrays.equals(hash(entry.signature(), 32), log.topics().getFirst().bytes())).findFirst()
        .map(entry -> event(entry, log));
  }

  private static Event event(Entry entry, Receipt.Log log) {
    var plain = Abi.decode(entry.inputs.stream().filter(input -> !input.indexed()).toList(), log.data()).iterator();
    var topics = log.topics().subList(1, log.topics().size()).iterator();
    var arguments = new LinkedHashMap<String, Object>();
    for (var input : entry.inputs) {
      arguments.put(input.name(), input.indexed() ? indexed(input, topics.next().bytes()) : plain.next());
    }
    return new Event(entry.name, arguments);
  }

  /// An indexed value; of dynamic ones a log holds the hash only.
  private static Object indexed(Parameter input, byte[] topic) {
    var type = input.isDynamic() || input.type().startsWith("tuple") ? parameter("bytes32") : input;
    return Abi.decode(List.of(type), topic).getFirst();
  }

  /// By name and number of arguments, or by the whole signature where that is not enough.
  private Entry function(String wanted, int arguments) {
    var found = functions.stream().filter(
        entry -> entry.signature().equals(wanted) || entry.name.equals(wanted) && entry.inputs.size() == arguments)
        .toList();
    assertThat(found).as("%s.%s with %d arguments", name, wanted, arguments).hasSize(1);
    return found.getFirst();
  }

  private static List<Entry> entries(JsonNode json, String type) {
    var entries = new ArrayList<Entry>();
    for (var entry : json.get("abi")) {
      if (entry.get("type").asString().equals(type)) {
        var called = type.equals("constructor") ? "" : entry.get("name").asString();
        entries.add(new Entry(called, parameters(entry.get("inputs")), parameters(entry.get("outputs"))));
      }
    }
    return List.copyOf(entries);
  }

  private static List<Parameter> parameters(JsonNode list) {
    var parameters = new ArrayList<Parameter>();
    if (list != null) {
      for (var one : list) {
        parameters.add(new Parameter(one.get("name").asString(), one.get("type").asString(),
            one.has("indexed") && one.get("indexed").asBoolean(), parameters(one.get("components"))));
      }
    }
    return List.copyOf(parameters);
  }

  private static Parameter parameter(String type) {
    return new Parameter("", type, false, List.of());
  }

  private static String selector(String signature) {
    return HexFormat.of().formatHex(hash(signature, SELECTOR));
  }

  private static byte[] hash(String signature, int bytes) {
    return Arrays.copyOf(Keccak256.hash(signature).bytes(), bytes);
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
