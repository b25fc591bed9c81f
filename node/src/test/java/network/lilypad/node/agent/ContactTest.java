package network.lilypad.node.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What an owner is told of the line to the market.
final class ContactTest {
  private final List<AgentNews> told = new ArrayList<>();
  private final Contact contact = new Contact(told::add);

  @Test void a_gateway_that_never_answers_is_said_once_for_each_reason() {
    contact.lost("silent");
    contact.lost("silent");
    contact.lost("refused");
    assertThat(told).containsExactly(new AgentNews.OutOfMarket("silent"), new AgentNews.OutOfMarket("refused"));
    // being listed is said elsewhere
    contact.reached();
    assertThat(told).hasSize(2);
  }

  @Test void a_line_that_is_mended_at_once_is_no_news_and_one_that_is_not_is_said_to_be_back() {
    contact.reached();
    contact.lost("broken");
    contact.reached();
    assertThat(told).isEmpty();
    contact.lost("broken");
    contact.lost("silent");
    contact.reached();
    contact.reached();
    assertThat(told).containsExactly(new AgentNews.OutOfMarket("silent"), new AgentNews.BackInMarket());
  }
}
