package io.drover.journal;

import io.drover.encryption.SealedColumn;
import io.drover.encryption.Seals;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** What the live tasks have heard that shadows mirror. */
@Repository
public class Mirrors {

    private static final String TASKS =
            """
            select s.task_id, t.id, t.input::text, t.address_key
              from shadow s join task t on t.id in (s.live, s.task_id)
             where s.task_id = any(:shadows)
            """;

    private static final String CALLS =
            """
            select * from call where task_id = any(:tasks) order by task_id, n
            """;

    private final JdbcClient jdbc;
    private final Seals seals;

    Mirrors(DataSource dataSource) {
        this.jdbc = JdbcClient.create(dataSource);
        this.seals = Seals.of(dataSource);
    }

    /** @return by the ids of the shadows; nothing for one that mirrors no task that is there */
    public Map<UUID, Mirror> of(Collection<UUID> shadows) {
        if (shadows.isEmpty()) {
            return Map.of();
        }
        Map<UUID, List<MirroredCalls.Side>> sides = sides(shadows);
        Map<UUID, Mirror> mirrors = new HashMap<>();
        sides.forEach((shadow, both) -> both.stream()
                .filter(side -> !side.id().equals(shadow))
                .findAny()
                .ifPresent(
                        live -> mirrors.put(shadow, Mirror.of(shadow, live.id(), live.addresses(), calls(live.id())))));
        return mirrors;
    }

    /** Of a shadow and its live task; null where one of them is not there any more. */
    public @Nullable MirroredCalls journals(UUID shadow) {
        List<MirroredCalls.Side> both = sides(List.of(shadow)).getOrDefault(shadow, List.of());
        if (both.size() < 2) {
            return null;
        }
        MirroredCalls.Side live = both.stream()
                .filter(side -> !side.id().equals(shadow))
                .findAny()
                .orElseThrow();
        MirroredCalls.Side own =
                both.stream().filter(side -> side.id().equals(shadow)).findAny().orElseThrow();
        return MirroredCalls.of(live, calls(live.id()), own, calls(shadow));
    }

    private List<CallRecord> calls(UUID task) {
        return jdbc.sql(CALLS)
                .param("tasks", new UUID[] {task})
                .query((row, i) -> PostgresJournal.read(row, seals))
                .list();
    }

    private Map<UUID, List<MirroredCalls.Side>> sides(Collection<UUID> shadows) {
        Map<UUID, List<MirroredCalls.Side>> sides = new HashMap<>();
        jdbc.sql(TASKS).param("shadows", shadows.toArray(UUID[]::new)).query(row -> {
            UUID id = row.getObject(2, UUID.class);
            String input = Objects.requireNonNull(seals.open(SealedColumn.TASK_INPUT, id, row.getString(3)));
            String key = seals.openText(SealedColumn.TASK_ADDRESS_KEY, id, row.getString(4), input);
            sides.computeIfAbsent(row.getObject(1, UUID.class), shadow -> new ArrayList<>())
                    .add(new MirroredCalls.Side(id, Addresses.with(key)));
        });
        return sides;
    }
}
