package network.lilypad.chain.fuzz;

import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

import network.lilypad.chain.Cast;
import network.lilypad.protocol.sign.Wallet;
import network.lilypad.protocol.value.Address;
import network.lilypad.protocol.value.Domain;
import network.lilypad.protocol.value.Lp;
import network.lilypad.protocol.value.Panel;
import network.lilypad.protocol.value.Signable;
import network.lilypad.protocol.value.Signed;

/// Everybody who takes part, and how they sign: mostly right, sometimes somebody else in their place, sometimes with
/// the twin of the right signature.
final class Players {
  static final List<Wallet> CREATORS = wallets("creator-1", "creator-2", "both");
  static final List<Wallet> PROVIDERS = wallets("provider-1", "provider-2", "both");
  static final List<Wallet> MEDIATORS = wallets("mediator-1", "mediator-2", "mediator-3");
  static final Wallet AGENT = Cast.wallet("agent");
  static final Wallet ACCEPTOR = Cast.wallet("acceptor");
  static final Wallet SOLVER = Cast.wallet("solver");
  static final Wallet KEEPER = Cast.wallet("keeper");
  static final Panel PANEL = new Panel(2, Lp.gwei(3_333_333_333L), MEDIATORS.stream().map(Wallet::address).toList());
  static final List<Wallet> ALL = Stream.of(CREATORS, PROVIDERS, MEDIATORS, List.of(AGENT, ACCEPTOR, SOLVER, KEEPER))
      .flatMap(List::stream).distinct().toList();
  private static final int ONE_IN = 20;

  private final Domain domain;
  private final Random random;

  Players(Domain domain, Random random) {
    this.domain = domain;
    this.random = random;
  }

  private static List<Wallet> wallets(String... names) {
    return Stream.of(names).map(Cast::wallet).sorted(Comparator.comparing(Wallet::address)).toList();
  }

  static List<Address> addresses() {
    return ALL.stream().map(Wallet::address).toList();
  }

  Wallet anybody() {
    return any(ALL);
  }

  <T> T any(List<T> of) {
    return of.get(random.nextInt(of.size()));
  }

  Domain domain() {
    return domain;
  }

  boolean seldom() {
    return random.nextInt(ONE_IN) == 0;
  }

  <T extends Signable> Signed<T> sign(Wallet right, T word) {
    var signed = (seldom() ? anybody() : right).sign(domain, word);
    return seldom() ? new Signed<>(word, signed.signer(), Encoding.twin(signed.signature())) : signed;
  }
}
