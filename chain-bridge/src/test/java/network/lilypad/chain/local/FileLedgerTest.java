package network.lilypad.chain.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

import org.h2.jdbcx.JdbcConnectionPool;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import network.lilypad.chain.Cast;
import network.lilypad.chain.Intent;
import network.lilypad.chain.Settlement;
import network.lilypad.chain.SettlementContract;
import network.lilypad.chain.SettlementUnavailableException;
import network.lilypad.protocol.Defect;
import network.lilypad.protocol.message.Bridge;
import network.lilypad.protocol.value.Lp;

/// The contract on a database in a file with durable commits, and what only a file can show.
final class FileLedgerTest extends SettlementContract {
  @TempDir
  Path folder;
  private final List<JdbcConnectionPool> pools = new ArrayList<>();

  @Override protected Settlement found() {
    var pool = Databases.file(folder);
    pools.add(pool);
    return LocalLedger.open(pool, clock, new Random(1));
  }

  @AfterEach void close() {
    pools.forEach(JdbcConnectionPool::dispose);
  }

  @Test void a_reopened_ledger_is_the_same_ledger() {
    // given
    var live = opened();
    var ended = opened();
    done(cast.submit(live, Cast.PRICE));
    done(cast.accept(ended, Cast.PRICE));
    done(cast.reserve(Cast.offer(50)));
    clock.pass(5);
    long time = ledger.settle(List.of()).size() + ledger.ledgerTime();
    var before = picture(live, ended);
    // when
    close();
    clock.pass(-100);
    ledger = LocalLedger.open(Databases.file(folder), clock, new Random(2));
    // then
    assertThat(picture(live, ended)).isEqualTo(before);
    assertThat(ledger.ledgerTime()).isEqualTo(time);
    assertThat(ledger.domain()).isEqualTo(cast.domain());
    done(cast.accept(live, Cast.PRICE));
  }

  private List<Object> picture(Intent.Open live, Intent.Open ended) {
    return List.of(ledger.balance(Cast.CREATOR.address()), ledger.balance(Cast.PROVIDER.address()), ledger.totals(),
        ledger.deal(live.deal()), ledger.deal(ended.deal()));
  }

  @Test void two_ledgers_over_one_database_take_turns() {
    var twin = found();
    var open = cast.open(Cast.offer(1), 1);
    List<Bridge.Reply> first = ledger.settle(List.of(open));
    assertThat(twin.settle(List.of(open))).isEqualTo(first);
    assertThat(twin.domain()).isEqualTo(ledger.domain());
  }

  @Test void while_another_writer_holds_the_ledger_the_outcome_is_unknown_and_reads_go_on() throws SQLException {
    Intent faucet = new Intent.Faucet(Cast.STRANGER.address(), Lp.of(1), 1);
    try (var other = pools.getFirst().getConnection(); var statement = other.createStatement()) {
      other.setAutoCommit(false);
      statement.executeUpdate("update ledger.meta set entry = entry");
      // when, then
      assertThatThrownBy(() -> ledger.settle(List.of(faucet))).isInstanceOf(SettlementUnavailableException.class);
      assertThat(ledger.balance(Cast.STRANGER.address()).free()).isEqualTo(Lp.ZERO);
      other.rollback();
    }
    done(faucet);
    assertThat(ledger.balance(Cast.STRANGER.address()).free()).isEqualTo(Lp.of(1));
  }

  @Test void a_batch_above_the_bound_is_a_defect() {
    Intent intent = new Intent.Faucet(Cast.STRANGER.address(), Lp.of(1), 1);
    assertThatThrownBy(() -> ledger.settle(Collections.nCopies(Settlement.MAX_BATCH + 1, intent)))
        .isInstanceOf(Defect.class);
  }
}
