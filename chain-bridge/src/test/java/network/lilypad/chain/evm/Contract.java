package network.lilypad.chain.evm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.List;
import network.lilypad.protocol.value.Address;

/// A deployed contract: say a function's name and its arguments, as [Abi] takes them.
///
/// @param evm the chain it is on
/// @param artifact what it was compiled to
/// @param address where it is
public record Contract(Evm evm, Artifact artifact, Address address) {
  /// Sends and mines; the state has changed when this returns.
  ///
  /// @throws Reverted if the contract refuses
  public Receipt send(Address from, String function, Object... arguments) {
    return evm.send(tx(from, function, arguments));
  }

  /// A transaction to send later, with [Evm#batch] for example.
  public Tx tx(Address from, String function, Object... arguments) {
    return new Tx(from, address, artifact.call(function, arguments));
  }

  /// Sends what must be refused, and says how it was.
  public Reverted refusal(Address from, String function, Object... arguments) {
    return catchThrowableOfType(Reverted.class, () -> send(from, function, arguments));
  }

  /// All that a view returns.
  ///
  /// @throws Reverted if the contract refuses
  public List<Object> call(String function, Object... arguments) {
    return callAs(Address.ZERO, function, arguments);
  }

  /// All that a function would return to a given sender; changes nothing.
  public List<Object> callAs(Address from, String function, Object... arguments) {
    return artifact.result(function, arguments.length, evm.call(tx(from, function, arguments)));
  }

  /// The one value that a view returns.
  public <T> T get(Class<T> type, String function, Object... arguments) {
    var results = call(function, arguments);
    assertThat(results).hasSize(1);
    return type.cast(results.getFirst());
  }

  /// The events of this contract in a receipt, in order.
  public List<Artifact.Event> events(Receipt receipt) {
    return receipt.logs().stream().filter(log -> log.by().equals(address))
        .flatMap(log -> artifact.event(log).stream()).toList();
  }

  /// The only event of that name in a receipt.
  public Artifact.Event event(Receipt receipt, String name) {
    var found = events(receipt).stream().filter(event -> event.name().equals(name)).toList();
    assertThat(found).as("%s events %s among %s", name, artifact.name(), events(receipt)).hasSize(1);
    return found.getFirst();
  }
}
