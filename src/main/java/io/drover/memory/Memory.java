package io.drover.memory;

import io.drover.encryption.SealedColumn;
import io.drover.encryption.Seals;
import io.drover.json.Digest;
import io.drover.json.Json;
import io.drover.who.Actor;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/** The facts of all keys. A search reads only the facts of its own key. */
@Component
public class Memory implements FactStore {

    private static final Logger LOG = LoggerFactory.getLogger(Memory.class);

    private static final String REMEMBER =
            """
            insert into memory as m (id, key, fact, embedding, sealed_embedding, task_id, created_at, refreshed_at)
            values (?, ?, ?, ?, ?, ?, ?, ?)
                on conflict (id) do update
               set refreshed_at = greatest(m.refreshed_at, excluded.refreshed_at), task_id = excluded.task_id
            """;

    private static final String DROP_OLDEST =
            """
            delete from memory
             where id in (select id from memory where key = ? order by refreshed_at desc, id offset ?)
            """;

    private static final String SEARCH_EXACTLY =
            """
            select fact, refreshed_at, score
              from (select fact, refreshed_at,
                           (select sum(a::float8 * b) from unnest(embedding, ?::real[]) as pair (a, b)) as score
                      from memory where key = ?) as facts
             where score >= ?
             order by score desc, fact
             limit ?
            """;

    private static final String SEARCH_WITH_PGVECTOR =
            """
            select fact, refreshed_at, 1 - distance as score
              from (select fact, refreshed_at, embedding::vector(384) <=> (?::real[])::vector(384) as distance
                      from memory where key = ?) as facts
             where 1 - distance >= ?
             order by distance, fact
             limit ?
            """;

    private static final String SEALED =
            """
            select id, fact, refreshed_at, embedding, sealed_embedding from memory where key = ? order by refreshed_at desc limit ?
            """;

    private static final String FACTS =
            """
            select id, fact, refreshed_at, task_id from memory where key = ? order by refreshed_at desc, fact
            """;

    private static final String FORGET = """
            delete from memory where key = ?
            """;

    // The key is often a person's: the trail says that it was forgotten, by a digest, and does not keep it.
    private static final String AUDIT =
            """
            insert into audit (who, action, detail) values (?, 'forget', ?::json)
            """;

    /** The facts of a key that are compared here, the newest. */
    private static final int MOST_COMPARED = 10_000;

    private final MemoryProperties properties;
    private final Embedder embedder;
    private final Seals seals;
    private final JdbcClient jdbc;
    private final TransactionTemplate transaction;
    private final Clock clock;
    private volatile @Nullable String search;

    Memory(
            MemoryProperties properties,
            Embedder embedder,
            Seals seals,
            JdbcClient jdbc,
            TransactionTemplate transaction,
            Clock clock) {
        this.properties = properties;
        this.embedder = embedder;
        this.seals = seals;
        this.jdbc = jdbc;
        this.transaction = transaction;
        this.clock = clock;
    }

    @Override
    public List<RecalledFact> recall(String key, String query) throws InterruptedException {
        Texts.key(key);
        float[] vector = embedder.embed(MemoryTool.beginning(query));
        if (vector == null) {
            return List.of();
        }
        return seals.keys().isEmpty()
                ? jdbc.sql(search())
                        .params(vector, key, properties.minScore(), properties.recall())
                        .query((row, i) -> new RecalledFact(row.getString(1), instant(row, 2), row.getDouble(3)))
                        .list()
                : recallSealed(key, vector);
    }

    /** The database cannot compare what is sealed. */
    private List<RecalledFact> recallSealed(String key, float[] vector) {
        return jdbc
                .sql(SEALED)
                .params(key, MOST_COMPARED)
                .query((row, i) -> SealedFacts.read(row, seals, vector))
                .list()
                .stream()
                .filter(fact -> fact.score() >= properties.minScore())
                .sorted(SealedFacts.NEAREST_FIRST)
                .limit(properties.recall())
                .toList();
    }

    @Override
    public void remember(String key, String text, UUID task) throws InterruptedException {
        Texts.key(key);
        String fact = Texts.fact(text);
        float[] vector = embedder.embed(fact);
        if (vector == null) {
            throw new UnusableTextException("the fact contains no words; express it in words");
        }
        Timestamp now = Timestamp.from(clock.instant());
        UUID id = Digest.uuid(key, fact);
        jdbc.sql(REMEMBER)
                .params(
                        id,
                        key,
                        seals.sealText(SealedColumn.MEMORY_FACT, id, fact),
                        seals.areOn() ? null : vector,
                        seals.areOn() ? SealedFacts.seal(seals, id, vector) : null,
                        task,
                        now,
                        now)
                .update();
        jdbc.sql(DROP_OLDEST).params(key, properties.maxFacts()).update();
    }

    /** All facts of a key, the newest first. */
    public List<Fact> facts(String key) {
        return jdbc.sql(FACTS)
                .param(Texts.key(key))
                .query((row, i) -> new Fact(
                        Objects.requireNonNull(seals.forPeople()
                                .openText(SealedColumn.MEMORY_FACT, row.getObject(1, UUID.class), row.getString(2))),
                        instant(row, 3),
                        row.getObject(4, UUID.class)))
                .list();
    }

    @Override
    public int forget(String key) {
        return jdbc.sql(FORGET).param(Texts.key(key)).update();
    }

    /** Forgets all facts of a key, by a person's decision. */
    public void forget(String key, Actor who) {
        transaction.executeWithoutResult(status -> {
            int facts = forget(key);
            Map<String, Object> detail =
                    Map.of("key", Digest.uuid("memory", key).toString(), "facts", facts);
            jdbc.sql(AUDIT).params(who.name(), Json.write(detail)).update();
        });
    }

    private String search() {
        String chosen = search;
        if (chosen == null) {
            boolean pgvector = jdbc.sql("select to_regtype('vector') is not null")
                    .query(Boolean.class)
                    .single();
            LOG.info("memory is searched {}", pgvector ? "with pgvector" : "exactly, without pgvector");
            chosen = pgvector ? SEARCH_WITH_PGVECTOR : SEARCH_EXACTLY;
            search = chosen;
        }
        return chosen;
    }

    static Instant instant(ResultSet row, int column) throws SQLException {
        return row.getTimestamp(column).toInstant().truncatedTo(ChronoUnit.SECONDS);
    }
}
