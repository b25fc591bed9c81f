package network.lilypad.protocol.wire;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import network.lilypad.protocol.value.Address;
import network.lilypad.protocol.value.Bytes32;
import network.lilypad.protocol.value.DealId;
import network.lilypad.protocol.value.InvalidValueException;
import network.lilypad.protocol.value.JobId;
import network.lilypad.protocol.value.Lp;

/// Single proto fields as values: lengths and signs are checked here, ranges by the values themselves. Unsigned proto
/// numbers above Java's signed range arrive negative and are refused, never wrapped.
public final class Fields {
  private Fields() {}

  /// 32 bytes; none is zero.
  ///
  /// @throws InvalidValueException naming the field, for any other length
  public static Bytes32 bytes32(String field, ByteString bytes) {
    if (bytes.isEmpty()) {
      return Bytes32.ZERO;
    }
    requireLength(field, bytes, 32);
    return Bytes32.of(bytes.toByteArray());
  }

  /// 20 bytes; none is zero.
  ///
  /// @throws InvalidValueException naming the field, for any other length
  public static Address address(String field, ByteString bytes) {
    if (bytes.isEmpty()) {
      return Address.ZERO;
    }
    requireLength(field, bytes, 20);
    return Address.of(bytes.toByteArray());
  }

  /// A job's id.
  public static JobId job(ByteString bytes) {
    return new JobId(bytes32("job", bytes));
  }

  /// A deal's id.
  public static DealId deal(ByteString bytes) {
    return new DealId(bytes32("deal", bytes));
  }

  static List<Bytes32> list32(String field, List<ByteString> all, int max) {
    if (all.size() > max) {
      throw new InvalidValueException(field, all.size() + " entries", "at most " + max);
    }
    var values = new ArrayList<Bytes32>(all.size());
    for (int i = 0; i < all.size(); i++) {
      values.add(bytes32(field + "[" + i + "]", all.get(i)));
    }
    return values;
  }

  static int uint(String field, int value) {
    if (value < 0) {
      throw new InvalidValueException(field, Integer.toUnsignedString(value), "at most " + Integer.MAX_VALUE);
    }
    return value;
  }

  static long uint(String field, long value) {
    if (value < 0) {
      throw new InvalidValueException(field, Long.toUnsignedString(value), "at most " + Long.MAX_VALUE);
    }
    return value;
  }

  static Lp lp(String field, long gwei) {
    if (gwei < 0 || gwei > Lp.MAX_GWEI) {
      throw new InvalidValueException(field, Long.toUnsignedString(gwei) + " gwei of LP", "0 to " + Lp.MAX_GWEI);
    }
    return Lp.gwei(gwei);
  }

  /// Reads a nested message, naming its fields from here.
  public static <T> T within(String field, Supplier<T> reader) {
    try {
      return reader.get();
    } catch (InvalidValueException e) {
      throw e.within(field);
    }
  }

  /// 32 bytes, none for zero.
  public static ByteString of(Bytes32 value) {
    return value.isZero() ? ByteString.EMPTY : ByteString.copyFrom(value.bytes());
  }

  /// 20 bytes, none for zero.
  public static ByteString of(Address value) {
    return value.isZero() ? ByteString.EMPTY : ByteString.copyFrom(value.bytes());
  }

  private static void requireLength(String field, ByteString bytes, int length) {
    if (bytes.size() != length) {
      throw new InvalidValueException(field, bytes.size() + " bytes", length + " or none");
    }
  }
}
