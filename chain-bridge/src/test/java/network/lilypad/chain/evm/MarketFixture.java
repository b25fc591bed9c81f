package network.lilypad.chain.evm;

import org.junit.jupiter.api.extension.ExtendWith;

/// A test of the Controller: a fresh market on a fresh chain for each.
@ExtendWith(OnAnvil.class)
abstract class MarketFixture {
  final Evm evm;
  final Market market;

  MarketFixture(Evm evm) {
    this(evm, Market.on(evm));
  }

  MarketFixture(Evm evm, Market market) {
    this.evm = evm;
    this.market = market;
  }
}
