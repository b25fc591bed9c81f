package network.lilypad.node.agent;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import network.lilypad.node.client.Durable;
import network.lilypad.protocol.sign.Signatures;
import network.lilypad.protocol.sign.Wallet;
import network.lilypad.protocol.value.Bytes32;
import network.lilypad.protocol.value.ResourceOffer;
import network.lilypad.protocol.value.Resources;
import network.lilypad.protocol.value.Signed;
import network.lilypad.protocol.wire.Admission;
import network.lilypad.protocol.wire.SignedWire;
import network.lilypad.protocol.wire.ValuesWire;
import network.lilypad.protocol.wire.WireDoor;

/// The machine's signed offer: the same one as long as the terms are the same and it has time left, so that leases made
/// under it stay good over a reconnect.
final class StandingOffer {
  private final AgentConfig config;
  private final Wallet wallet;
  private final MachineIdentity identity;
  private final Path file;

  StandingOffer(AgentConfig config, Wallet wallet, MachineIdentity identity) {
    this.config = config;
    this.wallet = wallet;
    this.identity = identity;
    this.file = file(config.directory());
  }

  private static Path file(Path directory) {
    return directory.resolve("offer");
  }

  /// What was offered last from a directory, for people.
  static Optional<Resources> last(Path directory) throws IOException {
    return Files.exists(file(directory))
        ? Optional.of(ValuesWire.resources(network.lilypad.protocol.proto.v1.Signed
            .parseFrom(Files.readAllBytes(file(directory))).getResourceOffer().getCapacity()))
        : Optional.empty();
  }

  /// The offer to introduce the machine with.
  ///
  /// @param found the inventory
  /// @param now ledger seconds
  Signed<ResourceOffer> in(Market market, Resources found, long now) {
    var capacity = Inventory.sold(found, config.offered());
    return kept(market).filter(offer -> stands(offer.word(), market, capacity, now))
        .orElseGet(() -> renewed(market, capacity, now));
  }

  /// When a session should end so that the offer is renewed: a tenth of its life before it ends.
  long renewAt(ResourceOffer offer) {
    return offer.validUntil() - config.asks().offerSeconds() / 10;
  }

  private boolean stands(ResourceOffer offer, Market market, Resources capacity, long now) {
    var terms = terms(market, capacity, offer.version(), offer.validUntil());
    return offer.equals(terms) && now < renewAt(offer)
        && offer.validUntil() <= now + config.asks().offerSeconds();
  }

  private ResourceOffer terms(Market market, Resources capacity, long version, long validUntil) {
    var asks = config.asks();
    return new ResourceOffer(wallet.address(), wallet.address(), market.solver(), market.market(), identity.machine(),
        version, List.of(), capacity, asks.perGpuSecond(), asks.perCoreSecond(), asks.maxCollateral(),
        asks.maxReviewSeconds(), validUntil, Bytes32.ZERO);
  }

  private Signed<ResourceOffer> renewed(Market market, Resources capacity, long now) {
    var offer = terms(market, capacity, identity.nextVersion(), now + config.asks().offerSeconds());
    var signed = wallet.sign(market.domain(), offer);
    try {
      Durable.write(file, SignedWire.toProto(signed).toByteArray());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return signed;
  }

  /// The last offer, if it is this wallet's in this ledger's domain.
  private Optional<Signed<ResourceOffer>> kept(Market market) {
    try {
      if (!Files.exists(file)) {
        return Optional.empty();
      }
      var door = new WireDoor(new Signatures(market.domain()));
      var proto = network.lilypad.protocol.proto.v1.Signed.parseFrom(Files.readAllBytes(file));
      return door.admit(ResourceOffer.class, proto) instanceof Admission.Admitted(var offer)
          && offer.signer().equals(wallet.address()) ? Optional.of(offer) : Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
