package network.lilypad.chain.evm;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import network.lilypad.protocol.sign.Wallet;
import network.lilypad.protocol.value.Address;
import network.lilypad.protocol.value.Bytes32;

/// A call that somebody could send.
///
/// @param contract to whom
/// @param function what
/// @param arguments with what, as [Abi] takes them
record Call(Contract contract, String function, List<Object> arguments) {
  /// Who sends where it must not matter: nobody in particular, and nobody's agent.
  static final Address RELAY = Address.parse("0x00000000000000000000000000000000000e1a11");

  static Call of(Contract contract, String function, Object... arguments) {
    return new Call(contract, function, List.of(arguments));
  }

  /// Its bytes, for a batch.
  byte[] data() {
    return by(RELAY).data();
  }

  /// As a transaction of somebody.
  Tx by(Address sender) {
    return contract.tx(sender, function, arguments.toArray());
  }

  /// Sent by a relay.
  Receipt send() {
    return sendAs(RELAY);
  }

  Receipt sendAs(Wallet sender) {
    return sendAs(sender.address());
  }

  Receipt sendAs(Address sender) {
    return contract.evm().send(by(sender));
  }

  /// Must be refused to a relay, with this error; strings are names in ASCII.
  void isRefused(String error, Object... with) {
    isRefusedTo(RELAY, error, with);
  }

  /// Must be refused to a sender, with this error.
  void isRefusedTo(Address sender, String error, Object... with) {
    var thrown = catchThrowable(() -> contract.evm().send(by(sender)));
    assertThat(thrown).as("%s must be refused with %s", function, error).isInstanceOf(Reverted.class);
    var refusal = (Reverted) thrown;
    assertThat(said(refusal.name(), refusal.arguments().stream()))
        .isEqualTo(said(error, Arrays.stream(with)));
  }

  private static List<Object> said(String error, Stream<?> arguments) {
    return Stream.concat(Stream.of(error), arguments.map(Call::plain)).toList();
  }

  private static Object plain(Object argument) {
    return switch (argument) {
      case BigInteger big -> big;
      case Number number -> BigInteger.valueOf(number.longValue());
      case String name -> ascii(name);
      case Wallet wallet -> wallet.address();
      default -> argument;
    };
  }

  /// A name as contracts spell it.
  static Bytes32 ascii(String name) {
    return Bytes32.of(Arrays.copyOf(name.getBytes(US_ASCII), 32));
  }
}
