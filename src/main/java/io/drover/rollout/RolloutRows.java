package io.drover.rollout;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.drover.json.Json;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The rollouts in PostgreSQL, and the outcomes of the tasks that they compare. */
@Repository
class RolloutRows {

    private static final String COLUMNS =
            """
            select id, workflow, candidate, control, settings, state, step, share, step_pairs,
                   extract(epoch from clock_timestamp() - step_at) as lasted, moved_at is not null as moved, began_at, ended_at, reason, who, pairs
              from rollout
            """;

    private static final String ALL = COLUMNS + " order by began_at, id";

    /** What is under way elsewhere is left to that process. */
    private static final String LOCK =
            COLUMNS + " where id = :id and state in ('RUNNING', 'PAUSED') for update skip locked";

    private static final String DECIDED = COLUMNS + " where id = :id for update";

    private static final String BEGIN =
            """
            insert into rollout (id, workflow, candidate, control, settings, share, who, reason)
            values (:id, :workflow, :candidate, :control, :settings::json, :share, :who, :reason)
                on conflict do nothing
            """;

    private static final String DECIDE =
            """
            update rollout
               set state = :state, step = :step, share = :share, reason = :reason, who = :who,
                   step_pairs = case when step = :step then step_pairs else pairs end,
                   step_at = case when step = :step then step_at else now() end,
                   ended_at = case when :state in ('RUNNING', 'PAUSED') then null else now() end, moved_at = null
             where id = :id
            """;

    private static final String AUDIT =
            """
            insert into audit (who, action, detail)
            values (:who, :action, json_strip_nulls(json_build_object(
                    'rollout', :id::text, 'workflow', :workflow::text, 'candidate', :candidate::int, 'control', :control::int,
                    'state', :state::text, 'share', :share::int, 'reason', :reason::text, 'evidence', :evidence::json)))
            """;

    private static final String TELL =
            """
            insert into task (id, workflow, status, submitted_by, input, input_bytes)
            select gen_random_uuid(), 'on-end', 'QUEUED', :who, told.input, octet_length(told.input::text)
              from (select json_build_object('told', json_build_object(
                               'tool', :tool::text, 'rollout', :id::text, 'workflow', :workflow::text, 'status', :state::text,
                               'candidate', :candidate::int, 'control', :control::int, 'percent', :share::int / 10000.0,
                               'reason', :reason::text)) as input) told
            """;

    private static final String JUDGED =
            """
            update rollout set evidence = :evidence::json, pairs = :pairs, judged_at = now() where id = :id
            """;

    private static final String LOOKED =
            """
            insert into rollout_look (rollout, pairs, evidence) values (:id, :pairs, :evidence::json) on conflict do nothing
            """;

    private static final String PLACED =
            """
            select version, dead, in_doubt, rejected, duration_ms, usd, attempts, calls, place
              from outcome where rollout = :id and place > :after order by place limit :most
            """;

    private static final String PLACE =
            """
            with next as (
                select task_id, row_number() over (order by at, task_id) as n
                  from (select task_id, at from outcome where rollout = :id and place is null
                         order by at, task_id limit :most) unplaced),
            placed as (
                update outcome o set place = :after + next.n from next where o.task_id = next.task_id
                returning version, dead, in_doubt, rejected, duration_ms, usd, attempts, calls, place)
            select * from placed order by place
            """;

    private static final String PLACED_SCORES =
            """
            select version, state = 'FAILED' as failed, place
              from evaluation where rollout = :id and place > :after order by place limit :most
            """;

    private static final String PLACE_SCORES =
            """
            with next as (
                select task_id, row_number() over (order by ended_at, task_id) as n
                  from (select task_id, ended_at from evaluation
                         where rollout = :id and place is null and state in ('PASSED', 'FAILED')
                         order by ended_at, task_id limit :most) unplaced),
            placed as (
                update evaluation e set place = :after + next.n from next where e.task_id = next.task_id
                returning version, state = 'FAILED' as failed, place)
            select * from placed order by place
            """;

    private static final String ENTERED =
            """
            select coalesce(sum(n) filter (where track like '%@' || :candidate or :candidate = 1 and track not like '%@%'), 0) as candidate,
                   coalesce(sum(n) filter (where track like '%@' || :control or :control = 1 and track not like '%@%'), 0) as control
              from (select track, count(*) as n from task where rollout = :id group by track) entered
            """;

    private static final String ENTERED_IMAGE =
            """
            select coalesce(sum(n) filter (where track like 'canary%'), 0) as candidate,
                   coalesce(sum(n) filter (where track not like 'canary%'), 0) as control
              from (select track, count(*) as n from task where rollout = :id group by track) entered
            """;

    /** What is said of those that do not work is that they are leaving: they claim nothing, and their tasks are the stable workers'. */
    private static final String CANARY_WORKS =
            """
            update worker set leaving = not :works where track = 'canary' and leaving = :works
            """;

    // Only tasks that no worker has ever begun: they hold no call of the candidate's.
    private static final String MOVE =
            """
            with queued as (
                select id from task
                 where workflow = :workflow and track in ('stable' || :from, 'canary' || :from)
                   and status = 'QUEUED' and token = 0
                 limit :most for update skip locked),
            delayed as (
                select id from task
                 where workflow = :workflow and track in ('stable' || :from, 'canary' || :from)
                   and status = 'WAITING' and token = 0
                 limit :most for update skip locked)
            update task
               set track = split_part(track, '@', 1) || :suffix
             where id in (select id from queued union all select id from delayed)
            """;

    private static final Duration LATE = Duration.ofSeconds(10);

    private static final String MOVED =
            """
            update rollout set moved_at = now()
             where id = :id and moved_at is null and ended_at < now() - :ms * interval '1 millisecond'
            """;

    /** For so long after the end of a rollout it is known how single tasks ended; the curves stay. */
    private static final Duration KEPT = Duration.ofDays(30);

    private static final String FORGET =
            """
            delete from outcome
             where task_id in (select o.task_id from rollout r join outcome o on o.rollout = r.id
                                where r.ended_at < now() - :ms * interval '1 millisecond' limit :most)
            """;

    private static final String EVIDENCE = "select evidence from rollout where id = :id";

    private static final String LOOKS =
            """
            select pairs, at, evidence from rollout_look where rollout = :id order by pairs
            """;

    /** How many tasks of each side were submitted. */
    record Entered(long candidate, long control) {}

    /** An outcome in its place. */
    record Placed(long place, int version, Outcome outcome) {}

    /** An evaluation in its place. */
    record PlacedScore(long place, int version, boolean failed) {}

    private final JdbcClient jdbc;

    RolloutRows(DataSource dataSource) {
        this.jdbc = JdbcClient.create(dataSource);
    }

    /** All that ever began, the oldest first. */
    List<RolloutView> all() {
        return jdbc.sql(ALL).query((row, i) -> view(row)).list();
    }

    /** One that is alive, locked until the end of the transaction; null where it is not, or another process has it. */
    @Nullable
    RolloutView lock(String id) {
        return jdbc.sql(LOCK)
                .param("id", id)
                .query((row, i) -> view(row))
                .optional()
                .orElse(null);
    }

    /** Any, locked; it waits for another process. */
    @Nullable
    RolloutView lockToDecide(String id) {
        return jdbc.sql(DECIDED)
                .param("id", id)
                .query((row, i) -> view(row))
                .optional()
                .orElse(null);
    }

    /** @return false where it began before, or its workflow has another one */
    boolean begin(Rollout rollout, String who, String reason) {
        return jdbc.sql(BEGIN)
                        .param("id", rollout.id())
                        .param("workflow", rollout.workflow())
                        .param("candidate", rollout.candidate())
                        .param("control", rollout.control())
                        .param("settings", rollout.settings())
                        .param("share", rollout.firstShare())
                        .param("who", who)
                        .param("reason", reason)
                        .update()
                > 0;
    }

    void decide(String id, RolloutState state, int step, int share, String reason, String who) {
        jdbc.sql(DECIDE)
                .param("id", id)
                .param("state", state.name())
                .param("step", step)
                .param("share", share)
                .param("reason", reason)
                .param("who", who)
                .update();
    }

    /** Records a decision in the audit, and has the tool told of it that the rollout names. */
    void announce(
            Rollout rollout,
            String action,
            RolloutState state,
            int share,
            String reason,
            String who,
            @Nullable String evidence) {
        jdbc.sql(AUDIT)
                .param("who", who)
                .param("action", action)
                .param("id", rollout.id())
                .param("workflow", rollout.workflow())
                .param("candidate", rollout.candidate())
                .param("control", rollout.control())
                .param("state", state.text())
                .param("share", share)
                .param("reason", reason)
                .param("evidence", evidence)
                .update();
        if (rollout.tell() != null) {
            jdbc.sql(TELL)
                    .param("who", who)
                    .param("tool", rollout.tell())
                    .param("id", rollout.id())
                    .param("workflow", rollout.workflow())
                    .param("state", state.text())
                    .param("candidate", rollout.candidate())
                    .param("control", rollout.control())
                    .param("share", share)
                    .param("reason", reason)
                    .update();
        }
    }

    void judged(String id, long pairs, String evidence) {
        jdbc.sql(JUDGED)
                .param("id", id)
                .param("pairs", pairs)
                .param("evidence", evidence)
                .update();
    }

    void looked(String id, long pairs, String evidence) {
        jdbc.sql(LOOKED)
                .param("id", id)
                .param("pairs", pairs)
                .param("evidence", evidence)
                .update();
    }

    /** The outcomes that were judged after a place, in their order. */
    List<Placed> placed(String id, long after, int most) {
        return jdbc.sql(PLACED)
                .param("id", id)
                .param("after", after)
                .param("most", most)
                .query((row, i) -> outcome(row))
                .list();
    }

    /** Gives the next outcomes their places after this one. */
    List<Placed> place(String id, long after, int most) {
        return jdbc.sql(PLACE)
                .param("id", id)
                .param("after", after)
                .param("most", most)
                .query((row, i) -> outcome(row))
                .list();
    }

    /** The evaluations that were judged after a place, in their order. */
    List<PlacedScore> placedScores(String id, long after, int most) {
        return scores(PLACED_SCORES, id, after, most);
    }

    /** Gives the next evaluations their places after this one. */
    List<PlacedScore> placeScores(String id, long after, int most) {
        return scores(PLACE_SCORES, id, after, most);
    }

    private List<PlacedScore> scores(String query, String id, long after, int most) {
        return jdbc.sql(query)
                .param("id", id)
                .param("after", after)
                .param("most", most)
                .query((row, i) ->
                        new PlacedScore(row.getLong("place"), row.getInt("version"), row.getBoolean("failed")))
                .list();
    }

    /** Has the canary's workers claim nothing any more, or again what is theirs. */
    void canaryWorks(boolean works) {
        jdbc.sql(CANARY_WORKS).param("works", works).update();
    }

    Entered entered(Rollout rollout) {
        return jdbc.sql(rollout.isOfImage() ? ENTERED_IMAGE : ENTERED)
                .param("id", rollout.id())
                .param("candidate", rollout.candidate())
                .param("control", rollout.control())
                .query((row, i) -> new Entered(row.getLong("candidate"), row.getLong("control")))
                .single();
    }

    /** Gives tasks of the candidate that no worker has begun to the control. @return how many */
    int move(Rollout rollout, int most) {
        return jdbc.sql(MOVE)
                .param("workflow", rollout.workflow())
                .param("from", suffix(rollout.candidate()))
                .param("suffix", suffix(rollout.control()))
                .param("most", most)
                .update();
    }

    /** None is left to be moved, and each process has long heard that none comes. */
    void moved(String id) {
        jdbc.sql(MOVED).param("id", id).param("ms", LATE.toMillis()).update();
    }

    /** Removes outcomes of rollouts that ended long ago. @return how many */
    int forget(int most) {
        return jdbc.sql(FORGET).param("ms", KEPT.toMillis()).param("most", most).update();
    }

    /** How each guardrail stood last. */
    List<Evidence> evidence(String id) {
        return jdbc.sql(EVIDENCE)
                .param("id", id)
                .query((row, i) -> evidence(row))
                .optional()
                .orElse(List.of());
    }

    List<RolloutLook> looks(String id) {
        return jdbc.sql(LOOKS)
                .param("id", id)
                .query((row, i) -> new RolloutLook(
                        row.getLong("pairs"), row.getTimestamp("at").toInstant(), evidence(row)))
                .list();
    }

    /** What follows a task's track where it is of this version, see {@code journal.Lane}. */
    private static String suffix(int version) {
        return version == 1 ? "" : "@" + version;
    }

    private static Placed outcome(ResultSet row) throws SQLException {
        return new Placed(
                row.getLong("place"),
                row.getInt("version"),
                new Outcome(
                        row.getBoolean("dead"),
                        row.getBoolean("in_doubt"),
                        row.getBoolean("rejected"),
                        row.getLong("duration_ms"),
                        row.getBigDecimal("usd").movePointRight(6).longValue(),
                        row.getInt("attempts"),
                        row.getInt("calls"),
                        Set.of()));
    }

    private static List<Evidence> evidence(ResultSet row) throws SQLException {
        String document = row.getString("evidence");
        return document == null ? List.of() : Evidence.of(parsed(document));
    }

    private static JsonNode parsed(String document) {
        try {
            return Json.parse(document);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a rollout's row holds no JSON", e);
        }
    }

    private static RolloutView view(ResultSet row) throws SQLException {
        Timestamp ended = row.getTimestamp("ended_at");
        return new RolloutView(
                Rollout.of(
                        row.getString("id"),
                        row.getString("workflow"),
                        row.getInt("candidate"),
                        row.getInt("control"),
                        parsed(row.getString("settings"))),
                RolloutState.valueOf(row.getString("state")),
                row.getInt("step"),
                row.getInt("share"),
                row.getLong("step_pairs"),
                Duration.ofMillis((long) (Math.max(0, row.getDouble("lasted")) * 1000)),
                row.getTimestamp("began_at").toInstant(),
                ended == null ? null : ended.toInstant(),
                row.getString("reason"),
                row.getString("who"),
                row.getLong("pairs"),
                row.getBoolean("moved"));
    }
}
