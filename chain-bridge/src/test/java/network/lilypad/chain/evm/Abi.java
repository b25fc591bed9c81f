package network.lilypad.chain.evm;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.lang.reflect.RecordComponent;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.IntStream;
import network.lilypad.protocol.value.Address;
import network.lilypad.protocol.value.Bytes32;
import network.lilypad.protocol.value.Engine;
import network.lilypad.protocol.value.Lp;
import network.lilypad.protocol.value.NetworkPolicy;
import network.lilypad.protocol.value.Signature;
import network.lilypad.protocol.value.Verification;

/// Solidity's contract ABI, written from its specification: an independent check of the library that production uses.
///
/// In: numbers as any [Number], [Lp] (gwei) or an enum with a number; addresses and bytes as values, arrays or hex
/// text; structs as records in the declared order or lists. Out: [Long] for up to 64 bits, else [BigInteger];
/// [Address]; [Bytes32] for `bytes32`, `byte[]` for other bytes; [String]; [Boolean]; lists for arrays and structs.
public final class Abi {
  private static final int WORD = 32;

  private Abi() {}

  /// A type with its name.
  ///
  /// @param components the members of a struct, empty for others
  public record Parameter(String name, String type, boolean indexed, List<Parameter> components) {
    /// As signatures spell it: structs as tuples of their members' types.
    public String canonical() {
      return type.startsWith("tuple") ? signature("", components) + type.substring("tuple".length()) : type;
    }

    boolean isArray() { return type.endsWith("]"); }

    /// The number of elements of a fixed array, -1 for a dynamic one.
    int length() {
      var digits = type.substring(type.lastIndexOf('[') + 1, type.length() - 1);
      return digits.isEmpty() ? -1 : Integer.parseInt(digits);
    }

    Parameter element() {
      return new Parameter("", type.substring(0, type.lastIndexOf('[')), false, components);
    }

    boolean isDynamic() {
      if (isArray()) {
        return length() < 0 || element().isDynamic();
      }
      return type.equals("bytes") || type.equals("string")
          || type.equals("tuple") && components.stream().anyMatch(Parameter::isDynamic);
    }

    /// How many bytes it takes where it stands.
    int headBytes() {
      if (isDynamic()) {
        return WORD;
      }
      if (isArray()) {
        return length() * element().headBytes();
      }
      return type.equals("tuple") ? components.stream().mapToInt(Parameter::headBytes).sum() : WORD;
    }
  }

  /// What selectors and topics are hashes of.
  public static String signature(String name, List<Parameter> parameters) {
    return name + "(" + String.join(",", parameters.stream().map(Parameter::canonical).toList()) + ")";
  }

  /// The arguments of a call, without its selector.
  public static byte[] encode(List<Parameter> parameters, List<?> values) {
    if (parameters.size() != values.size()) {
      throw new IllegalArgumentException(values.size() + " values (expected: " + signature("", parameters) + ")");
    }
    var heads = new ByteArrayOutputStream();
    var tails = new ByteArrayOutputStream();
    int headBytes = parameters.stream().mapToInt(Parameter::headBytes).sum();
    for (int i = 0; i < values.size(); i++) {
      var encoded = encode(parameters.get(i), values.get(i));
      if (parameters.get(i).isDynamic()) {
        heads.writeBytes(word(BigInteger.valueOf(headBytes + tails.size())));
        tails.writeBytes(encoded);
      } else {
        heads.writeBytes(encoded);
      }
    }
    heads.writeBytes(tails.toByteArray());
    return heads.toByteArray();
  }

  private static byte[] encode(Parameter parameter, Object value) {
    if (parameter.isArray()) {
      var elements = elements(value);
      var encoded = encode(elements.stream().map(_ -> parameter.element()).toList(), elements);
      return parameter.length() < 0 ? join(word(BigInteger.valueOf(elements.size())), encoded) : encoded;
    }
    return switch (parameter.type()) {
      case "tuple" -> encode(parameter.components(), elements(value));
      case "bool" -> word((Boolean) value ? BigInteger.ONE : BigInteger.ZERO);
      case "address" -> leftPadded(bytes(value));
      case "string" -> dynamic(((String) value).getBytes(UTF_8));
      case "bytes" -> dynamic(bytes(value));
      case String type when type.startsWith("bytes") -> Arrays.copyOf(bytes(value), WORD);
      default -> word(number(value));
    };
  }

  /// What came back from a call, or stands in a log.
  public static List<Object> decode(List<Parameter> parameters, byte[] data) {
    return decode(parameters, data, 0);
  }

  private static List<Object> decode(List<Parameter> parameters, byte[] data, int base) {
    var values = new ArrayList<Object>();
    int head = base;
    for (var parameter : parameters) {
      int at = parameter.isDynamic() ? base + length(data, head) : head;
      values.add(decode(parameter, data, at));
      head += parameter.headBytes();
    }
    return List.copyOf(values);
  }

  private static Object decode(Parameter parameter, byte[] data, int at) {
    if (parameter.isArray()) {
      boolean counted = parameter.length() < 0;
      int count = counted ? length(data, at) : parameter.length();
      var types = IntStream.range(0, count).mapToObj(_ -> parameter.element()).toList();
      return decode(types, data, counted ? at + WORD : at);
    }
    return switch (parameter.type()) {
      case "tuple" -> decode(parameter.components(), data, at);
      case "bool" -> unsigned(data, at).signum() != 0;
      case "address" -> Address.of(Arrays.copyOfRange(data, at + 12, at + WORD));
      case "string" -> new String(Arrays.copyOfRange(data, at + WORD, at + WORD + length(data, at)), UTF_8);
      case "bytes" -> Arrays.copyOfRange(data, at + WORD, at + WORD + length(data, at));
      case "bytes32" -> Bytes32.of(Arrays.copyOfRange(data, at, at + WORD));
      case String type when type.startsWith("bytes") ->
        Arrays.copyOfRange(data, at, at + Integer.parseInt(type.substring("bytes".length())));
      case String type when type.startsWith("int") -> sized(type, new BigInteger(data, at, WORD));
      case String type -> sized(type, unsigned(data, at));
    };
  }

  private static Object sized(String type, BigInteger number) {
    int bits = Integer.parseInt(type.replaceAll("\\D", ""));
    return bits <= Long.SIZE ? (Object) number.longValue() : number;
  }

  private static BigInteger number(Object value) {
    return switch (value) {
      case BigInteger big -> big;
      case Number small -> BigInteger.valueOf(small.longValue());
      case Lp amount -> BigInteger.valueOf(amount.gwei());
      case Engine engine -> BigInteger.valueOf(engine.number());
      case Verification verification -> BigInteger.valueOf(verification.number());
      case NetworkPolicy policy -> BigInteger.valueOf(policy.number());
      default -> throw new IllegalArgumentException(value + " (expected: a number)");
    };
  }

  private static byte[] bytes(Object value) {
    return switch (value) {
      case byte[] raw -> raw;
      case Signature signature -> signature.bytes();
      case Contract contract -> contract.address().bytes();
      default -> hex(value.toString());
    };
  }

  private static List<?> elements(Object value) {
    return switch (value) {
      case Collection<?> many -> List.copyOf(many);
      case Object[] many -> List.of(many);
      case Record struct -> Arrays.stream(struct.getClass().getRecordComponents()).map(c -> read(c, struct)).toList();
      default -> throw new IllegalArgumentException(value + " (expected: a list or a record)");
    };
  }

  private static Object read(RecordComponent component, Record struct) {
    try {
      component.getAccessor().setAccessible(true);
      return component.getAccessor().invoke(struct);
    } catch (ReflectiveOperationException e) {
      throw new IllegalArgumentException(e);
    }
  }

  static byte[] hex(String text) {
    return HexFormat.of().parseHex(text, text.startsWith("0x") ? 2 : 0, text.length());
  }

  static String hex(byte[] bytes) {
    return "0x" + HexFormat.of().formatHex(bytes);
  }

  static byte[] join(byte[] a, byte[] b) {
    var joined = Arrays.copyOf(a, a.length + b.length);
    System.arraycopy(b, 0, joined, a.length, b.length);
    return joined;
  }

  private static byte[] word(BigInteger number) {
    var word = new byte[WORD];
    Arrays.fill(word, (byte) (number.signum() < 0 ? -1 : 0));
    var bytes = number.toByteArray();
    int used = Math.min(WORD, bytes.length);
    System.arraycopy(bytes, bytes.length - used, word, WORD - used, used);
    return word;
  }

  private static byte[] leftPadded(byte[] bytes) {
    return join(new byte[WORD - bytes.length], bytes);
  }

  private static byte[] dynamic(byte[] bytes) {
    int padded = (bytes.length + WORD - 1) / WORD * WORD;
    return join(word(BigInteger.valueOf(bytes.length)), Arrays.copyOf(bytes, padded));
  }

  private static BigInteger unsigned(byte[] data, int at) {
    return new BigInteger(1, Arrays.copyOfRange(data, at, at + WORD));
  }

  private static int length(byte[] data, int at) {
    return unsigned(data, at).intValueExact();
  }
}
