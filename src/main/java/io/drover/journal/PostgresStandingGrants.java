package io.drover.journal;

import io.drover.who.Actor;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

@Repository
class PostgresStandingGrants implements StandingGrants {

    private static final String GIVE =
            """
            insert into standing_grant (tool, definition, condition, most_calls, sum_of, most_sum, reason, who, until)
            values (:tool, :definition, :condition, :calls, :sumOf, :sum, :reason, :who, now() + :ms * interval '1 millisecond')
            returning *
            """;

    // Calls that draw from it hold the row until they have begun.
    private static final String REVOKE =
            """
            update standing_grant set revoked_at = now(), revoked_by = :who
             where id = :id and revoked_at is null and until > now() and calls < most_calls
            returning *
            """;

    private static final String IN_FORCE =
            """
            select * from standing_grant
             where revoked_at is null and until > now() and calls < most_calls and (:tool::text is null or tool = :tool)
             order by id
            """;

    private static final String AUDIT =
            """
            insert into audit (who, action, detail)
            values (:who, :action, json_strip_nulls(json_build_object(
                    'standingGrant', :id::bigint, 'tool', :tool::text, 'when', :condition::text, 'calls', :calls::int,
                    'drawn', :drawn::int, 'sumOf', :sumOf::text, 'sum', :sum::numeric, 'until', :until::text,
                    'reason', :reason::text, 'givenBy', :givenBy::text)))
            """;

    private final JdbcClient jdbc;
    private final TransactionTemplate transaction;

    PostgresStandingGrants(DataSource dataSource, PlatformTransactionManager transactions) {
        this.jdbc = JdbcClient.create(dataSource);
        this.transaction = new TransactionTemplate(transactions);
    }

    @Override
    public StandingGrant give(Request request, Actor who) {
        StandingGrant given = transaction.execute(status -> {
            StandingGrant grant = jdbc.sql(GIVE)
                    .param("tool", request.tool())
                    .param("definition", request.definition())
                    .param("condition", request.condition())
                    .param("calls", request.calls())
                    .param("sumOf", request.sumOf())
                    .param("sum", request.sum())
                    .param("reason", request.reason())
                    .param("who", who.name())
                    .param("ms", request.lasting().toMillis())
                    .query((row, n) -> read(row))
                    .single();
            audit(who, "grant", grant);
            return grant;
        });
        return Objects.requireNonNull(given);
    }

    @Override
    public @Nullable StandingGrant revoke(long id, Actor who) {
        return transaction.execute(status -> {
            Optional<StandingGrant> revoked = jdbc.sql(REVOKE)
                    .param("id", id)
                    .param("who", who.name())
                    .query((row, n) -> read(row))
                    .optional();
            revoked.ifPresent(grant -> audit(who, "revoke", grant));
            return revoked.orElse(null);
        });
    }

    @Override
    public List<StandingGrant> inForce(@Nullable String tool) {
        return jdbc.sql(IN_FORCE)
                .param("tool", tool)
                .query((row, n) -> read(row))
                .list();
    }

    private void audit(Actor who, String action, StandingGrant grant) {
        jdbc.sql(AUDIT)
                .param("who", who.name())
                .param("action", action)
                .param("id", grant.id())
                .param("tool", grant.tool())
                .param("condition", grant.condition())
                .param("calls", grant.calls())
                .param("drawn", grant.drawn())
                .param("sumOf", grant.sumOf())
                .param("sum", grant.sum())
                .param("until", grant.until().toString())
                .param("reason", grant.reason())
                .param("givenBy", grant.who())
                .update();
    }

    private static StandingGrant read(ResultSet row) throws SQLException {
        return new StandingGrant(
                row.getLong("id"),
                row.getString("tool"),
                row.getLong("definition"),
                row.getString("condition"),
                row.getInt("most_calls"),
                row.getInt("calls"),
                row.getString("sum_of"),
                row.getBigDecimal("most_sum"),
                row.getBigDecimal("sum"),
                row.getString("reason"),
                row.getString("who"),
                row.getTimestamp("since").toInstant(),
                row.getTimestamp("until").toInstant());
    }
}
