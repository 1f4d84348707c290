package io.drover.hold;

import io.drover.who.Actor;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

@Repository
class PostgresHolds implements Holds {

    /** The PostgreSQL notification channel. */
    static final String CHANNEL = "drover_hold";

    private static final String EXPIRED = "drover";

    // Calls that begin share the table until their commit (see holds_in_force): they are before this hold, or see it.
    private static final String LOCK = """
            lock table hold in exclusive mode
            """;

    private static final String IN_FORCE =
            """
            select id, kind, name, reason, who, since, until from hold where (until is null or until > now())
            """;

    private static final String INSERT =
            """
            insert into hold (kind, name, reason, who, until)
            values (:kind, :name, :reason, :who, now() + :lasting::bigint * interval '1 millisecond')
            returning id, kind, name, reason, who, since, until
            """;

    private static final String RELEASE =
            """
            delete from hold where id = :id returning id, kind, name, reason, who, since, until
            """;

    private static final String EXPIRE =
            """
            with gone as (delete from hold where until <= now() returning *),
                 told as (insert into audit (who, action, detail) select :who, 'hold-expired', to_json(gone) from gone)
            select count(pg_notify(:channel, '')) from gone
            """;

    private static final String AUDIT =
            """
            insert into audit (who, action, detail)
            values (:by, :action, json_strip_nulls(json_build_object(
                    'id', :id::bigint, 'kind', :kind::text, 'name', :name::text, 'reason', :reason::text, 'who', :who::text,
                    'since', :since::timestamptz, 'until', :until::timestamptz)))
            """;

    private static final String NOTIFY = """
            select pg_notify(:channel, '')
            """;

    private final JdbcClient jdbc;
    private final TransactionTemplate transaction;

    PostgresHolds(DataSource dataSource, PlatformTransactionManager transactions) {
        this.jdbc = JdbcClient.create(dataSource);
        this.transaction = new TransactionTemplate(transactions);
    }

    @Override
    public Set set(Request request, Actor who) {
        return transaction.execute(status -> {
            jdbc.sql(LOCK).update();
            Optional<Hold> same = same(request, who);
            if (same.isPresent()) {
                return new Set(same.get(), false);
            }
            Hold hold = jdbc.sql(INSERT)
                    .param("kind", request.kind().name())
                    .param("name", request.name())
                    .param("reason", request.reason())
                    .param("who", who.name())
                    .param(
                            "lasting",
                            request.lasting() == null ? null : request.lasting().toMillis())
                    .query((row, n) -> read(row))
                    .single();
            audit(who, "hold", hold);
            return new Set(hold, true);
        });
    }

    /** The second click of one that was lost; another person's hold is another one. */
    private Optional<Hold> same(Request request, Actor who) {
        return inForce().stream()
                .filter(hold -> hold.subject().equals(request.kind().subject(request.name())))
                .filter(hold -> hold.who().equals(who.name()) && hold.reason().equals(request.reason()))
                .filter(hold -> hold.until() == null && request.lasting() == null)
                .findFirst();
    }

    @Override
    public @Nullable Hold release(long id, Actor who) {
        return transaction.execute(status -> {
            Optional<Hold> released = jdbc.sql(RELEASE)
                    .param("id", id)
                    .query((row, n) -> read(row))
                    .optional();
            released.ifPresent(hold -> audit(who, "release", hold));
            return released.orElse(null);
        });
    }

    @Override
    public List<Hold> inForce() {
        return jdbc.sql(IN_FORCE + " order by id").query((row, n) -> read(row)).list();
    }

    @Override
    public int expire() {
        return jdbc.sql(EXPIRE)
                .param("who", EXPIRED)
                .param("channel", CHANNEL)
                .query(Integer.class)
                .single();
    }

    private void audit(Actor by, String action, Hold hold) {
        jdbc.sql(AUDIT)
                .param("by", by.name())
                .param("action", action)
                .param("id", hold.id())
                .param("kind", hold.kind().name())
                .param("name", hold.name())
                .param("reason", hold.reason())
                .param("who", hold.who())
                .param("since", Timestamp.from(hold.since()))
                .param("until", hold.until() == null ? null : Timestamp.from(hold.until()))
                .update();
        jdbc.sql(NOTIFY).param("channel", CHANNEL).query().singleRow();
    }

    private static Hold read(ResultSet row) throws SQLException {
        Timestamp until = row.getTimestamp("until");
        return new Hold(
                row.getLong("id"),
                Hold.Kind.valueOf(row.getString("kind")),
                row.getString("name"),
                row.getString("reason"),
                row.getString("who"),
                row.getTimestamp("since").toInstant(),
                until == null ? null : until.toInstant());
    }
}
