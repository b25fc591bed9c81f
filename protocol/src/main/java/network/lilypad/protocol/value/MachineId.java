package network.lilypad.protocol.value;

/// The identity of one provider's machine, stable for the machine's life and the same for every version of its offer.
///
/// @param provider the provider's account
/// @param machine the machine's own 32 bytes
public record MachineId(Address provider, Bytes32 machine) implements Comparable<MachineId> {
  /// @param text provider and machine in hexadecimal, joined by `:`
  /// @throws IllegalArgumentException if the text is anything else
  public static MachineId parse(String text) {
    int colon = text.indexOf(':');
    if (colon < 0) {
      throw new IllegalArgumentException("machine id: no ':' (expected: provider:machine in hexadecimal)");
    }
    return new MachineId(Address.parse(text.substring(0, colon)), Bytes32.parse(text.substring(colon + 1)));
  }

  @Override public int compareTo(MachineId other) {
    int order = provider.compareTo(other.provider);
    return order != 0 ? order : machine.compareTo(other.machine);
  }

  @Override public String toString() {
    return provider + ":" + machine;
  }
}
