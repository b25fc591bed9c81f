package network.lilypad.node.cli;

import java.io.IOException;
import java.util.Optional;
import network.lilypad.protocol.content.ResultTree;
import network.lilypad.protocol.proto.v1.DealView;
import network.lilypad.protocol.value.Acceptance;
import network.lilypad.protocol.value.Bytes32;
import network.lilypad.protocol.value.DealId;
import network.lilypad.protocol.value.JobId;
import network.lilypad.protocol.value.Lp;

/// Judges a result in the creator's name: fetches it, checks every byte, and says that it is good. For one thread.
final class Acceptor {
  private final Connection connection;
  private final JobId job;
  private final ResultFolder target;
  private Optional<ResultTree> tree = Optional.empty();

  Acceptor(Connection connection, JobId job, ResultFolder target) {
    this.connection = connection;
    this.job = job;
    this.target = target;
  }

  JobId job() {
    return job;
  }

  /// What was fetched, empty before.
  Optional<ResultTree> tree() {
    return tree;
  }

  /// Fetches and checks a deal's result; only once.
  ResultTree fetch(DealView deal) throws IOException {
    if (tree.isEmpty()) {
      var root = Bytes32.of(deal.getResult().toByteArray());
      tree = Optional.of(target.fetch(connection.market(), job, root, connection.info().getMaxContentBytes()));
    }
    return tree.get();
  }

  /// Signs the acceptance of a checked result.
  ///
  /// @throws FailureException if it asks for more than the lease's price
  void accept(DealView deal) {
    if (deal.getCost() > deal.getPrice()) {
      throw FailureException.ours("overcharged", "the provider asks " + Words.lp(deal.getCost()) + ", the price is "
          + Words.lp(deal.getPrice()), "the result is not accepted");
    }
    var word = new Acceptance(new DealId(Bytes32.of(deal.getDeal().toByteArray())),
        Bytes32.of(deal.getResult().toByteArray()), Lp.gwei(deal.getCost()));
    connection.market().accept(job, connection.wallet().sign(connection.domain(), word));
  }
}
