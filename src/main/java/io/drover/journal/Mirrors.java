package io.drover.journal;

import io.drover.encryption.SealedColumn;
import io.drover.encryption.Seals;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;
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

    /**
     * The calls that both tasks made themselves, in their order; those that their tools made are left out.
     * Where a tool redacts its arguments, a call of it is left out, too: what it is known by cannot be told from its record.
     *
     * @param unheard all calls of the shadow that the live task did not make, those of its tools and agents, too
     */
    public record Journals(List<CallRecord> live, List<CallRecord> shadow, List<CallRecord> unheard) {}

    private record Side(UUID id, Addresses addresses) {}

    /** @return by the ids of the shadows; nothing for one that mirrors no task that is there */
    public Map<UUID, Mirror> of(Collection<UUID> shadows) {
        if (shadows.isEmpty()) {
            return Map.of();
        }
        Map<UUID, List<Side>> sides = sides(shadows);
        Map<UUID, Mirror> mirrors = new HashMap<>();
        sides.forEach((shadow, both) -> both.stream()
                .filter(side -> !side.id().equals(shadow))
                .findAny()
                .ifPresent(live -> mirrors.put(
                        shadow,
                        new Mirror(
                                shadow,
                                live.id(),
                                live.addresses(),
                                calls(live.id()).stream()
                                        .filter(Mirrors::isHeard)
                                        .toList()))));
        return mirrors;
    }

    /** What an attempt at the shadow may be told: how those calls ended that are not open. */
    private static boolean isHeard(CallRecord call) {
        return switch (call.state()) {
            case SUCCEEDED, REJECTED, FAILED -> true;
            case STARTED, IN_DOUBT, AGAIN, PENDING, FORGOTTEN -> false;
        };
    }

    /** Of a shadow and its live task; null where one of them is not there any more. */
    public @Nullable Journals journals(UUID shadow) {
        List<Side> both = sides(List.of(shadow)).getOrDefault(shadow, List.of());
        if (both.size() < 2) {
            return null;
        }
        Side live = both.stream()
                .filter(side -> !side.id().equals(shadow))
                .findAny()
                .orElseThrow();
        Side own =
                both.stream().filter(side -> side.id().equals(shadow)).findAny().orElseThrow();
        List<CallRecord> heard = calls(live.id());
        Set<UUID> known = new HashSet<>();
        heard.forEach(call -> known.add(call.address()));
        List<CallRecord> calls = calls(shadow);
        Predicate<CallRecord> isOwn = isMadeBy(own, calls);
        return new Journals(
                heard.stream().filter(isMadeBy(live, heard)).toList(),
                calls.stream()
                        .filter(call -> known.contains(call.address()) || isOwn.test(call))
                        .toList(),
                calls.stream().filter(call -> !known.contains(call.address())).toList());
    }

    /** Steps that are no calls of tools are the workflow's own: no tool awaits a task. */
    private static Predicate<CallRecord> isMadeBy(Side task, List<CallRecord> calls) {
        Map<String, Integer> equal = new HashMap<>();
        calls.forEach(call -> equal.merge(call.tool() + '\0' + call.arguments(), 1, Integer::sum));
        return call -> {
            if (call.tool().indexOf(':') >= 0) {
                return true;
            }
            int most = equal.getOrDefault(call.tool() + '\0' + call.arguments(), 0);
            for (int i = 1; i <= most; i++) {
                if (task.addresses()
                        .of(task.id().toString(), call.tool(), call.arguments(), Integer.toString(i))
                        .equals(call.address())) {
                    return true;
                }
            }
            return false;
        };
    }

    private List<CallRecord> calls(UUID task) {
        return jdbc.sql(CALLS)
                .param("tasks", new UUID[] {task})
                .query((row, i) -> PostgresJournal.read(row, seals))
                .list();
    }

    private Map<UUID, List<Side>> sides(Collection<UUID> shadows) {
        Map<UUID, List<Side>> sides = new HashMap<>();
        jdbc.sql(TASKS).param("shadows", shadows.toArray(UUID[]::new)).query(row -> {
            UUID id = row.getObject(2, UUID.class);
            String input = Objects.requireNonNull(seals.open(SealedColumn.TASK_INPUT, id, row.getString(3)));
            String key = seals.openText(SealedColumn.TASK_ADDRESS_KEY, id, row.getString(4), input);
            sides.computeIfAbsent(row.getObject(1, UUID.class), shadow -> new ArrayList<>())
                    .add(new Side(id, Addresses.with(key)));
        });
        return sides;
    }
}
