package network.lilypad.protocol.value;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;

/// An amount of LP, never negative, at most a thousand million LP: all there will ever be.
///
/// @param gwei the amount in gwei of LP (1e-9 LP), 0 to 10^18
public record Lp(long gwei) implements Comparable<Lp> {
  /// The largest amount, in gwei of LP: sums of two never overflow a signed 64-bit integer.
  public static final long MAX_GWEI = 1_000_000_000_000_000_000L;
  /// Nothing.
  public static final Lp ZERO = new Lp(0);

  /// @throws IllegalArgumentException if the amount is out of bounds
  public Lp {
    if (gwei < 0 || gwei > MAX_GWEI) {
      throw new InvalidValueException("amount", gwei + " gwei of LP", "0 to " + MAX_GWEI);
    }
  }

  /// @param gwei gwei of LP, 0 to 10^18
  public static Lp gwei(long gwei) {
    return new Lp(gwei);
  }

  /// @param lp whole LP, 0 to 10^9
  public static Lp of(long lp) {
    return exact(BigInteger.valueOf(lp).multiply(BigInteger.valueOf(1_000_000_000L)));
  }

  /// Reads a decimal number of LP such as `1.5`.
  ///
  /// @param text at most nine decimals
  /// @throws IllegalArgumentException if the text is no such number
  public static Lp parse(String text) {
    try {
      return new Lp(new BigDecimal(text.strip()).setScale(9, RoundingMode.UNNECESSARY).unscaledValue()
          .longValueExact());
    } catch (ArithmeticException | NumberFormatException e) {
      throw new IllegalArgumentException(
          "amount: " + text + " (expected: LP with at most nine decimals, such as 1.5)", e);
    }
  }

  /// The sum.
  ///
  /// @throws IllegalArgumentException if it is above the bound
  public Lp plus(Lp other) {
    return new Lp(gwei + other.gwei);
  }

  /// The difference.
  ///
  /// @throws IllegalArgumentException if it would be negative
  public Lp minus(Lp other) {
    return new Lp(gwei - other.gwei);
  }

  /// The smaller of the two.
  public Lp min(Lp other) {
    return gwei <= other.gwei ? this : other;
  }

  /// The larger of the two.
  public Lp max(Lp other) {
    return gwei >= other.gwei ? this : other;
  }

  /// This times a fraction, rounded down.
  ///
  /// @param numerator not negative
  /// @param denominator positive
  /// @throws IllegalArgumentException if it is above the bound
  public Lp times(long numerator, long denominator) {
    return exact(BigInteger.valueOf(gwei).multiply(BigInteger.valueOf(numerator))
        .divide(BigInteger.valueOf(denominator)));
  }

  /// An amount that may be too large for a 64-bit integer.
  ///
  /// @throws IllegalArgumentException if it is out of bounds
  static Lp exact(BigInteger gwei) {
    if (gwei.bitLength() >= Long.SIZE) {
      throw new InvalidValueException("amount", gwei + " gwei of LP", "0 to " + MAX_GWEI);
    }
    return new Lp(gwei.longValueExact());
  }

  /// Whether it is at least the other.
  public boolean covers(Lp other) {
    return gwei >= other.gwei;
  }

  @Override public int compareTo(Lp other) {
    return Long.compare(gwei, other.gwei);
  }

  /// Decimal LP without trailing zeros and the unit, such as `1.5 LP`.
  @Override public String toString() {
    return BigDecimal.valueOf(gwei, 9).stripTrailingZeros().toPlainString() + " LP";
  }
}
