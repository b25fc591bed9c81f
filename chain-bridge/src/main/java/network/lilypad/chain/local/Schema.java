package network.lilypad.chain.local;

import java.sql.SQLException;
import java.util.List;
import network.lilypad.protocol.value.Bytes32;

/// The ledger's tables, in SQL that H2 and PostgreSQL share. Ids and addresses are lower-case hexadecimal with 0x,
/// amounts gwei of LP, times ledger seconds.
final class Schema {
  private static final List<String> TABLES = List.of(
      "create schema if not exists ledger",
      // One row. Locking it makes a batch the only writer, whatever else holds a connection.
      """
          create table if not exists ledger.meta (
            id int primary key, genesis varchar(66) not null, ledger_time bigint not null, entry bigint not null)""",
      """
          create table if not exists ledger.account (
            holder varchar(42) primary key, free bigint not null, locked bigint not null,
            check (locked >= 0 and (free >= 0 or holder = 'issued')))""",
      """
          create table if not exists ledger.slot (
            job varchar(66) primary key, deal varchar(66) not null unique, attempt int not null, phase int not null,
            creator varchar(42) not null, acceptor varchar(42) not null, solver varchar(42) not null,
            provider varchar(42) not null, price bigint not null, collateral bigint not null, run_seconds int not null,
            review_seconds int not null, submit_by bigint not null, opened_at bigint not null,
            submitted_at bigint not null, commitment varchar(66) not null, cost bigint not null,
            ended_at bigint not null, paid bigint not null, refunded bigint not null)""",
      // Later columns: what a ledger founded by an older version lacks.
      "alter table ledger.account add column if not exists leaving bigint default 0 not null",
      "alter table ledger.account add column if not exists leaving_at bigint default 0 not null",
      "alter table ledger.slot add column if not exists panel varchar(66) default '" + Bytes32.ZERO + "' not null",
      "alter table ledger.slot add column if not exists checked_at bigint default 0 not null",
      "alter table ledger.slot add column if not exists bond bigint default 0 not null",
      """
          create table if not exists ledger.agent (
            provider varchar(42) not null, agent varchar(42) not null, expiry bigint not null,
            primary key (provider, agent))""",
      // A receipt, or the final refusal of an opening (else the refusal is empty).
      """
          create table if not exists ledger.intent (
            subject varchar(66) not null, step varchar(32) not null, content varchar(66) not null, phase int not null,
            at_time bigint not null, entry bigint not null, paid bigint not null, refunded bigint not null,
            refusal varchar(1000) not null, primary key (subject, step))""",
      """
          create table if not exists ledger.posting (
            entry bigint not null, leg int not null, subject varchar(66) not null, step varchar(32) not null,
            holder varchar(42) not null, kind varchar(6) not null, gwei bigint not null, primary key (entry, leg))""",
      """
            create table if not exists ledger.reservation (
              job varchar(66) primary key, creator varchar(42) not null, gwei bigint not null,
          valid_until bigint not null,
              at_time bigint not null, entry bigint not null)""",
      "alter table ledger.posting alter column kind set data type varchar(8)",
      "create index if not exists ledger_reservation_creator on ledger.reservation (creator)",
      "create index if not exists ledger_reservation_valid_until on ledger.reservation (valid_until)");

  private Schema() {}

  static void create(Sql sql) throws SQLException {
    for (var statement : TABLES) {
      sql.update(statement);
    }
  }
}
