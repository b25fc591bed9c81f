package network.lilypad.node.gateway;

import java.util.Optional;
import network.lilypad.protocol.proto.v1.Info;

/// What this node says of itself.
public final class NodeInfo {
  /// The version of this build; `0-dev` outside a jar.
  public static final String VERSION = Optional.ofNullable(NodeInfo.class.getPackage().getImplementationVersion())
      .orElse("0-dev");

  private NodeInfo() {}

  /// Domain, solver, market and bounds.
  public static Info of(GatewayPorts ports) {
    var domain = ports.signatures().domain();
    return Info.newBuilder().setVersion(VERSION).setChainId(domain.chainId())
        .setVerifyingContract(ApiWire.bytes(domain.verifyingContract())).setSolver(ApiWire.bytes(ports.solver()))
        .setMarket(ApiWire.bytes(ports.config().market().id())).setLedgerTime(ports.ledgerTime().getAsLong())
        .setMinimumCharge(ports.config().market().minimumCharge().gwei())
        .setMaxContentBytes(ports.config().limits().contentBytes()).build();
  }
}
