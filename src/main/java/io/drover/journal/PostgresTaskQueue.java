package io.drover.journal;

import io.drover.encryption.SealedColumn;
import io.drover.encryption.SealedValueException;
import io.drover.encryption.Seals;
import io.drover.start.Listeners;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.jdbc.UncategorizedSQLException;
import org.springframework.stereotype.Repository;

@Repository
class PostgresTaskQueue implements TaskQueue, DisposableBean {

    // Row locks that others hold are skipped, never waited for. A worker that was declared dead gets nothing. Tasks are
    // taken while those before them leave room; of tasks whose last worker died few are, and such a one twice in a row
    // alone.
    private static final String CLAIM =
            """
            with due as materialized (
                select q.id, w.definition, q.lost, least(q.bytes, 1000000000)::int as bytes
                  from unnest(?::text[], ?::int[], ?::bigint[], ?::text[]) as w(workflow, free, definition, track)
                 cross join lateral (
                       select t.id, t.lost, coalesce(t.input_bytes, octet_length(t.input::text)) + case when t.token > 0 then
                                (select coalesce(sum(coalesce(c.bytes, octet_length(c.arguments::text)
                                                                     + coalesce(octet_length(c.result::text), 0))), 0)
                                   from call c where c.task_id = t.id) else 0 end as bytes
                         from task t
                        where t.status = 'QUEUED' and t.workflow = w.workflow and t.track = w.track
                          and (t.lost = 0 or ? > 0)
                        order by t.priority desc, t.run_at
                        limit w.free
                          for update of t skip locked) q
                 limit ?),
            taken as (
                select id, definition, bytes, lost,
                       sum(bytes) over before_and_this - bytes as bytes_before,
                       sum(least(lost, 1)) over before_and_this - least(lost, 1) as lost_before,
                       sum(greatest(lost - 1, 0)) over before_and_this - greatest(lost - 1, 0) as alone_before
                  from due
                window before_and_this as (rows unbounded preceding))
            update task
               set status = 'RUNNING', worker = ?, token = token + 1, attempt = attempt + 1, woken = false,
                   definition = taken.definition, started_at = coalesce(started_at, now()),
                   begun_at = case when begun = attempt + 1 then begun_at else now() end, begun = attempt + 1
              from taken
             where task.id = taken.id
               and taken.bytes_before < ?
               and case when taken.lost = 0 then true
                        when taken.lost = 1 then taken.lost_before < ? and taken.alone_before = 0
                        else taken.lost_before = 0 and ? end
               and exists (select from worker where id = ? and not leaving)
            returning task.id, workflow, key, token, attempt, input, created_at, submitted_by, run_at, trace,
                      taken.bytes, task.lost, parent, root, lineage, redone, mode, track, address_key
            """;

    private static final Logger LOG = LoggerFactory.getLogger(PostgresTaskQueue.class);

    private final DataSource dataSource;
    private final Seals seals;
    private final Tracks tracks;
    private final GroupCommit<NewTask, Submission> submissions;
    private final GroupCommit<EndStatement.End, Boolean> ends;

    PostgresTaskQueue(
            DataSource dataSource, Wakeups wakeups, Tracks tracks, LocalWorker local, List<CommitListener> listeners) {
        Listeners<CommitListener> told = new Listeners<>(listeners);
        this.dataSource = dataSource;
        this.seals = Seals.of(dataSource);
        this.tracks = tracks;
        this.submissions = new GroupCommit<>(
                "submit",
                dataSource,
                new Submissions(wakeups, tracks, local)::insert,
                task -> task.input().length(),
                told);
        this.ends = new GroupCommit<>("end", dataSource, new Ends(wakeups)::write, EndStatement.End::length, told);
    }

    @Override
    public CompletableFuture<Submission> submit(NewTask task) {
        return submissions.add(task);
    }

    @Override
    public CompletableFuture<Boolean> end(Lease lease, AttemptEnd end, List<CallRecord> reads) {
        return ends.add(new EndStatement.End(lease, EndRow.of(end), reads));
    }

    @Override
    public List<ClaimedTask> claim(UUID worker, List<ClaimRequest> requests, Room room) {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement claim = connection.prepareStatement(CLAIM)) {
            new Columns<>(connection, claim, requests)
                    .text(ClaimRequest::workflow)
                    .integer(ClaimRequest::free)
                    .bigint(ClaimRequest::definition)
                    .text(request -> new Lane(tracks.own(), request.version()));
            claim.setInt(5, room.lost());
            claim.setInt(6, room.tasks());
            claim.setObject(7, worker);
            claim.setLong(8, room.bytes());
            claim.setInt(9, room.lost());
            claim.setBoolean(10, room.alone());
            claim.setObject(11, worker);
            List<ClaimedTask> claimed = new ArrayList<>();
            try (ResultSet row = claim.executeQuery()) {
                while (row.next()) {
                    try {
                        claimed.add(read(row));
                    } catch (SealedValueException e) {
                        giveBack(new Lease(row.getObject(1, UUID.class), row.getLong(4)), e);
                    }
                }
            }
            return claimed;
        } catch (SQLException e) {
            throw new UncategorizedSQLException("claim", CLAIM, e);
        }
    }

    private ClaimedTask read(ResultSet row) throws SQLException {
        UUID id = row.getObject(1, UUID.class);
        String input = Objects.requireNonNull(seals.open(SealedColumn.TASK_INPUT, id, row.getString(6)));
        return new ClaimedTask(
                id,
                row.getString(2),
                row.getString(3),
                row.getLong(4),
                row.getInt(5),
                input,
                row.getTimestamp(7).toInstant(),
                row.getString(8),
                row.getTimestamp(9).toInstant(),
                row.getString(10),
                row.getInt(11),
                row.getInt(12),
                Family.read(row.getObject(13, UUID.class), row.getObject(14, UUID.class), row.getString(15)),
                row.getBoolean(16),
                Mode.stored(row.getString(17)),
                Lane.of(row.getString(18)).version(),
                Addresses.with(seals.openText(SealedColumn.TASK_ADDRESS_KEY, id, row.getString(19), input)));
    }

    @Override
    public void giveBack(Lease lease, SealedValueException why) {
        LOG.warn("task {} is not begun here: {}", lease.task(), why.getMessage());
        TaskQueue.super.giveBack(lease, why);
    }

    @Override
    public void destroy() {
        submissions.close();
        ends.close();
    }
}
