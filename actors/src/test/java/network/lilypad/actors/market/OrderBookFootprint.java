package network.lilypad.actors.market;

import network.lilypad.protocol.value.Lp;

/// What a book of a million resting offers takes of the heap, and how long loading takes.
final class OrderBookFootprint {
  private static final int OFFERS = 1_000_000;
  private static final int STEP = 100_000;

  private OrderBookFootprint() {}

  /// Prints the figures.
  public static void main(String[] args) {
    var market = new SyntheticMarket();
    var book = new OrderBook(new MarketTerms(Lp.gwei(1_000), 100));
    long start = System.nanoTime();
    for (int i = 0; i < OFFERS; i++) {
      book.list(market.machine(i));
      if ((i + 1) % STEP == 0) {
        System.out.printf("%,d offers after %,d ms%n", i + 1, (System.nanoTime() - start) / 1_000_000);
      }
    }
    System.gc();
    var runtime = Runtime.getRuntime();
    System.out.printf("%,d offers: %,d MiB of heap%n", book.machines(),
        (runtime.totalMemory() - runtime.freeMemory()) >> 20);
    explain(book, market);
  }

  private static void explain(OrderBook book, SyntheticMarket market) {
    long start = System.nanoTime();
    int matching = book.explain(market.job(), SyntheticMarket.NOW).matching();
    System.out.printf("explained in %,d ms, %,d would match%n", (System.nanoTime() - start) / 1_000_000, matching);
  }
}
