package io.drover.journal;

import io.drover.journal.Journal.Begin;
import io.drover.journal.StandingGrant.Draw;
import java.math.BigDecimal;
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
 * Approves calls that are about to begin from standing grants, in the transaction that records their begin. A draw locks its
 * grant, so calls of all processes draw one after the other, and nothing is drawn by a call that does not begin.
 */
final class StandingDraws {

    // In one order, so that two batches do not wait for each other.
    private static final String LOCK =
            """
            select id, most_calls - calls as calls, most_sum - sum as sum
              from standing_grant
             where id = any(?) and revoked_at is null and until > now()
             order by id for update
            """;

    // Who gave it could have voted: has not submitted the task, and decided none of its calls. A request that is open
    // stays. Whether a task that was redone has its effects a second time is for a person to say.
    private static final String ELIGIBLE =
            """
            select x.task_id::uuid, x.address::uuid, s.id
              from unnest(?::text[], ?::text[], ?::bigint[], ?::bigint[], ?::text[], ?::text[], ?::bigint[])
                   as x(task_id, address, token, definition, arguments_digest, tool, grant_id)
              join standing_grant s on s.id = x.grant_id and s.definition = x.definition and s.tool = x.tool
              join task t on t.id = x.task_id::uuid and t.token = x.token and t.status || '' = 'RUNNING'
             where t.submitted_by is distinct from s.who and not t.redone
               and not exists (select from call c where c.task_id = t.id and c.decided_by = s.who)
               and not exists (select from approval a
                                where a.task_id = t.id and a.address = x.address::uuid and a.definition = x.definition
                                  and a.arguments_digest = x.arguments_digest::uuid
                                  and (a.state in ('OPEN', 'SPENT') or a.state = 'APPROVED' and a.use_by > now()))
            """;

    private static final String APPROVE =
            """
            insert into approval (task_id, address, tool, arguments_digest, definition, need, decide_by, state, decided_at,
                                  spent_at, standing_id)
            select x.task_id::uuid, x.address::uuid, x.tool, x.arguments_digest::uuid, x.definition, 1, 'infinity', 'SPENT',
                   now(), now(), x.grant_id
              from unnest(?::text[], ?::text[], ?::bigint[], ?::bigint[], ?::text[], ?::text[], ?::bigint[])
                   as x(task_id, address, token, definition, arguments_digest, tool, grant_id)
            """;

    private static final String NOT_MADE =
            """
            delete from approval a
             using unnest(?::text[], ?::text[], ?::bigint[]) as x(task_id, address, grant_id)
             where a.task_id = x.task_id::uuid and a.address = x.address::uuid and a.standing_id = x.grant_id
               and a.spent_at = now()
            """;

    private static final String DRAWN =
            """
            update standing_grant s
               set calls = s.calls + d.calls, sum = s.sum + d.sum
              from (select x.grant_id, count(*)::int as calls, coalesce(sum(x.amount::numeric), 0) as sum
                      from unnest(?::bigint[], ?::text[]) as x(grant_id, amount)
                     group by x.grant_id) d
             where s.id = d.grant_id
            """;

    /** A call with a grant that may cover it, or does. */
    private record Pair(BeginRequest begins, Draw draw) {

        Key key() {
            return new Key(begins.call().taskId(), begins.call().address(), draw.grant());
        }
    }

    private record Key(UUID task, UUID address, long grant) {}

    /** What is left of a grant. */
    private static final class Left {
        private int calls;
        private @Nullable BigDecimal sum;

        Left(int calls, @Nullable BigDecimal sum) {
            this.calls = calls;
            this.sum = sum;
        }

        boolean covers(Draw draw) {
            BigDecimal most = sum;
            if (calls < 1 || (most == null) != (draw.amount() == null)) {
                return false;
            }
            if (most != null) {
                BigDecimal amount = Objects.requireNonNull(draw.amount());
                if (amount.signum() < 0 || amount.compareTo(most) > 0) {
                    return false;
                }
                sum = most.subtract(amount);
            }
            calls--;
            return true;
        }
    }

    private final List<Pair> drawn;

    private StandingDraws(List<Pair> drawn) {
        this.drawn = drawn;
    }

    /** Approves those of the calls that a standing grant covers. */
    static StandingDraws of(Connection connection, List<BeginRequest> calls) throws SQLException {
        List<Pair> all = calls.stream()
                .filter(begins -> begins.grant() != null)
                .flatMap(begins -> begins.draws().stream().map(draw -> new Pair(begins, draw)))
                .toList();
        List<Pair> drawn = new ArrayList<>();
        if (!all.isEmpty()) {
            Map<Long, Left> left = lock(connection, all);
            Set<Key> eligible = eligible(connection, all);
            Set<BeginRequest> approved = new HashSet<>();
            for (Pair pair : all) {
                Left grant = left.get(pair.draw.grant());
                if (grant != null
                        && eligible.contains(pair.key())
                        && !approved.contains(pair.begins)
                        && grant.covers(pair.draw)) {
                    approved.add(pair.begins);
                    drawn.add(pair);
                }
            }
        }
        if (!drawn.isEmpty()) {
            try (PreparedStatement approve = connection.prepareStatement(APPROVE)) {
                bind(connection, approve, drawn);
                approve.executeUpdate();
            }
        }
        return new StandingDraws(drawn);
    }

    private static Map<Long, Left> lock(Connection connection, List<Pair> pairs) throws SQLException {
        Map<Long, Left> left = new HashMap<>();
        try (PreparedStatement lock = connection.prepareStatement(LOCK)) {
            lock.setArray(
                    1,
                    connection.createArrayOf(
                            "bigint",
                            pairs.stream()
                                    .map(pair -> pair.draw.grant())
                                    .distinct()
                                    .toArray()));
            try (ResultSet row = lock.executeQuery()) {
                while (row.next()) {
                    left.put(row.getLong("id"), new Left(row.getInt("calls"), row.getBigDecimal("sum")));
                }
            }
        }
        return left;
    }

    private static Set<Key> eligible(Connection connection, List<Pair> pairs) throws SQLException {
        Set<Key> eligible = new HashSet<>();
        try (PreparedStatement select = connection.prepareStatement(ELIGIBLE)) {
            bind(connection, select, pairs);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    eligible.add(new Key(row.getObject(1, UUID.class), row.getObject(2, UUID.class), row.getLong(3)));
                }
            }
        }
        return eligible;
    }

    private static void bind(Connection connection, PreparedStatement statement, List<Pair> pairs) throws SQLException {
        new Columns<>(connection, statement, pairs)
                .text(pair -> pair.begins.call().taskId())
                .text(pair -> pair.begins.call().address())
                .bigint(pair -> pair.begins.call().token())
                .bigint(pair -> grant(pair).definition())
                .text(pair -> grant(pair).arguments())
                .text(pair -> pair.begins.call().tool())
                .bigint(pair -> pair.draw.grant());
    }

    private static Grant grant(Pair pair) {
        return Objects.requireNonNull(pair.begins.grant());
    }

    /** Counts the calls that have begun, and takes the approval of the others back. */
    void settle(Connection connection, Map<BeginRequest, Begin> begins) throws SQLException {
        List<Pair> made = new ArrayList<>();
        List<Pair> not = new ArrayList<>();
        drawn.forEach(pair -> (begins.get(pair.begins) instanceof Begin.Begun ? made : not).add(pair));
        if (!not.isEmpty()) {
            try (PreparedStatement delete = connection.prepareStatement(NOT_MADE)) {
                new Columns<>(connection, delete, not)
                        .text(pair -> pair.begins.call().taskId())
                        .text(pair -> pair.begins.call().address())
                        .bigint(pair -> pair.draw.grant());
                delete.executeUpdate();
            }
        }
        if (!made.isEmpty()) {
            try (PreparedStatement update = connection.prepareStatement(DRAWN)) {
                new Columns<>(connection, update, made)
                        .bigint(pair -> pair.draw.grant())
                        .text(pair -> pair.draw.amount() == null
                                ? null
                                : pair.draw.amount().toPlainString());
                update.executeUpdate();
            }
        }
    }
}
