package io.drover.journal;

import io.drover.encryption.SealedColumn;
import io.drover.encryption.Seals;
import io.drover.json.Digest;
import io.drover.who.Actor;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

@Repository
class PostgresSetAside implements SetAside {

    /** A skip is of use while the record may still come; a month is longer than topics are read again. */
    private static final String SKIPS =
            """
            select trigger_id, topic, kafka_partition, kafka_offset, who, reason
              from record_skip
             where at > now() - interval '30 days'
             order by at desc
             limit 10000
            """;

    private final JdbcClient jdbc;
    private final Seals seals;

    PostgresSetAside(JdbcClient jdbc, Seals seals) {
        this.jdbc = jdbc;
        this.seals = seals;
    }

    @Override
    public void add(Position position, Content content, Why why) {
        UUID row = row(position);
        byte[] payload = content.payload();
        jdbc.sql(
                        """
                        insert into set_aside (trigger_id, topic, kafka_partition, kafka_offset, kafka_timestamp, key,
                                               payload, payload_bytes, headers, reason, error_type, refusal)
                        values (:trigger, :topic, :partition, :offset, :timestamp, :key, :payload, :bytes, :headers::json,
                                :reason, :type, :refusal)
                        on conflict (trigger_id, topic, kafka_partition, kafka_offset) do nothing
                        """)
                .param("trigger", position.trigger())
                .param("topic", position.topic())
                .param("partition", position.partition())
                .param("offset", position.offset())
                .param("timestamp", content.timestamp())
                .param("key", seals.sealBytes(SealedColumn.SET_ASIDE_KEY, row, content.key()), Types.BINARY)
                .param("payload", seals.sealBytes(SealedColumn.SET_ASIDE_PAYLOAD, row, payload), Types.BINARY)
                .param("bytes", payload == null ? null : payload.length, Types.INTEGER)
                .param(
                        "headers",
                        seals.seal(SealedColumn.SET_ASIDE_HEADERS, row, SetAsideHeaders.write(content.headers())))
                .param("reason", seals.sealText(SealedColumn.SET_ASIDE_REASON, row, text(why.reason())))
                .param("type", text(why.errorType()))
                .param("refusal", seals.sealText(SealedColumn.SET_ASIDE_REFUSAL, row, text(why.refusal())))
                .update();
    }

    /** What the row is known by before it has an id. */
    private static UUID row(Position position) {
        return Digest.uuid(
                position.trigger(),
                position.topic(),
                String.valueOf(position.partition()),
                String.valueOf(position.offset()));
    }

    /** PostgreSQL stores no zero character, and no half of a surrogate pair goes over the wire. */
    private static String text(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8).replace("\0", "\\0");
    }

    private static final String ENTRY =
            """
            select id, trigger_id, topic, kafka_partition, kafka_offset, reason, error_type, refusal,
                   coalesce(payload_bytes, octet_length(payload), 0) as bytes, at
              from set_aside
            """;

    @Override
    public List<Entry> list(@Nullable String trigger, @Nullable Long before, int limit) {
        return jdbc.sql(
                        ENTRY
                                + """
                                 where (:trigger::text is null or trigger_id = :trigger)
                                   and (:before::bigint is null or id < :before)
                                 order by id desc
                                 limit :limit
                                """)
                .param("trigger", trigger, Types.VARCHAR)
                .param("before", before, Types.BIGINT)
                .param("limit", limit)
                .query((row, n) -> entry(row))
                .list();
    }

    @Override
    public @Nullable Entry entry(long id) {
        return jdbc.sql(ENTRY + " where id = ?")
                .param(id)
                .query((row, n) -> entry(row))
                .optional()
                .orElse(null);
    }

    private Entry entry(ResultSet row) throws SQLException {
        Position position = position(row);
        UUID id = row(position);
        Seals shown = seals.forPeople();
        return new Entry(
                row.getLong("id"),
                position,
                new Why(
                        Objects.requireNonNull(
                                shown.openText(SealedColumn.SET_ASIDE_REASON, id, row.getString("reason"))),
                        row.getString("error_type"),
                        Objects.requireNonNull(
                                shown.openText(SealedColumn.SET_ASIDE_REFUSAL, id, row.getString("refusal")))),
                row.getInt("bytes"),
                row.getTimestamp("at").toInstant());
    }

    private static Position position(ResultSet row) throws SQLException {
        return new Position(
                row.getString("trigger_id"),
                row.getString("topic"),
                row.getInt("kafka_partition"),
                row.getLong("kafka_offset"));
    }

    @Override
    public @Nullable Content content(long id) {
        return content(id, 0, Integer.MAX_VALUE - 1);
    }

    @Override
    public @Nullable Content content(long id, int offset, int length) {
        return jdbc.sql(
                        """
                        select trigger_id, topic, kafka_partition, kafka_offset, kafka_timestamp, key, headers,
                               case when payload_bytes < octet_length(payload) then payload
                                    else substring(payload from :from for :length) end as payload
                          from set_aside
                         where id = :id
                        """)
                .param("from", offset + 1)
                .param("length", Math.min(length, Integer.MAX_VALUE - 1 - offset))
                .param("id", id)
                .query((row, n) -> content(row, offset, length))
                .optional()
                .orElse(null);
    }

    /** What is sealed is opened whole. */
    private Content content(ResultSet row, int offset, int length) throws SQLException {
        UUID id = row(position(row));
        byte[] stored = row.getBytes("payload");
        byte[] payload = seals.openBytes(SealedColumn.SET_ASIDE_PAYLOAD, id, stored);
        if (payload != null && payload != stored) {
            int from = Math.min(offset, payload.length);
            payload = Arrays.copyOfRange(payload, from, from + Math.min(length, payload.length - from));
        }
        return new Content(
                row.getLong("kafka_timestamp"),
                seals.openBytes(SealedColumn.SET_ASIDE_KEY, id, row.getBytes("key")),
                payload,
                SetAsideHeaders.read(Objects.requireNonNull(
                        seals.open(SealedColumn.SET_ASIDE_HEADERS, id, row.getString("headers")))));
    }

    @Override
    public boolean remove(long id, Actor who, Removal why) {
        return jdbc.sql(
                                """
                        with gone as (delete from set_aside where id = :id
                                      returning trigger_id, topic, kafka_partition, kafka_offset)
                        insert into audit (who, action, detail)
                        select :who, :action, to_json(gone) from gone
                        """)
                        .param("id", id)
                        .param("who", who.name())
                        .param("action", why.action())
                        .update()
                == 1;
    }

    @Override
    public void skip(Position position, Actor who, String reason) {
        jdbc.sql(
                        """
                        with skip as (insert into record_skip (trigger_id, topic, kafka_partition, kafka_offset, who, reason)
                                      values (:trigger, :topic, :partition, :offset, :who, :reason)
                                      on conflict (trigger_id, topic, kafka_partition, kafka_offset)
                                      do update set at = now(), who = excluded.who, reason = excluded.reason
                                      returning trigger_id, topic, kafka_partition, kafka_offset, reason)
                        insert into audit (who, action, detail)
                        select :who, 'skip-record', to_json(skip) from skip
                        """)
                .param("trigger", position.trigger())
                .param("topic", position.topic())
                .param("partition", position.partition())
                .param("offset", position.offset())
                .param("who", who.name())
                .param("reason", reason)
                .update();
    }

    @Override
    public Map<Position, String> skips() {
        Map<Position, String> skips = new HashMap<>();
        jdbc.sql(SKIPS)
                .query((row, n) -> Map.entry(position(row), row.getString("who") + ": " + row.getString("reason")))
                .list()
                .forEach(skip -> skips.put(skip.getKey(), skip.getValue()));
        return Map.copyOf(skips);
    }
}
