package io.drover.journal;

import io.drover.encryption.SealedColumn;
import io.drover.encryption.Seals;
import io.drover.journal.LocalWorker.Place;
import io.drover.json.Redaction;
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

    private static final String INSERT_AND_CLAIM_AND_NOTIFY =
            """
            with inserted as (%s),
                 told as materialized (
                    select pg_notify('%s', '') from (select from inserted where status = 'QUEUED' limit 1) one)
            select inserted.* from inserted left join told on true
            """
                    .formatted(TaskRows.INSERT_AND_CLAIM, Wakeups.CHANNEL);

    private static final String KNOWN =
            """
            select id, input, key_owner, submitted_by, coalesce(erased_at, removed_at) is not null as gone, redact from task where id = any(?::uuid[])
            """;

    private final Wakeups wakeups;
    private final Tracks tracks;
    private final LocalWorker local;

    Submissions(Wakeups wakeups, Tracks tracks, LocalWorker local) {
        this.wakeups = wakeups;
        this.tracks = tracks;
        this.local = local;
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
        LocalWorker.Host host = local.host();
        Map<UUID, Place> places = host == null ? Map.of() : places(host, tasks);
        if (host == null || places.isEmpty()) {
            return queue(connection, tasks);
        }
        try {
            return begin(connection, tasks, host.worker(), places);
        } finally {
            places.values().forEach(Place::giveBack);
        }
    }

    private Map<UUID, Place> places(LocalWorker.Host host, List<NewTask> tasks) {
        Map<UUID, NewTask> own = new LinkedHashMap<>();
        Set<UUID> twice = new HashSet<>();
        for (NewTask task : tasks) {
            if (tracks.of(task).track().equals(tracks.own()) && own.put(task.id(), task) != null) {
                twice.add(task.id()); // only the statement finds out which of the two is stored
            }
        }
        own.keySet().removeAll(twice);
        List<NewTask> all = List.copyOf(own.values());
        List<@Nullable Place> kept = host.keep(all);
        Map<UUID, Place> places = new HashMap<>();
        for (int i = 0; i < kept.size(); i++) {
            Place place = kept.get(i);
            if (place != null) {
                places.put(all.get(i).id(), place);
            }
        }
        return places;
    }

    /** Stores tasks of which some have a place; what is left of the places was not used. */
    private Set<UUID> begin(Connection connection, List<NewTask> tasks, UUID worker, Map<UUID, Place> places)
            throws SQLException {
        Map<UUID, NewTask> byId = new HashMap<>();
        tasks.forEach(task -> byId.put(task.id(), task));
        Map<UUID, ClaimedTask> claimed = new HashMap<>();
        Set<UUID> inserted = new HashSet<>();
        Seals seals = Seals.of(connection);
        String sql = wakeups.othersMayBeWaiting() ? INSERT_AND_CLAIM_AND_NOTIFY : TaskRows.INSERT_AND_CLAIM;
        try (PreparedStatement insert = connection.prepareStatement(sql)) {
            TaskRows.bind(connection, insert, tasks, tracks).text(task -> {
                Place place = places.get(task.id());
                return place == null ? null : place.definition();
            });
            insert.setObject(TaskRows.COLUMNS + 2, worker);
            try (ResultSet row = insert.executeQuery()) {
                while (row.next()) {
                    UUID id = row.getObject(1, UUID.class);
                    inserted.add(id);
                    if (row.getString(2).equals("RUNNING")) {
                        NewTask task = Objects.requireNonNull(byId.get(id));
                        claimed.put(
                                id,
                                task.claimed(
                                        row.getTimestamp(3).toInstant(),
                                        row.getTimestamp(4).toInstant(),
                                        Addresses.with(seals.addressKey(id))));
                    }
                }
            }
        }
        if (claimed.size() < inserted.size()) {
            wakeups.wake();
        }
        claimed.forEach((id, task) -> {
            Place place = Objects.requireNonNull(places.remove(id));
            InTransaction.atEnd(() -> place.begin(task), place::giveBack);
        });
        return inserted;
    }

    private Set<UUID> queue(Connection connection, List<NewTask> tasks) throws SQLException {
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
    private record Stored(
            UUID id,
            String input,
            @Nullable String keyOwner,
            @Nullable String submittedBy,
            boolean isGone,
            Redaction redaction) {

        /** What is redacted does not count, before it is and after. */
        boolean hasInputOf(NewTask task) {
            return JsonDocuments.same(redaction.in(input), redaction.in(task.input()));
        }

        /** The version before wrote no owner: there, who submitted the task owns its key. */
        boolean hasKeyOf(NewTask task) {
            return task.keyOwner() == null
                    || KeyOwner.isErased(
                            keyOwner, id, task.keyOwner(), task.submitter().name())
                    || (keyOwner == null
                            ? Objects.equals(submittedBy, task.submitter().name())
                            : keyOwner.equals(task.keyOwner()));
        }
    }

    private static Map<UUID, Stored> stored(Connection connection, List<NewTask> tasks) throws SQLException {
        Seals seals = Seals.of(connection);
        Map<UUID, Stored> stored = new HashMap<>();
        try (PreparedStatement select = connection.prepareStatement(KNOWN)) {
            new Columns<>(connection, select, tasks).text(NewTask::id);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    stored.put(
                            row.getObject(1, UUID.class),
                            new Stored(
                                    row.getObject(1, UUID.class),
                                    Objects.requireNonNull(seals.open(
                                            SealedColumn.TASK_INPUT, row.getObject(1, UUID.class), row.getString(2))),
                                    row.getString(3),
                                    row.getString(4),
                                    row.getBoolean(5),
                                    Redaction.of(row.getString(6))));
                }
            }
        }
        return stored;
    }

    /** A task whose content is gone stays that of its key, whatever the input: with which one it was submitted is not known any more. */
    private static Submission known(NewTask task, @Nullable Stored there) {
        return there != null && (there.isGone() || there.hasInputOf(task))
                ? new Submission.Known(task.id())
                : new Submission.Conflict(task.id());
    }
}
