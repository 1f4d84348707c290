package io.drover.audit;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.RowCallbackHandler;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/** Writes the audit log as one moment has it, a JSON object a line, for {@link AuditVerifier}. */
public final class AuditExport {

    private static final String LEAVES =
            """
            select index, writer, seq, hash from audit_leaf order by index
            """;

    private static final String CHECKPOINTS =
            """
            select size, at, note from audit_checkpoint order by size
            """;

    private static final String ROWS =
            """
            select writer, seq, at, hash, body from audit_chain order by writer, seq
            """;

    private static final String ENTRIES =
            """
            select id, at, who, action, task_id, detail, salt from audit order by id
            """;

    private static final String PRUNED =
            """
            select coalesce(max(size), 0) from audit_pruned
            """;

    private static final String LAST_BEFORE =
            """
            select coalesce(max(size), 0) from audit_checkpoint where at <= ?
            """;

    // A chain is continued for an hour, and a transaction takes less than another one.
    private static final String ROWS_AFTER =
            """
            select c.writer, c.seq, c.at, c.hash, c.body
              from audit_chain w
              left join lateral (select l.seq from audit_leaf l where l.writer = w.writer and l.index < ? order by l.seq desc limit 1) s on true
              join audit_chain c on c.writer = w.writer and c.seq > coalesce(s.seq, 0)
             where w.seq = 1
               and w.at > (select at from audit_checkpoint where size = ?) - interval '2 hours'
             order by c.writer, c.seq
            """;

    private static final String ENTRIES_OF =
            """
            select id, at, who, action, task_id, detail, salt from audit where id = any (?) order by id
            """;

    private static final Pattern DECIDED = Pattern.compile("(?m)^\\[\"decided\", (\\d{1,18}),");

    private static final int ROWS_A_TRIP = 500;

    private final JdbcTemplate jdbc;
    private final TransactionTemplate transaction;
    private final ObjectMapper json = new ObjectMapper();

    public AuditExport(DataSource dataSource) {
        this.jdbc = new JdbcTemplate(dataSource);
        jdbc.setFetchSize(ROWS_A_TRIP);
        this.transaction = new TransactionTemplate(new DataSourceTransactionManager(dataSource));
        transaction.setReadOnly(true);
        transaction.setIsolationLevel(TransactionDefinition.ISOLATION_REPEATABLE_READ);
    }

    /**
     * Writes what has not been removed.
     *
     * @param since leaves out what was under the last checkpoint before this time; null leaves out nothing
     * @return how many lines
     * @throws DataAccessException where the database does not answer
     * @throws IOException         where it cannot be written
     */
    public long write(Writer out, @Nullable Instant since) throws IOException {
        Lines lines = new Lines(out);
        try {
            transaction.executeWithoutResult(status -> {
                long size = Math.max(number(PRUNED), since == null ? 0 : number(LAST_BEFORE, Timestamp.from(since)));
                if (size > 0) {
                    lines.add(json.createObjectNode().put("type", "since").put("size", size));
                }
                each(lines, "leaf", LEAVES, ExportLine::leaf);
                each(lines, "checkpoint", CHECKPOINTS, ExportLine::checkpoint);
                if (size == 0) {
                    each(lines, "row", ROWS, ExportLine::row);
                    each(lines, "entry", ENTRIES, ExportLine::entry);
                } else {
                    List<Long> decided = new ArrayList<>();
                    each(
                            lines,
                            "row",
                            ROWS_AFTER,
                            (row, line) -> decided(ExportLine.row(row, line), decided),
                            size,
                            size);
                    each(lines, "entry", ENTRIES_OF, ExportLine::entry, (Object) decided.toArray(Long[]::new));
                }
            });
            long written = lines.written;
            lines.add(json.createObjectNode().put("type", "end").put("lines", written));
            return written;
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private long number(String sql, Object... arguments) {
        return Objects.requireNonNull(jdbc.queryForObject(sql, Long.class, arguments));
    }

    /** Collects the decisions that a row binds. */
    private static ObjectNode decided(ObjectNode row, List<Long> decisions) {
        DECIDED.matcher(row.path("body").asText())
                .results()
                .forEach(found -> decisions.add(Long.valueOf(found.group(1))));
        return row;
    }

    /** What of a row goes into its line. */
    @FunctionalInterface
    private interface Fields {
        ObjectNode put(ResultSet row, ObjectNode line) throws SQLException;
    }

    private void each(Lines lines, String type, String sql, Fields fields, Object... arguments) {
        jdbc.query(
                sql,
                (RowCallbackHandler)
                        row -> lines.add(fields.put(row, json.createObjectNode().put("type", type))),
                arguments);
    }

    /** What is written. */
    private static final class Lines {

        private final Writer out;
        private long written;

        Lines(Writer out) {
            this.out = out;
        }

        void add(ObjectNode line) {
            try {
                out.write(line.toString());
                out.write('\n');
                written++;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
