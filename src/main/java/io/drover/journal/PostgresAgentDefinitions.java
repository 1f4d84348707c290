package io.drover.journal;

import io.drover.encryption.SealedColumn;
import io.drover.encryption.Seals;
import io.drover.start.Listeners;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/**
 * The table of definitions. Writes and reads wait while the database is away, as the records of calls do. A process
 * writes each definition once an hour at most: agents that are begun with one that it has written cost nothing more.
 */
@Repository
class PostgresAgentDefinitions implements AgentDefinitions, DisposableBean {

    private static final int MOST_KNOWN = 10_000;

    /** How long a process takes it for granted that a definition is there. */
    private static final Duration REMEMBERED = Duration.ofHours(1);

    // In one order, so that two batches do not wait for each other.
    private static final String KEEP =
            """
            insert into agent_definition (digest, body)
            select x.digest::uuid, x.body::json from unnest(?::text[], ?::text[]) as x(digest, body)
             order by x.digest
                on conflict (digest) do update set created_at = now()
            """;

    private static final String FIND =
            """
            select digest, body from agent_definition where digest = any(?)
            """;

    private static final String OLD =
            """
            select digest from agent_definition
             where created_at < now() - :ms * interval '1 millisecond' order by created_at limit :most
            """;

    // What a task may still go on with is young again: the next looks find others.
    private static final String FORGET =
            """
            with used as materialized (
                select distinct c.arguments ->> 'pinned' as digest
                  from task t join call c on c.task_id = t.id
                 where t.status in ('QUEUED', 'RUNNING', 'WAITING', 'DEAD') and c.tool like 'model.%'),
            kept as (
                update agent_definition set created_at = now()
                 where digest = any(:digests) and digest::text in (select digest from used))
            delete from agent_definition
             where digest = any(:digests) and created_at < now() - :ms * interval '1 millisecond'
               and digest::text not in (select digest from used where digest is not null)
            """;

    /** @param body null where it is looked for */
    private record Item(UUID digest, @Nullable String body) {}

    private final GroupCommit<Item, @Nullable String> definitions;
    private final Map<UUID, Long> kept = new ConcurrentHashMap<>();
    private final JdbcClient jdbc;

    PostgresAgentDefinitions(DataSource dataSource, List<CommitListener> listeners) {
        this.jdbc = JdbcClient.create(dataSource);
        this.definitions = new GroupCommit<>(
                "definition",
                dataSource,
                PostgresAgentDefinitions::execute,
                item -> item.body == null ? 0 : item.body.length(),
                new Listeners<>(listeners));
    }

    @Override
    public CompletableFuture<Void> keep(UUID digest, String body) {
        Long last = kept.get(digest);
        long now = System.nanoTime();
        if (last != null && now - last < REMEMBERED.toNanos()) {
            return CompletableFuture.completedFuture(null);
        }
        return definitions.add(new Item(digest, body)).thenAccept(done -> {
            if (kept.size() >= MOST_KNOWN) {
                kept.clear(); // they are written again, which changes nothing
            }
            kept.put(digest, now);
        });
    }

    @Override
    public CompletableFuture<@Nullable String> find(UUID digest) {
        return definitions.add(new Item(digest, null));
    }

    @Override
    public int forget(Duration age, int most) {
        List<UUID> old = jdbc.sql(OLD)
                .param("ms", age.toMillis())
                .param("most", most)
                .query(UUID.class)
                .list();
        if (!old.isEmpty()) {
            jdbc.sql(FORGET)
                    .param("digests", old.toArray(UUID[]::new))
                    .param("ms", age.toMillis())
                    .update();
        }
        return old.size();
    }

    private static List<@Nullable String> execute(Connection connection, List<Item> items) throws SQLException {
        Map<UUID, String> bodies = new HashMap<>();
        Set<UUID> wanted = new HashSet<>();
        for (Item item : items) {
            if (item.body == null) {
                wanted.add(item.digest);
            } else {
                bodies.put(item.digest, item.body);
            }
        }
        keep(connection, bodies);
        wanted.removeAll(bodies.keySet());
        find(connection, wanted, bodies);
        List<@Nullable String> results = new ArrayList<>(items.size());
        items.forEach(item -> results.add(bodies.get(item.digest)));
        return results;
    }

    private static void keep(Connection connection, Map<UUID, String> bodies) throws SQLException {
        if (bodies.isEmpty()) {
            return;
        }
        try (PreparedStatement insert = connection.prepareStatement(KEEP)) {
            new Columns<>(connection, insert, List.copyOf(bodies.entrySet()))
                    .text(Map.Entry::getKey)
                    .sealed(SealedColumn.DEFINITION, Map.Entry::getKey, Map.Entry::getValue);
            insert.executeUpdate();
        }
    }

    private static void find(Connection connection, Set<UUID> digests, Map<UUID, String> bodies) throws SQLException {
        if (digests.isEmpty()) {
            return;
        }
        Seals seals = Seals.of(connection);
        try (PreparedStatement select = connection.prepareStatement(FIND)) {
            select.setArray(1, connection.createArrayOf("uuid", digests.toArray()));
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    UUID digest = row.getObject(1, UUID.class);
                    bodies.put(
                            digest,
                            Objects.requireNonNull(seals.open(SealedColumn.DEFINITION, digest, row.getString(2))));
                }
            }
        }
    }

    @Override
    public void destroy() {
        definitions.close();
    }
}
