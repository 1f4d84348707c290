package io.drover.audit;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Repository;

/** The audit log in PostgreSQL. */
@Repository
class AuditLog {

    private static final String LEAD =
            """
            select pg_try_advisory_xact_lock(hashtext('drover_audit'))
            """;

    private static final String LAST =
            """
            select size, frontier, note from audit_checkpoint order by size desc limit 1
            """;

    // A chain is continued for an hour, and a transaction takes less than another one.
    private static final String UNSEALED =
            """
            select w.writer, h.seq as head, coalesce(s.seq, 0) as seq, coalesce(s.hash, '') as hash,
                   extract(epoch from clock_timestamp() - coalesce(u.at, w.at)) as age
              from (select writer, at from audit_chain
                     where seq = 1
                       and at > coalesce((select at from audit_checkpoint order by size desc limit 1), '-infinity') - interval '2 hours') w
             cross join lateral (select c.seq from audit_chain c where c.writer = w.writer order by c.seq desc limit 1) h
              left join lateral (select l.seq, l.hash from audit_leaf l where l.writer = w.writer order by l.seq desc limit 1) s on true
              left join audit_chain u on u.writer = w.writer and u.seq = coalesce(s.seq, 0) + 1
             where h.seq <> coalesce(s.seq, 0)
             order by w.at, w.writer
            """;

    private static final String ROWS =
            """
            select writer, seq, at, hash, body from audit_chain where writer = ? and seq > ? and seq <= ? order by seq
            """;

    private static final String INSERT_LEAF =
            """
            insert into audit_leaf (index, writer, seq, hash) values (?, ?, ?, ?)
            """;

    private static final String INSERT_CHECKPOINT =
            """
            insert into audit_checkpoint (size, frontier, note) values (?, ?, ?)
            """;

    private static final int ROWS_A_TRIP = 200;

    /** The last checkpoint. @param note as it was published */
    record Sealed(long size, byte[] frontier, String note) {}

    /**
     * A chain that has rows after the last one that is a leaf, or has lost that one.
     *
     * @param head the number of its last row
     * @param seq  the number of the row that is a leaf, or 0
     * @param age  since the first row after that was written
     */
    record Unsealed(UUID writer, long head, long seq, byte[] hash, Duration age) {}

    private final JdbcTemplate jdbc;

    AuditLog(DataSource dataSource) {
        this.jdbc = new JdbcTemplate(dataSource);
        jdbc.setFetchSize(ROWS_A_TRIP);
    }

    /** Whether no other process seals until the end of this transaction. */
    boolean lead() {
        return Boolean.TRUE.equals(jdbc.queryForObject(LEAD, Boolean.class));
    }

    @Nullable
    Sealed last() {
        return jdbc.query(LAST, (row, i) -> new Sealed(row.getLong(1), row.getBytes(2), row.getString(3))).stream()
                .findFirst()
                .orElse(null);
    }

    /** The chains with rows that are under no checkpoint, among those that began at most two hours before the last one. */
    List<Unsealed> unsealed() {
        return jdbc.query(
                UNSEALED,
                (row, i) -> new Unsealed(
                        row.getObject("writer", UUID.class),
                        row.getLong("head"),
                        row.getLong("seq"),
                        row.getBytes("hash"),
                        Duration.ofMillis((long) (Math.max(0, row.getDouble("age")) * 1000))));
    }

    /** Reads rows of a chain, in order, without holding all of them. */
    void rows(Unsealed chain, Consumer<ChainRow> each) {
        jdbc.query(
                ROWS,
                row -> {
                    each.accept(read(row));
                },
                chain.writer(),
                chain.seq(),
                chain.head());
    }

    static ChainRow read(ResultSet row) throws SQLException {
        return new ChainRow(
                row.getObject("writer", UUID.class),
                row.getLong("seq"),
                row.getTimestamp("at").toInstant(),
                row.getBytes("hash"),
                row.getString("body"));
    }

    /** Adds leaves. @param first the index of the first one */
    void add(List<ChainHead> heads, long first) {
        jdbc.batchUpdate(
                INSERT_LEAF,
                IntStream.range(0, heads.size())
                        .mapToObj(i -> new Object[] {
                            first + i,
                            heads.get(i).writer(),
                            heads.get(i).seq(),
                            heads.get(i).hash()
                        })
                        .toList());
    }

    void add(Sealed checkpoint) {
        jdbc.update(INSERT_CHECKPOINT, checkpoint.size(), checkpoint.frontier(), checkpoint.note());
    }
}
