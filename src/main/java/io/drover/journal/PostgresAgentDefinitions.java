package io.drover.journal;

import io.drover.start.Listeners;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.stereotype.Repository;

/**
 * The table of definitions. Writes and reads wait while the database is away, as the records of calls do. A process
 * writes each definition once: agents that are begun with one that it has written cost nothing more.
 */
@Repository
class PostgresAgentDefinitions implements AgentDefinitions, DisposableBean {

    private static final int MOST_KNOWN = 10_000;

    // In one order, so that two batches do not wait for each other.
    private static final String KEEP =
            """
            insert into agent_definition (digest, body)
            select x.digest::uuid, x.body::json from unnest(?::text[], ?::text[]) as x(digest, body)
             order by x.digest
                on conflict (digest) do nothing
            """;

    private static final String FIND =
            """
            select digest, body from agent_definition where digest = any(?)
            """;

    /** @param body null where it is looked for */
    private record Item(UUID digest, @Nullable String body) {}

    private final GroupCommit<Item, @Nullable String> definitions;
    private final Set<UUID> kept = Collections.synchronizedSet(new HashSet<>());

    PostgresAgentDefinitions(DataSource dataSource, List<CommitListener> listeners) {
        this.definitions = new GroupCommit<>(
                "definition",
                dataSource,
                PostgresAgentDefinitions::execute,
                item -> item.body == null ? 0 : item.body.length(),
                new Listeners<>(listeners));
    }

    @Override
    public CompletableFuture<Void> keep(UUID digest, String body) {
        if (kept.contains(digest)) {
            return CompletableFuture.completedFuture(null);
        }
        return definitions.add(new Item(digest, body)).thenAccept(done -> {
            if (kept.size() >= MOST_KNOWN) {
                kept.clear(); // they are written again, which changes nothing
            }
            kept.add(digest);
        });
    }

    @Override
    public CompletableFuture<@Nullable String> find(UUID digest) {
        return definitions.add(new Item(digest, null));
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
                    .text(Map.Entry::getValue);
            insert.executeUpdate();
        }
    }

    private static void find(Connection connection, Set<UUID> digests, Map<UUID, String> bodies) throws SQLException {
        if (digests.isEmpty()) {
            return;
        }
        try (PreparedStatement select = connection.prepareStatement(FIND)) {
            select.setArray(1, connection.createArrayOf("uuid", digests.toArray()));
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    bodies.put(row.getObject(1, UUID.class), row.getString(2));
                }
            }
        }
    }

    @Override
    public void destroy() {
        definitions.close();
    }
}
