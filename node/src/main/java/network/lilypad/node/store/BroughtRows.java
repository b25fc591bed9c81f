package network.lilypad.node.store;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.sql.DataSource;
import network.lilypad.protocol.value.Address;
import network.lilypad.protocol.value.Bytes32;

/// The rows of one account in the table `brought`: content that it has brought, and trees that it may read. They go when the
/// content goes.
record BroughtRows(DataSource database, Address account) {
  /// Digests in one statement.
  private static final int ASKED_AT_ONCE = 500;
  /// One look at the primary key for each digest asked for. With `digest in (...)` the database goes through all rows of the
  /// account instead, and compares each with every digest: minutes, where there are some ten thousand.
  static final String AMONG = """
      select digest from unnest(?) as asked (digest) where exists (
        select 1 from brought where account = ? and brought.digest = asked.digest and not tree)""";

  void add(Collection<Bytes32> digests) {
    add(digests, false);
  }

  void addTree(Bytes32 root) {
    add(List.of(root), true);
  }

  private void add(Collection<Bytes32> digests, boolean tree) {
    var distinct = digests.stream().distinct().toList();
    var name = account.toString();
    Sql.transaction(database, sql -> sql.updates("""
        insert into brought (account, digest, tree) select ?, ?, ?
        where not exists (select 1 from brought where account = ? and digest = ? and tree = ?)""", distinct,
        digest -> new Object[]{name, digest.bytes(), tree, name, digest.bytes(), tree}));
  }

  /// The size of content that the account has brought and that is here.
  Optional<Long> size(Bytes32 digest) {
    return Sql.transaction(database, sql -> sql.one("""
        select size from content join brought on content.digest = brought.digest
        where content.digest = ? and known and account = ? and not tree""", row -> row.getLong(1), digest.bytes(),
        account.toString()));
  }

  /// Those of the digests that the account has brought, whether or not they are still here.
  Set<Bytes32> among(Collection<Bytes32> digests) {
    var found = new HashSet<Bytes32>();
    var rest = new ArrayList<>(digests);
    for (int from = 0; from < rest.size(); from += ASKED_AT_ONCE) {
      var some = rest.subList(from, Math.min(rest.size(), from + ASKED_AT_ONCE));
      found.addAll(Sql.transaction(database, sql -> sql.all(AMONG, row -> Bytes32.of(row.getBytes(1)),
          some.stream().map(Bytes32::bytes).toArray(byte[][]::new), account.toString())));
    }
    return found;
  }

  /// Whether the account may read a tree.
  boolean tree(Bytes32 root) {
    return Sql.transaction(database, sql -> sql.one("select 1 from brought where account = ? and digest = ? and tree",
        _ -> true, account.toString(), root.bytes())).isPresent();
  }

  /// Ends every account's right to read a tree that is not whole any more.
  static void forgetTree(Sql sql, Bytes32 root) throws SQLException {
    sql.update("delete from brought where digest = ? and tree", root.bytes());
  }

  /// Ends everything about content that goes.
  static void forget(Sql sql, Bytes32 digest) throws SQLException {
    sql.update("delete from brought where digest = ?", digest.bytes());
  }
}
