package network.lilypad.node.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import network.lilypad.node.client.GatewayAddress;
import network.lilypad.protocol.value.Lp;
import network.lilypad.protocol.value.NetworkPolicy;
import network.lilypad.protocol.value.Resources;
import org.junit.jupiter.api.Test;

final class AgentConfigTest {
  /// An agent that runs jobs for a minute at most, with 10,000 gwei a core and 1,000,000 gwei a GPU for a second.
  private static AgentConfig config(int milliCpu, Lp minPrice) {
    var open = ProviderPolicy.OPEN;
    var asks = new AgentConfig.Asks(Lp.gwei(1_000_000), Lp.gwei(10_000), Lp.of(10), 3600, 86_400);
    return new AgentConfig(GatewayAddress.parse("localhost:1"), Path.of("nowhere"), Resources.cpu(milliCpu, 0, 0), asks,
        new ProviderPolicy(open.modules(), minPrice, 60, NetworkPolicy.NONE, open.hosts(), open.gpus(), open.deals(),
            open.upkeep()),
        AgentConfig.Docker.USUAL);
  }

  @Test void a_smallest_price_that_all_of_the_machine_costs_for_the_longest_run_can_be_reached() {
    assertThat(config(0, Lp.gwei(1_200_000)).unreachable(2, 0)).isEmpty();
    assertThat(config(0, Lp.gwei(1_200_001)).unreachable(2, 0))
        .hasValue("lilypad.agent.policy.min-price: 0.001200001 LP "
            + "(expected: at most 0.0012 LP, what all of this machine costs for the longest run: 2 cores at "
            + "ask-per-core-second 0.00001 LP, 0 GPUs at ask-per-gpu-second 0.001 LP)");
  }

  @Test void what_is_not_offered_costs_nothing_and_a_job_pays_for_gpus_or_for_cores() {
    assertThat(config(1500, Lp.gwei(900_000)).unreachable(2, 0)).isEmpty();
    assertThat(config(1500, Lp.gwei(900_001)).unreachable(2, 0)).isPresent();
    assertThat(config(8000, Lp.gwei(1_200_001)).unreachable(2, 0)).isPresent();
    assertThat(config(0, Lp.gwei(60_000_000)).unreachable(2, 1)).isEmpty();
    assertThat(config(0, Lp.gwei(60_000_001)).unreachable(2, 1)).isPresent();
    assertThat(config(0, Lp.gwei(Lp.MAX_GWEI)).unreachable(2, Integer.MAX_VALUE)).isPresent();
  }

  @Test void without_a_smallest_price_nothing_need_be_asked() {
    var open = config(0, Lp.ZERO);
    var free = new AgentConfig.Asks(Lp.ZERO, Lp.ZERO, Lp.ZERO, 0, 60);
    assertThat(new AgentConfig(open.gateway(), open.directory(), open.offered(), free, open.policy(), open.docker())
        .unreachable(1, 0)).isEmpty();
  }
}
