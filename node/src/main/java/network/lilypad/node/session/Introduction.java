package network.lilypad.node.session;

import java.util.List;
import network.lilypad.actors.machine.Machine;
import network.lilypad.node.auth.SessionProof;
import network.lilypad.node.gateway.ApiWire;
import network.lilypad.node.gateway.GatewayPorts;
import network.lilypad.protocol.Rejection;
import network.lilypad.protocol.proto.v1.Hello;
import network.lilypad.protocol.value.Address;
import network.lilypad.protocol.value.Bytes32;
import network.lilypad.protocol.value.DealId;
import network.lilypad.protocol.value.InvalidValueException;
import network.lilypad.protocol.value.ResourceOffer;
import network.lilypad.protocol.value.Signature;
import network.lilypad.protocol.value.Signed;
import network.lilypad.protocol.wire.Admission;
import network.lilypad.protocol.wire.Admission.Admitted;
import network.lilypad.protocol.wire.ValuesWire;
import network.lilypad.protocol.wire.WireDoor;

/// An agent that has proven who it is and for which machine it speaks.
///
/// @param session its number
/// @param hello what it says of the machine
/// @param draining whether its owner drains it
record Introduction(long session, Machine.Hello hello, boolean draining) {
  private static final int MAX_RUNNING = 1024;

  /// The signed offer.
  ResourceOffer offer() {
    return hello.offer().word();
  }

  /// Whether an account may sign for this machine.
  boolean speaksFor(Address signer) {
    return signer.equals(offer().agent()) || signer.equals(offer().provider());
  }

  /// Checks an introduction: the offer is its provider's, for this market and this solver, not run out; the proof is of
  /// the agent's key over the challenge.
  static Admission<Introduction> admit(GatewayPorts ports, Bytes32 challenge, Hello hello) {
    return switch (new WireDoor(ports.signatures()).admit(ResourceOffer.class, hello.getOffer())) {
      case Admitted(var offer) -> admit(ports, challenge, hello, offer);
      case Admission.Refused(var why) -> Admission.refused(why);
    };
  }

  private static Admission<Introduction> admit(GatewayPorts ports, Bytes32 challenge, Hello hello,
      Signed<ResourceOffer> offer) {
    var word = offer.word();
    if (!offer.signer().equals(word.provider())) {
      return Admission.refused(
          new Rejection.NotAParty(offer.signer().toString(), "the provider " + word.provider()));
    }
    if (!word.solver().equals(ports.solver())) {
      return Admission.refused(
          new Rejection.Mismatch("solver", word.solver() + " (this market's is " + ports.solver() + ")"));
    }
    if (!word.market().equals(ports.config().market().id())) {
      return Admission.refused(new Rejection.Mismatch("market",
          word.market() + " (here is " + ports.config().market().id() + ")"));
    }
    long now = ports.ledgerTime().getAsLong();
    if (word.validUntil() <= now) {
      return Admission.refused(new Rejection.TooLate("the resource offer", word.validUntil(), now));
    }
    if (!proven(ports, challenge, hello, word.agent())) {
      return Admission.refused(
          new Rejection.Unauthenticated("the proof is not that of the agent " + word.agent() + " over the challenge"));
    }
    return Admission.reading(() -> new Introduction(session(hello), new Machine.Hello(offer,
        ports.signatures().digest(word), DeclaredAttributes.of(hello, now), ValuesWire.resources(hello.getInventory()),
        running(hello)), hello.getDraining()));
  }

  private static boolean proven(GatewayPorts ports, Bytes32 challenge, Hello hello, Address agent) {
    if (hello.getProof().size() != Signature.ECDSA_BYTES) {
      return false;
    }
    return ports.signatures().recover(SessionProof.digest(challenge, hello.getSession()),
        Signature.of(hello.getProof().toByteArray())).filter(agent::equals).isPresent();
  }

  private static long session(Hello hello) {
    if (hello.getSession() < 0) {
      throw new InvalidValueException("session", Long.toUnsignedString(hello.getSession()), "0 to 2^63-1");
    }
    return hello.getSession();
  }

  private static List<Machine.Running> running(Hello hello) {
    DeclaredAttributes.atMost("running", hello.getRunningCount(), MAX_RUNNING);
    return hello.getRunningList().stream()
        .map(ref -> new Machine.Running(new DealId(ApiWire.bytes32("running.deal", ref.getDeal())), ref.getEpoch()))
        .toList();
  }
}
