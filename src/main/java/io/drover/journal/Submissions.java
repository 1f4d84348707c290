package io.drover.journal;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Stores new tasks, many in one statement, and tells which of them were there before. */
final class Submissions {

    /** As {@link TaskRows#INSERT}, and workers of other processes are told. */
    private static final String INSERT_AND_NOTIFY =
            """
            with inserted as (%s),
                 told as materialized (select pg_notify('%s', '') from (select from inserted limit 1) one)
            select id from inserted left join told on true
            """
                    .formatted(TaskRows.INSERT, Wakeups.CHANNEL);

    private static final String KNOWN =
            """
            select id, input, key_owner, submitted_by from task where id = any(?::uuid[])
            """;

    private final Wakeups wakeups;
    private final Tracks tracks;

    Submissions(Wakeups wakeups, Tracks tracks) {
        this.wakeups = wakeups;
        this.tracks = tracks;
    }

    /** What became of each task; those that are stored are visible when the transaction is committed. */
    List<Submission> insert(Connection connection, List<NewTask> tasks) throws SQLException {
        Set<UUID> inserted = store(connection, tasks);
        Map<UUID, Stored> stored = inserted.size() < tasks.size() ? stored(connection, tasks) : Map.of();
        List<Submission> results = new ArrayList<>(tasks.size());
        Map<Integer, NewTask> displaced = new LinkedHashMap<>();
        for (NewTask task : tasks) {
            boolean isNew = inserted.remove(task.id());
            Stored there = isNew ? null : stored.get(task.id());
            if (there != null && !there.hasKeyOf(task)) {
                displaced.put(results.size(), task.displaced());
            }
            results.add(isNew ? new Submission.Accepted(task.id()) : known(task, there));
        }
        if (!displaced.isEmpty()) { // a row keeps its owner, so this is decided for a key once and for all
            Iterator<Submission> theirs =
                    insert(connection, List.copyOf(displaced.values())).iterator();
            displaced.keySet().forEach(place -> results.set(place, theirs.next()));
        }
        return results;
    }

    private Set<UUID> store(Connection connection, List<NewTask> tasks) throws SQLException {
        Set<UUID> inserted = new HashSet<>();
        String sql = wakeups.othersMayBeWaiting() ? INSERT_AND_NOTIFY : TaskRows.INSERT;
        try (PreparedStatement insert = connection.prepareStatement(sql)) {
            TaskRows.bind(connection, insert, tasks, tracks);
            try (ResultSet row = insert.executeQuery()) {
                while (row.next()) {
                    inserted.add(row.getObject(1, UUID.class));
                }
            }
        }
        if (!inserted.isEmpty()) {
            wakeups.wake();
        }
        return inserted;
    }

    /** What a known task was submitted with. */
    private record Stored(String input, @Nullable String keyOwner, @Nullable String submittedBy) {

        /** The version before wrote no owner: there, who submitted the task owns its key. */
        boolean hasKeyOf(NewTask task) {
            return task.keyOwner() == null
                    || (keyOwner == null
                            ? Objects.equals(submittedBy, task.submitter().name())
                            : keyOwner.equals(task.keyOwner()));
        }
    }

    private static Map<UUID, Stored> stored(Connection connection, List<NewTask> tasks) throws SQLException {
        Map<UUID, Stored> stored = new HashMap<>();
        try (PreparedStatement select = connection.prepareStatement(KNOWN)) {
            new Columns<>(connection, select, tasks).text(NewTask::id);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    stored.put(
                            row.getObject(1, UUID.class),
                            new Stored(row.getString(2), row.getString(3), row.getString(4)));
                }
            }
        }
        return stored;
    }

    private static Submission known(NewTask task, @Nullable Stored there) {
        return there != null && JsonDocuments.same(there.input(), task.input())
                ? new Submission.Known(task.id())
                : new Submission.Conflict(task.id());
    }
}
