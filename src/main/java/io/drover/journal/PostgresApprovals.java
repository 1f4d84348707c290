package io.drover.journal;

import io.drover.encryption.SealedColumn;
import io.drover.encryption.Seals;
import io.drover.journal.Approval.State;
import io.drover.journal.Approval.Vote;
import io.drover.start.Listeners;
import io.drover.who.Actor;
import io.drover.who.Role;
import io.drover.who.Workflows;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

@Repository
class PostgresApprovals implements Approvals {

    private static final String LIVE = "t.status in ('QUEUED', 'RUNNING', 'WAITING') and c.state = 'PENDING'";

    // A request whose task or call has ended otherwise is closed, whether or not its row says so.
    private static final String SELECT =
            """
            select a.id, a.task_id, c.n, t.workflow, t.submitted_by, a.tool, c.arguments, a.definition, a.summary, a.need,
                   a.approvers, a.asked_at, nullif(a.decide_by, 'infinity') as decide_by, a.decided_at,
                   nullif(a.use_by, 'infinity') as use_by, a.spent_at, a.standing_id,
                   case when a.state in ('OPEN', 'APPROVED') and not (%s) then 'CLOSED'
                        when a.state = 'OPEN' and a.decide_by <= now() then 'UNDECIDED'
                        else a.state end as state
              from approval a
              join call c on c.task_id = a.task_id and c.address = a.address
              join task t on t.id = a.task_id
            """
                    .formatted(LIVE);

    private static final String OPEN = SELECT
            + """
             where a.state = 'OPEN' and %s and a.decide_by > now() and a.id > :after
               and (:tool::text is null or a.tool = :tool) and (:workflow::text is null or t.workflow = :workflow)
               and (:allowed::text is null or t.workflow ~ :allowed)
             order by a.id limit :limit
            """
                    .formatted(LIVE);

    private static final String BACKLOG =
            """
            select count(*), coalesce(extract(epoch from now() - min(a.asked_at)) * 1000, 0)::bigint
              from approval a
              join call c on c.task_id = a.task_id and c.address = a.address
              join task t on t.id = a.task_id
             where a.state = 'OPEN' and %s and a.decide_by > now()
            """
                    .formatted(LIVE);

    private static final String FIND = SELECT + " where a.id = :id";

    private static final String OF_TASK = SELECT + " where a.task_id = :task order by a.id limit 200";

    private static final String VOTES =
            """
            select approval_id, who, approves, reason, at from vote where approval_id = any(:ids) order by at, who
            """;

    // Everybody who decides locks the task first, and so does the claim that finds a request too old.
    private static final String LOCK =
            """
            select t.id from task t where t.id = (select task_id from approval where id = :id) for update
            """;

    private static final String EDITED =
            """
            select case when exists (select from call where task_id = :task and decided_by = :who) then 'decided a call of the task'
                        when exists (select from audit where task_id = :task and action = 'redo' and who = :who) then 'had the task redone'
                   end
            """;

    private static final String VOTE =
            """
            insert into vote (approval_id, who, approves, reason) values (:id, :who, :approves, :reason)
            """;

    private static final String APPROVE =
            """
            update approval
               set state = 'APPROVED', decided_at = now(),
                   use_by = coalesce(now() + use_within_ms * interval '1 millisecond', 'infinity')
             where id = :id
            """;

    private static final String REJECT =
            """
            with rejected as (
                update approval set state = 'REJECTED', decided_at = now() where id = :id returning task_id, address)
            update call c
               set state = 'REJECTED', finished_at = now(), bytes = null,
                   error = json_strip_nulls(json_build_object('type', 'rejected', 'approval', :id::bigint, 'by', :who::text,
                                                              'message', :message::text))
              from rejected
             where c.task_id = rejected.task_id and c.address = rejected.address and c.state = 'PENDING'
            """;

    private static final String WAKE =
            """
            update task t
               set woken = true,
                   status = case when waits then 'QUEUED' else t.status end,
                   wait_reason = case when waits then null else t.wait_reason end,
                   run_at = case when waits then now() else t.run_at end,
                   error = case when waits then null else t.error end
              from (select id, %s as waits
                      from task where id = :task) w
             where t.id = w.id
            """
                    .formatted(Plans.WAITS_FOR_A_RESULT);

    private static final String AUDIT =
            """
            insert into audit (who, action, task_id, detail)
            values (:who, :action, :task, json_strip_nulls(json_build_object('approval', :id::bigint, 'n', :n::int,
                    'tool', :tool::text, 'reason', :reason::text)))
            """;

    private static final String NOTIFY = """
            select pg_notify(:channel, '')
            """;

    private final JdbcClient jdbc;
    private final Seals seals;
    private final TransactionTemplate transaction;
    private final Wakeups wakeups;
    private final Listeners<ApprovalListener> listeners;

    PostgresApprovals(
            DataSource dataSource,
            PlatformTransactionManager transactions,
            Wakeups wakeups,
            List<ApprovalListener> listeners) {
        this.listeners = new Listeners<>(listeners);
        this.jdbc = JdbcClient.create(dataSource);
        this.seals = Seals.of(dataSource);
        this.transaction = new TransactionTemplate(transactions);
        this.wakeups = wakeups;
    }

    @Override
    public List<Approval> open(
            @Nullable String tool, @Nullable String workflow, Workflows allowed, long after, int limit) {
        return withVotes(jdbc.sql(OPEN)
                .param("tool", tool)
                .param("workflow", workflow)
                .param("allowed", allowed.regex())
                .param("after", after)
                .param("limit", limit)
                .query((row, n) -> read(row))
                .list());
    }

    @Override
    public List<Approval> of(UUID task) {
        return withVotes(jdbc.sql(OF_TASK)
                .param("task", task)
                .query((row, n) -> read(row))
                .list());
    }

    @Override
    public Backlog backlog() {
        return jdbc.sql(BACKLOG)
                .query((row, n) -> new Backlog(row.getLong(1), Duration.ofMillis(row.getLong(2))))
                .single();
    }

    @Override
    public @Nullable Approval find(long id) {
        Optional<Approval> found =
                jdbc.sql(FIND).param("id", id).query((row, n) -> read(row)).optional();
        return found.map(approval -> withVotes(List.of(approval)).getFirst()).orElse(null);
    }

    @Override
    public Verdict vote(long id, boolean approves, @Nullable String reason, Actor who) {
        Verdict verdict = transaction.execute(status -> {
            jdbc.sql(LOCK).param("id", id).query().listOfRows();
            Approval approval = find(id);
            return approval == null || !who.workflows().allow(approval.workflow())
                    ? new Verdict.Unknown()
                    : vote(approval, approves, reason, who);
        });
        wakeups.wake();
        if (verdict instanceof Verdict.Counted counted && counted.decided()) {
            tell(counted.approval());
        }
        return verdict;
    }

    private void tell(Approval decided) {
        Duration waited = Duration.between(decided.askedAt(), Objects.requireNonNull(decided.decidedAt()));
        listeners.each(listener -> listener.decided(decided.state() == State.APPROVED, waited));
    }

    private Verdict vote(Approval approval, boolean approves, @Nullable String reason, Actor who) {
        Optional<Vote> before = approval.votes().stream()
                .filter(vote -> vote.who().equals(who.name()))
                .findFirst();
        if (before.isPresent()) {
            return before.get().approves() == approves
                    ? new Verdict.Counted(approval, false)
                    : new Verdict.TooLate("%s has %s approval %d already, and a vote is not taken back"
                            .formatted(who.name(), before.get().approves() ? "approved" : "rejected", approval.id()));
        }
        String forbidden = forbidden(approval, who);
        if (forbidden != null) {
            return new Verdict.NotAllowed(forbidden);
        }
        if (approval.state() != State.OPEN) {
            return new Verdict.TooLate(
                    "approval %d is %s, so it takes no vote any more".formatted(approval.id(), approval.state()));
        }
        jdbc.sql(VOTE)
                .param("id", approval.id())
                .param("who", who.name())
                .param("approves", approves)
                .param("reason", seals.sealText(SealedColumn.VOTE_REASON, approval.id(), reason))
                .update();
        audit(approval, approves, reason, who);
        long yes = approval.votes().stream().filter(Vote::approves).count() + 1;
        if (!approves) {
            reject(approval, reason, who);
        } else if (yes >= approval.need()) {
            jdbc.sql(APPROVE).param("id", approval.id()).update();
            wake(approval.task());
        }
        Approval now = Objects.requireNonNull(find(approval.id()));
        return new Verdict.Counted(now, now.decidedAt() != null);
    }

    /** Why this person may not vote, or null. */
    private @Nullable String forbidden(Approval approval, Actor who) {
        if (!who.is(Role.APPROVER)) {
            return "%s has not the role approver".formatted(who.name());
        }
        if (!approval.approvers().isEmpty() && !approval.approvers().contains(who.name())) {
            return "%s is none of the approvers of tool:%s".formatted(who.name(), approval.tool());
        }
        if (who.name().equals(approval.submittedBy())) {
            return "%s submitted the task, so another person has to decide".formatted(who.name());
        }
        return jdbc.sql(EDITED)
                .param("task", approval.task())
                .param("who", who.name())
                .query((row, n) -> Optional.ofNullable(row.getString(1)))
                .single()
                .map(edited -> "%s %s, so another person has to decide about this one".formatted(who.name(), edited))
                .orElse(null);
    }

    private void reject(Approval approval, @Nullable String reason, Actor who) {
        jdbc.sql(REJECT)
                .param("id", approval.id())
                .param("who", who.name())
                .param(
                        "message",
                        seals.sealText(
                                SealedColumn.CALL_ERROR,
                                approval.task(),
                                "%s rejected approval %d%s"
                                        .formatted(who.name(), approval.id(), reason == null ? "" : ": " + reason)))
                .update();
        wake(approval.task());
    }

    private void wake(UUID task) {
        jdbc.sql(WAKE).param("task", task).update();
        jdbc.sql(NOTIFY).param("channel", Wakeups.CHANNEL).query().singleRow();
    }

    private void audit(Approval approval, boolean approves, @Nullable String reason, Actor who) {
        jdbc.sql(AUDIT)
                .param("who", who.name())
                .param("action", approves ? "approve" : "reject")
                .param("task", approval.task())
                .param("id", approval.id())
                .param("n", approval.n())
                .param("tool", approval.tool())
                .param("reason", seals.sealText(SealedColumn.AUDIT_DETAIL, approval.task(), reason))
                .update();
    }

    private List<Approval> withVotes(List<Approval> approvals) {
        if (approvals.isEmpty()) {
            return approvals;
        }
        Map<Long, List<Vote>> votes = new HashMap<>();
        jdbc.sql(VOTES)
                .param("ids", approvals.stream().map(Approval::id).toArray(Long[]::new))
                .query(row -> {
                    votes.computeIfAbsent(row.getLong(1), id -> new ArrayList<>())
                            .add(new Vote(
                                    row.getString(2),
                                    row.getBoolean(3),
                                    seals.forPeople()
                                            .openText(SealedColumn.VOTE_REASON, row.getLong(1), row.getString(4)),
                                    row.getTimestamp(5).toInstant()));
                });
        return approvals.stream()
                .map(approval -> approval.with(votes.getOrDefault(approval.id(), List.of())))
                .toList();
    }

    private Approval read(ResultSet row) throws SQLException {
        UUID task = row.getObject("task_id", UUID.class);
        Seals shown = seals.forPeople();
        Array approvers = row.getArray("approvers");
        return new Approval(
                row.getLong("id"),
                task,
                row.getInt("n"),
                row.getString("workflow"),
                row.getString("submitted_by"),
                row.getString("tool"),
                Objects.requireNonNull(shown.open(SealedColumn.CALL_ARGUMENTS, task, row.getString("arguments"))),
                row.getLong("definition"),
                shown.openText(SealedColumn.APPROVAL_SUMMARY, task, row.getString("summary")),
                row.getInt("need"),
                approvers == null ? Set.of() : Set.of((String[]) approvers.getArray()),
                row.getTimestamp("asked_at").toInstant(),
                instant(row.getTimestamp("decide_by")),
                State.valueOf(row.getString("state")),
                instant(row.getTimestamp("decided_at")),
                instant(row.getTimestamp("use_by")),
                instant(row.getTimestamp("spent_at")),
                row.getObject("standing_id", Long.class),
                List.of());
    }

    private static @Nullable Instant instant(@Nullable Timestamp time) {
        return time == null ? null : time.toInstant();
    }
}
