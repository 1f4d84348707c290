package io.drover.encryption;

import io.drover.json.Digest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * A table whose payloads are sealed again.
 *
 * @param first   a key before all others
 * @param select  the key, the row's id for seals, what else is needed to know the columns, and then their values, as
 *     texts; parameters are the key after which it begins and how many rows
 * @param update  parameters are the new values, the key, and the old values
 * @param columns how each value is sealed
 */
record RekeyedTable(String name, String first, String select, String update, List<Column> columns) {

    private enum Kind {
        JSON,
        TEXT,
        BYTES
    }

    private record Column(SealedColumn column, Kind kind) {}

    /** @param about the tool of a call; empty for others */
    record Row(String key, String id, String about, @Nullable String[] values) {}

    private static final String NO_UUID = "00000000-0000-0000-0000-000000000000";

    private static Column json(SealedColumn column) {
        return new Column(column, Kind.JSON);
    }

    private static Column text(SealedColumn column) {
        return new Column(column, Kind.TEXT);
    }

    private static Column bytes(SealedColumn column) {
        return new Column(column, Kind.BYTES);
    }

    /** Not the audit table: its rows are bound to the audit log as they are, and go when the log is pruned. */
    static final List<RekeyedTable> ALL = List.of(
            new RekeyedTable(
                    "task",
                    NO_UUID,
                    """
                    select id::text, id::text, '', input::text, output::text, error::text, address_key
                      from task where id > ?::uuid and erased_at is null order by id limit ?
                    """,
                    """
                    update task set input = ?::json, output = ?::json, error = ?::json, address_key = ?
                     where id = ?::uuid and input::text = ? and output::text is not distinct from ?
                       and error::text is not distinct from ? and address_key is not distinct from ?
                    """,
                    List.of(
                            json(SealedColumn.TASK_INPUT),
                            json(SealedColumn.TASK_OUTPUT),
                            json(SealedColumn.TASK_ERROR),
                            text(SealedColumn.TASK_ADDRESS_KEY))),
            new RekeyedTable(
                    "call",
                    NO_UUID + " " + NO_UUID,
                    """
                    select task_id || ' ' || address, task_id::text, tool, arguments::text, result::text, error::text
                      from call, (select string_to_array(?, ' ') as at) after
                     where (task_id, address) > (at[1]::uuid, at[2]::uuid) order by task_id, address limit ?
                    """,
                    """
                    update call set arguments = ?::json, result = ?::json, error = ?::json
                      from (select string_to_array(?, ' ') as at) key
                     where task_id = at[1]::uuid and address = at[2]::uuid and arguments::text = ?
                       and result::text is not distinct from ? and error::text is not distinct from ?
                    """,
                    List.of(
                            json(SealedColumn.CALL_ARGUMENTS),
                            json(SealedColumn.CALL_RESULT),
                            json(SealedColumn.CALL_ERROR))),
            new RekeyedTable(
                    "late_result",
                    "(0,0)",
                    "select ctid::text, task_id::text, '', result::text from late_result where ctid > ?::tid order by ctid limit ?",
                    "update late_result set result = ?::json where ctid = ?::tid and result::text = ?",
                    List.of(json(SealedColumn.LATE_RESULT))),
            new RekeyedTable(
                    "preview",
                    NO_UUID + " " + NO_UUID,
                    """
                    select task_id || ' ' || address, task_id::text, '', asks
                      from preview, (select string_to_array(?, ' ') as at) after
                     where (task_id, address) > (at[1]::uuid, at[2]::uuid) order by task_id, address limit ?
                    """,
                    """
                    update preview set asks = ? from (select string_to_array(?, ' ') as at) key
                     where task_id = at[1]::uuid and address = at[2]::uuid and asks = ?
                    """,
                    List.of(text(SealedColumn.PREVIEW_ASKS))),
            new RekeyedTable(
                    "attempt",
                    NO_UUID + " 0",
                    """
                    select task_id || ' ' || token, task_id::text, '', error::text
                      from attempt, (select string_to_array(?, ' ') as at) after
                     where (task_id, token) > (at[1]::uuid, at[2]::bigint) order by task_id, token limit ?
                    """,
                    """
                    update attempt set error = ?::json from (select string_to_array(?, ' ') as at) key
                     where task_id = at[1]::uuid and token = at[2]::bigint and error::text = ?
                    """,
                    List.of(json(SealedColumn.ATTEMPT_ERROR))),
            new RekeyedTable(
                    "signal",
                    "0",
                    "select id::text, id::text, '', body::text from signal where id > ?::bigint and name <> '(erased)' order by id limit ?",
                    "update signal set body = ?::json where id = ?::bigint and body::text = ?",
                    List.of(json(SealedColumn.SIGNAL_BODY))),
            new RekeyedTable(
                    "agent_definition",
                    NO_UUID,
                    "select digest::text, digest::text, '', body::text from agent_definition where digest > ?::uuid order by digest limit ?",
                    "update agent_definition set body = ?::json where digest = ?::uuid and body::text = ?",
                    List.of(json(SealedColumn.DEFINITION))),
            new RekeyedTable(
                    "approval",
                    "0",
                    "select id::text, task_id::text, '', summary from approval where id > ?::bigint order by id limit ?",
                    "update approval set summary = ? where id = ?::bigint and summary = ?",
                    List.of(text(SealedColumn.APPROVAL_SUMMARY))),
            new RekeyedTable(
                    "vote",
                    "0 ",
                    """
                    select approval_id || ' ' || who, approval_id::text, '', reason
                      from vote, (select ?::text as place) after
                     where (approval_id, who) > (split_part(place, ' ', 1)::bigint, substr(place, strpos(place, ' ') + 1))
                     order by approval_id, who limit ?
                    """,
                    """
                    update vote set reason = ? from (select ?::text as place) key
                     where approval_id = split_part(place, ' ', 1)::bigint and who = substr(place, strpos(place, ' ') + 1) and reason = ?
                    """,
                    List.of(text(SealedColumn.VOTE_REASON))),
            new RekeyedTable(
                    "memory",
                    NO_UUID,
                    """
                    select id::text, id::text, '', fact, coalesce(sealed_embedding, embedding::text)
                      from memory where id > ?::uuid order by id limit ?
                    """,
                    """
                    update memory
                       set fact = ?, sealed_embedding = case when v like 'drv1:%' then v end,
                           embedding = case when v not like 'drv1:%' then v::real[] end
                      from (select ?::text as v) x
                     where id = ?::uuid and fact = ? and coalesce(sealed_embedding, embedding::text) = ?
                    """,
                    List.of(text(SealedColumn.MEMORY_FACT), text(SealedColumn.MEMORY_EMBEDDING))),
            new RekeyedTable(
                    "set_aside",
                    "0",
                    """
                    select id::text, trigger_id || E'\\n' || topic || E'\\n' || kafka_partition || E'\\n' || kafka_offset, '',
                           encode(key, 'hex'), encode(payload, 'hex'), headers::text, reason, refusal
                      from set_aside where id > ?::bigint order by id limit ?
                    """,
                    """
                    update set_aside
                       set key = decode(?, 'hex'), payload = decode(?, 'hex'), headers = ?::json, reason = ?, refusal = ?,
                           payload_bytes = coalesce(payload_bytes, octet_length(payload))
                     where id = ?::bigint and encode(key, 'hex') is not distinct from ?
                       and encode(payload, 'hex') is not distinct from ? and headers::text = ? and reason = ? and refusal = ?
                    """,
                    List.of(
                            bytes(SealedColumn.SET_ASIDE_KEY),
                            bytes(SealedColumn.SET_ASIDE_PAYLOAD),
                            json(SealedColumn.SET_ASIDE_HEADERS),
                            text(SealedColumn.SET_ASIDE_REASON),
                            text(SealedColumn.SET_ASIDE_REFUSAL))));

    List<Row> read(JdbcTemplate jdbc, String after, int most) {
        return jdbc.query(
                select,
                (row, i) -> {
                    @Nullable String[] values = new @Nullable String[columns.size()];
                    for (int c = 0; c < values.length; c++) {
                        String value = row.getString(4 + c);
                        values[c] = columns.get(c).kind == Kind.BYTES ? readBytes(value) : value;
                    }
                    return new Row(row.getString(1), id(row.getString(2)), row.getString(3), values);
                },
                after,
                most);
    }

    /** As {@code journal.PostgresSetAside} makes it of a position. */
    private static String id(String stored) {
        return stored.contains("\n") ? Digest.uuid(stored.split("\n")).toString() : stored;
    }

    /** What the values would be if they were written now. */
    @Nullable
    String[] again(Seals seals, Row row) {
        @Nullable String[] now = new @Nullable String[columns.size()];
        for (int c = 0; c < now.length; c++) {
            Column column = columns.get(c);
            String value = row.values[c];
            now[c] = column.kind == Kind.BYTES
                    ? bytesAgain(seals, column.column, row.id, value)
                    : seals.again(
                            sealedAs(column, row.about), row.id, value, column.kind == Kind.TEXT, naming(seals, row));
        }
        return now;
    }

    private static SealedColumn sealedAs(Column column, String tool) {
        return switch (column.column) {
            case CALL_ARGUMENTS -> SealedColumn.argumentsOf(tool);
            case CALL_RESULT -> SealedColumn.resultOf(tool);
            default -> column.column;
        };
    }

    /** What names the child whose output is a call's result, and the task of which a callback tells: its first value. */
    private String[] naming(Seals seals, Row row) {
        return switch (name) {
            case "call" -> new String[] {row.key, opened(seals, SealedColumn.CALL_ARGUMENTS, row)};
            case "task" -> new String[] {opened(seals, SealedColumn.TASK_INPUT, row)};
            default -> new String[0];
        };
    }

    private static String opened(Seals seals, SealedColumn column, Row row) {
        return Objects.requireNonNull(seals.open(column, row.id, row.values[0]));
    }

    private static @Nullable String bytesAgain(Seals seals, SealedColumn column, String row, @Nullable String stored) {
        byte[] bytes = stored == null ? null : stored.getBytes(StandardCharsets.ISO_8859_1);
        byte[] opened = seals.openBytes(column, row, bytes);
        boolean sealed = opened != bytes;
        boolean current = stored != null
                && (seals.primary() == null
                        ? !sealed
                        : sealed && stored.startsWith(Token.BEGIN + seals.primary() + ":"));
        byte[] now = current ? bytes : seals.sealBytes(column, row, opened);
        return now == null ? null : new String(now, StandardCharsets.ISO_8859_1);
    }

    /** @return 0 where the row has changed meanwhile */
    int write(JdbcTemplate jdbc, Row row, @Nullable String[] now) {
        List<@Nullable Object> parameters = new ArrayList<>(sent(now));
        parameters.add(row.key);
        parameters.addAll(sent(row.values));
        return jdbc.update(update, parameters.toArray());
    }

    private List<@Nullable String> sent(@Nullable String[] values) {
        @Nullable String[] sent = Arrays.copyOf(values, values.length);
        for (int c = 0; c < sent.length; c++) {
            String value = sent[c];
            if (value != null && columns.get(c).kind == Kind.BYTES) {
                sent[c] = HexFormat.of().formatHex(value.getBytes(StandardCharsets.ISO_8859_1));
            }
        }
        return Arrays.asList(sent);
    }

    private static @Nullable String readBytes(@Nullable String hex) {
        return hex == null ? null : new String(HexFormat.of().parseHex(hex), StandardCharsets.ISO_8859_1);
    }
}
