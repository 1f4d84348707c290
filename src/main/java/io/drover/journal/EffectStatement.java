package io.drover.journal;

import io.drover.encryption.SealedColumn;
import io.drover.encryption.Seals;
import io.drover.journal.Journal.Begin;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Writes the records of calls of which some have effects that only one call may have. The effect, the record of the begin
 * and what else it needs are one transaction. Calls without an effect cost nothing more.
 */
final class EffectStatement {

    // In one order, so that two batches do not wait for each other. What another transaction takes meanwhile is waited
    // for.
    private static final String TAKE =
            """
            insert into effect (scope, name, key, tool, task_id, address)
            select x.scope, x.name, x.key, x.tool, x.task_id::uuid, x.address::uuid
              from unnest(?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[])
                   as x(scope, name, key, tool, task_id, address)
             order by x.scope, x.name, x.key
                on conflict (scope, name, key) do update set taken_at = effect.taken_at
             where effect.task_id = excluded.task_id and effect.address = excluded.address
            returning scope, name, key
            """;

    // A task that is cancelled meanwhile is cancelled before its call begins, or after.
    private static final String LOCK_TASKS =
            """
            select from task where id = any(?) order by id for share
            """;

    private static final String HOLDERS =
            """
            select e.*, c.n, c.tool as called, c.state, c.arguments, c.result
              from unnest(?::text[], ?::text[], ?::text[]) as x(scope, name, key)
              join effect e on e.scope = x.scope and e.name = x.name and e.key = x.key
              join call c on c.task_id = e.task_id and c.address = e.address
            """;

    // Nothing is taken by a call that did not begin.
    private static final String LEAVE =
            """
            delete from effect e
             using unnest(?::text[], ?::text[]) as x(task_id, address)
             where e.task_id = x.task_id::uuid and e.address = x.address::uuid
               and not exists (select from call c where c.task_id = e.task_id and c.address = e.address and c.state not in ('FAILED', 'PENDING'))
            """;

    /**
     * A record.
     *
     * @param ends  whether the call may have an effect for whose end others wait
     * @param reads what its attempt has read before; written first
     */
    record Item(CallStatement.Write write, boolean ends, List<CallRecord> reads) {

        static Item of(CallRecord read) {
            return new Item(new CallStatement.Write(read, null), false, List.of());
        }

        /** About how long it is, in characters. */
        long length() {
            return write.call().length()
                    + reads.stream().mapToLong(CallRecord::length).sum();
        }

        @Nullable
        Effect effect() {
            BeginRequest begins = write.begins();
            return begins == null ? null : begins.effect();
        }

        boolean isPlain() {
            return !ends && effect() == null && !mayDraw() && !isLimited();
        }

        private boolean isLimited() {
            BeginRequest begins = write.begins();
            return begins != null && begins.limit() != null;
        }

        private boolean mayDraw() {
            BeginRequest begins = write.begins();
            return begins != null && !begins.draws().isEmpty();
        }
    }

    private record Key(String scope, String name, String key) {

        static Key of(Effect effect) {
            return new Key(effect.scope(), effect.name(), effect.key());
        }

        static Key read(ResultSet row) throws SQLException {
            return new Key(row.getString("scope"), row.getString("name"), row.getString("key"));
        }
    }

    private EffectStatement() {}

    /** What came of each record. */
    static List<Begin> write(Connection connection, List<Item> items) throws SQLException {
        List<Item> all = new ArrayList<>();
        List<Integer> places = new ArrayList<>();
        for (Item item : items) {
            item.reads.forEach(read -> all.add(Item.of(read)));
            places.add(all.size());
            all.add(item);
        }
        List<Begin> written = writeAll(connection, all);
        return places.stream().map(written::get).toList();
    }

    private static List<Begin> writeAll(Connection connection, List<Item> items) throws SQLException {
        if (items.stream().allMatch(Item::isPlain)) {
            return CallStatement.write(connection, writes(items));
        }
        return InTransaction.run(connection, transaction -> {
            Map<Item, Begin> begins = full(transaction, items);
            Set<Item> lost = lost(
                    transaction,
                    items.stream().filter(item -> !begins.containsKey(item)).toList());
            List<Item> rest = items.stream()
                    .filter(item -> !begins.containsKey(item) && !lost.contains(item))
                    .toList();
            List<BeginRequest> drawing = rest.stream()
                    .filter(Item::mayDraw)
                    .map(EffectStatement::begins)
                    .toList();
            StandingDraws draws = StandingDraws.of(transaction, drawing);
            List<Begin> written = CallStatement.write(transaction, writes(rest));
            for (int i = 0; i < rest.size(); i++) {
                begins.put(rest.get(i), written.get(i));
            }
            Map<BeginRequest, Begin> drawn = new HashMap<>();
            rest.stream()
                    .filter(Item::mayDraw)
                    .forEach(item -> drawn.put(begins(item), Objects.requireNonNull(begins.get(item))));
            draws.settle(transaction, drawn);
            SubjectStatement.keep(
                    transaction,
                    rest.stream()
                            .filter(item -> item.isLimited() && begins.get(item) instanceof Begin.Begun)
                            .map(EffectStatement::begins)
                            .toList());
            leave(transaction, begins);
            Map<Key, EffectHolder> holders = holders(transaction, lost);
            lost.forEach(item -> begins.put(item, new Begin.Taken(holders.get(Key.of(effect(item))))));
            EffectWaits.ended(
                    transaction,
                    rest.stream()
                            .filter(Item::ends)
                            .map(item -> item.write.call().taskId())
                            .distinct()
                            .toArray(UUID[]::new));
            return items.stream().map(begins::get).toList();
        });
    }

    /** The calls for which earlier ones leave no room. */
    private static Map<Item, Begin> full(Connection connection, List<Item> items) throws SQLException {
        List<Item> limited = items.stream().filter(Item::isLimited).toList();
        Map<BeginRequest, SubjectLimit.Room> rooms = SubjectStatement.judge(
                connection, limited.stream().map(EffectStatement::begins).toList());
        Map<Item, Begin> full = new HashMap<>();
        for (Item item : limited) {
            SubjectLimit.Room room = Objects.requireNonNull(rooms.get(begins(item)), "each was judged");
            if (room != SubjectLimit.Room.FREE) {
                full.put(item, new Begin.NoRoom(room));
            }
        }
        return full;
    }

    private static List<CallStatement.Write> writes(List<Item> items) {
        return items.stream().map(Item::write).toList();
    }

    private static BeginRequest begins(Item item) {
        return Objects.requireNonNull(item.write.begins());
    }

    private static Effect effect(Item item) {
        return Objects.requireNonNull(item.effect());
    }

    /** Takes the effects of the calls that begin. @return the calls whose effect another one has */
    private static Set<Item> lost(Connection connection, List<Item> items) throws SQLException {
        Map<Key, Item> first = new HashMap<>();
        List<Item> wanted = items.stream().filter(item -> item.effect() != null).toList();
        wanted.forEach(item -> first.putIfAbsent(Key.of(effect(item)), item));
        if (first.isEmpty()) {
            return Set.of();
        }
        try (PreparedStatement lock = connection.prepareStatement(LOCK_TASKS)) {
            lock.setArray(
                    1,
                    connection.createArrayOf(
                            "uuid",
                            first.values().stream()
                                    .map(item -> item.write.call().taskId())
                                    .toArray()));
            lock.executeQuery().close();
        }
        Set<Key> taken = taken(connection, List.copyOf(first.values()));
        Set<Item> lost = new HashSet<>();
        for (Item item : wanted) {
            Key key = Key.of(effect(item));
            if (!taken.contains(key) || !item.equals(first.get(key))) {
                lost.add(item);
            }
        }
        return lost;
    }

    private static Set<Key> taken(Connection connection, List<Item> items) throws SQLException {
        Set<Key> taken = new HashSet<>();
        try (PreparedStatement take = connection.prepareStatement(TAKE)) {
            new Columns<>(connection, take, items)
                    .text(item -> effect(item).scope())
                    .text(item -> effect(item).name())
                    .text(item -> effect(item).key())
                    .text(item -> effect(item).tool())
                    .text(item -> item.write.call().taskId())
                    .text(item -> item.write.call().address());
            try (ResultSet row = take.executeQuery()) {
                while (row.next()) {
                    taken.add(Key.read(row));
                }
            }
        }
        return taken;
    }

    private static void leave(Connection connection, Map<Item, Begin> begins) throws SQLException {
        List<CallRecord> not = begins.entrySet().stream()
                .filter(begin -> begin.getKey().effect() != null && !(begin.getValue() instanceof Begin.Begun))
                .map(begin -> begin.getKey().write.call())
                .toList();
        if (!not.isEmpty()) {
            try (PreparedStatement leave = connection.prepareStatement(LEAVE)) {
                new Columns<>(connection, leave, not).text(CallRecord::taskId).text(CallRecord::address);
                leave.executeUpdate();
            }
        }
    }

    private static Map<Key, EffectHolder> holders(Connection connection, Set<Item> lost) throws SQLException {
        Map<Key, EffectHolder> holders = new HashMap<>();
        if (lost.isEmpty()) {
            return holders;
        }
        Seals seals = Seals.of(connection);
        try (PreparedStatement select = connection.prepareStatement(HOLDERS)) {
            new Columns<>(connection, select, new ArrayList<>(lost))
                    .text(item -> effect(item).scope())
                    .text(item -> effect(item).name())
                    .text(item -> effect(item).key());
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    Key key = Key.read(row);
                    UUID task = row.getObject("task_id", UUID.class);
                    String arguments = Objects.requireNonNull(
                            seals.open(SealedColumn.CALL_ARGUMENTS, task, row.getString("arguments")));
                    holders.put(
                            key,
                            new EffectHolder(
                                    new Effect(key.scope, key.name, key.key, row.getString("tool")),
                                    task,
                                    row.getObject("address", UUID.class),
                                    row.getInt("n"),
                                    row.getString("called"),
                                    CallState.valueOf(row.getString("state")),
                                    arguments,
                                    seals.open(
                                            SealedColumn.CALL_RESULT,
                                            task,
                                            row.getString("result"),
                                            row.getString("address"),
                                            arguments)));
                }
            }
        }
        return holders;
    }
}
