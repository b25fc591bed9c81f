package network.lilypad.actors.market;

import java.util.Collection;
import network.lilypad.protocol.value.Address;
import network.lilypad.protocol.value.Bytes32;
import network.lilypad.protocol.value.Domain;
import network.lilypad.protocol.value.Engine;
import network.lilypad.protocol.value.NetworkPolicy;

/// Bits for properties that are had or not had. Equal properties have equal bits, so a missing bit proves a missing
/// property; a present one proves nothing, the [Rules] decide.
final class Traits {
  /// Room for engines to come.
  private static final int ENGINES = 8;
  private static final int NETWORKS = 2;
  private static final int MODELS = 38;
  private static final int FIRST_MODEL = ENGINES + NETWORKS;
  private static final int FIRST_VENUE = FIRST_MODEL + MODELS;
  private static final int VENUES = Long.SIZE - FIRST_VENUE;

  private Traits() {}

  static long engine(Engine engine) {
    return 1L << (engine.number() % ENGINES);
  }

  static long engines(Collection<Engine> engines) {
    long bits = 0;
    for (Engine engine : engines) {
      bits |= engine(engine);
    }
    return bits;
  }

  /// A bit for each network that is no wider, none for no network.
  static long networks(NetworkPolicy widest) {
    return ((1L << widest.number()) - 1) << ENGINES;
  }

  static long gpuModel(Bytes32 model) {
    return 1L << (FIRST_MODEL + Math.floorMod(model.d(), MODELS));
  }

  static long withoutGpu(long traits) {
    return traits & ~(((1L << MODELS) - 1) << FIRST_MODEL);
  }

  static long venue(Domain ledger, Address solver, Bytes32 market) {
    int mixed = (31 * ledger.hashCode() + solver.hashCode()) * 31 + market.hashCode();
    return 1L << (FIRST_VENUE + Math.floorMod(mixed, VENUES));
  }

  static long any(Bytes32 digest) {
    return 1L << (digest.d() & (Long.SIZE - 1));
  }

  static long all(Collection<Bytes32> digests) {
    long bits = 0;
    for (Bytes32 digest : digests) {
      bits |= any(digest);
    }
    return bits;
  }
}
