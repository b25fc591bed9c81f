package network.lilypad.node.agent;

import java.util.function.Consumer;

/// Whether the market has this machine, as its owner is told: not of a line that is mended at once, and of each reason
/// and each return once. For one thread.
final class Contact {
  private final Consumer<AgentNews> news;
  private boolean here;
  private boolean ever;
  private String said = "";

  Contact(Consumer<AgentNews> news) {
    this.news = news;
  }

  /// A gateway has taken the machine.
  void reached() {
    if (ever && !said.isEmpty()) {
      news.accept(new AgentNews.BackInMarket());
    }
    here = true;
    ever = true;
    said = "";
  }

  /// A session ended otherwise than by us, or could not be opened.
  void lost(String why) {
    if (!here && !why.equals(said)) {
      said = why;
      news.accept(new AgentNews.OutOfMarket(why));
    }
    here = false;
  }
}
