package network.lilypad.node.store;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import network.lilypad.protocol.value.Bytes32;
import org.jspecify.annotations.Nullable;

/// The table `content`: which content is here, and the bytes of the small. A large one is announced before its file is
/// written and known after, so at any crash every file has a row.
record ContentRows(DataSource database) {
  /// Digests in one statement.
  private static final int MAX_IN = 500;

  /// A row.
  ///
  /// @param bytes the content if it is small, null if it is a file
  record Row(Bytes32 digest, long size, @Nullable ByteString bytes) {}

  long bytes() {
    return Sql.transaction(database, sql -> sql.one("select coalesce(sum(size), 0) from content",
        row -> row.getLong(1)).orElse(0L));
  }

  Optional<Long> size(Bytes32 digest) {
    return Sql.transaction(database,
        sql -> sql.one("select size from content where digest = ? and known", row -> row.getLong(1), digest.bytes()));
  }

  /// The row of content that is known.
  Optional<Row> known(Bytes32 digest) {
    return Sql.transaction(database, sql -> sql.one("select size, bytes from content where digest = ? and known",
        row -> new Row(digest, row.getLong(1), inline(row.getBytes(2))), digest.bytes()));
  }

  private static @Nullable ByteString inline(byte @Nullable [] bytes) {
    return bytes == null ? null : UnsafeByteOperations.unsafeWrap(bytes);
  }

  /// Those of the digests that are here. What is old is as good as new afterwards: somebody counts on it.
  ///
  /// @param old stored before this second
  Set<Bytes32> known(Collection<Bytes32> digests, long now, long old) {
    var known = new HashSet<Bytes32>();
    var rest = new ArrayList<>(digests);
    for (int from = 0; from < rest.size(); from += MAX_IN) {
      var some = rest.subList(from, Math.min(rest.size(), from + MAX_IN));
      known.addAll(Sql.transaction(database, sql -> known(sql, some, now, old)));
    }
    return known;
  }

  private static List<Bytes32> known(Sql sql, List<Bytes32> digests, long now, long old) throws SQLException {
    var in = " in (" + digests.stream().map(_ -> "?").collect(Collectors.joining(",")) + ")";
    var names = digests.stream().map(Bytes32::bytes).toArray();
    var aged = sql.all("select digest from content where known and stored_at < " + old + " and digest" + in,
        row -> row.getBytes(1), names);
    sql.updates("update content set stored_at = ? where digest = ? and known", aged,
        digest -> new Object[]{now, digest});
    return sql.all("select digest from content where known and digest" + in, row -> Bytes32.of(row.getBytes(1)),
        names);
  }

  /// Announces files that are about to be written.
  void announce(List<Row> files, long now) {
    Sql.transaction(database, sql -> {
      var fresh = without(sql.updates("update content set stored_at = ? where digest = ?", files,
          file -> new Object[]{now, file.digest.bytes()}), files);
      return sql.updates("insert into content (digest, size, known, stored_at) values (?, ?, false, ?)", fresh,
          file -> new Object[]{file.digest.bytes(), file.size, now});
    });
  }

  /// The rows that a statement has not changed.
  private static List<Row> without(int[] changed, List<Row> rows) {
    return IntStream.range(0, rows.size()).filter(i -> changed[i] == 0).mapToObj(rows::get).toList();
  }

  /// Makes content known: files that are written, and bytes.
  ///
  /// @return bytes that nobody had made known before
  long publish(List<Row> rows, long now) {
    return Sql.transaction(database, sql -> {
      var unannounced = without(sql.updates(
          "update content set known = true, stored_at = ? where digest = ? and not known", rows,
          row -> new Object[]{now, row.digest.bytes()}), rows);
      var there = without(sql.updates("""
          insert into content (digest, size, bytes, known, stored_at) select ?, ?, ?, true, ?
          where not exists (select 1 from content where digest = ?)""", unannounced,
          row -> new @Nullable Object[]{row.digest.bytes(), row.size, inline(row), now, row.digest.bytes()}),
          unannounced);
      return size(rows) - size(there);
    });
  }

  private static byte @Nullable [] inline(Row row) {
    return row.bytes == null ? null : row.bytes.toByteArray();
  }

  private static long size(List<Row> rows) {
    return rows.stream().mapToLong(Row::size).sum();
  }

  /// Content that is never swept: part of a job's record.
  void keep(Bytes32 digest) {
    Sql.transaction(database,
        sql -> sql.update("update content set kept = true where digest = ? and not kept", digest.bytes()));
  }
}
