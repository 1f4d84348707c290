package io.drover.journal;

import io.drover.who.Actor;
import io.drover.who.Role;
import io.drover.who.Workflows;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

@Repository
class PostgresApiKeys implements ApiKeys {

    // Else two requests could each make the second key of a name.
    private static final String LOCK = """
            lock table api_key in share row exclusive mode
            """;

    private static final String MAKE =
            """
            insert into api_key (name, digest, roles, workflows, created_by, expires_at)
            select :name, :digest, :roles, :workflows, :who, now() + :ms * interval '1 millisecond'
             where (select count(*) from api_key where name = :name and revoked_at is null and expires_at > now()) < :most
            returning *
            """;

    private static final String REVOKE =
            """
            update api_key set revoked_at = now(), revoked_by = :who
             where id = :id and revoked_at is null and expires_at > now()
            returning *
            """;

    private static final String LIST =
            """
            select * from api_key
             where least(expires_at, coalesce(revoked_at, expires_at)) > now() - interval '30 days'
             order by id desc
             limit 10000
            """;

    private static final String ANY =
            """
            select exists (select from api_key where revoked_at is null and expires_at > now())
            """;

    private static final String IN_FORCE =
            """
            select * from api_key where digest = :digest and revoked_at is null and expires_at > now()
            """;

    private static final String USED =
            """
            update api_key set last_used = used.at
              from unnest(:ids::bigint[], :at::timestamptz[]) as used (id, at)
             where api_key.id = used.id and (api_key.last_used is null or api_key.last_used < used.at)
            """;

    private static final String AUDIT =
            """
            insert into audit (who, action, detail)
            values (:who, :action, json_build_object(
                    'key', :id::bigint, 'name', :name::text, 'roles', :roles::text[], 'workflows', :workflows::text[],
                    'expires', :expires::timestamptz))
            """;

    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final JdbcClient jdbc;
    private final JdbcClient questions;
    private final TransactionTemplate transaction;

    PostgresApiKeys(DataSource dataSource, PlatformTransactionManager transactions) {
        this.jdbc = JdbcClient.create(dataSource);
        this.questions = BoundedQueries.of(dataSource, PATIENCE);
        this.transaction = new TransactionTemplate(transactions);
    }

    @Override
    public Optional<ApiKey> make(Request request, byte[] digest, Actor who) {
        return decided(() -> {
            jdbc.sql(LOCK).update();
            Optional<ApiKey> made = jdbc.sql(MAKE)
                    .param("name", request.name())
                    .param("digest", digest)
                    .param("roles", texts(request.roles()))
                    .param("workflows", texts(request.workflows()))
                    .param("who", who.name())
                    .param("ms", request.lasting().toMillis())
                    .param("most", MOST_OF_A_NAME)
                    .query((row, n) -> read(row))
                    .optional();
            made.ifPresent(key -> audit(who, "create-key", key));
            return made;
        });
    }

    @Override
    public Optional<ApiKey> revoke(long id, Actor who) {
        return decided(() -> {
            Optional<ApiKey> revoked = jdbc.sql(REVOKE)
                    .param("id", id)
                    .param("who", who.name())
                    .query((row, n) -> read(row))
                    .optional();
            revoked.ifPresent(key -> audit(who, "revoke-key", key));
            return revoked;
        });
    }

    private interface Decision {
        Optional<ApiKey> make();
    }

    private Optional<ApiKey> decided(Decision decision) {
        return Optional.ofNullable(transaction.execute(status -> decision.make().orElse(null)));
    }

    @Override
    public List<ApiKey> list() {
        return questions.sql(LIST).query((row, n) -> read(row)).list();
    }

    @Override
    public boolean isAnyInForce() {
        return questions.sql(ANY).query(Boolean.class).single();
    }

    @Override
    public Optional<ApiKey> inForce(byte[] digest) {
        return questions
                .sql(IN_FORCE)
                .param("digest", digest)
                .query((row, n) -> read(row))
                .optional();
    }

    @Override
    public void used(Map<Long, Instant> used) {
        Long[] ids = used.keySet().stream().sorted().toArray(Long[]::new); // one order, whoever writes
        jdbc.sql(USED)
                .param("ids", ids)
                .param(
                        "at",
                        Arrays.stream(ids)
                                .map(id -> String.valueOf(used.get(id)))
                                .toArray(String[]::new))
                .update();
    }

    private void audit(Actor who, String action, ApiKey key) {
        jdbc.sql(AUDIT)
                .param("who", who.name())
                .param("action", action)
                .param("id", key.id())
                .param("name", key.name())
                .param("roles", texts(key.roles()))
                .param("workflows", texts(key.workflows()))
                .param("expires", Timestamp.from(key.expiresAt()))
                .update();
    }

    private static String[] texts(Set<Role> roles) {
        return roles.stream().map(Role::text).sorted().toArray(String[]::new);
    }

    private static String[] texts(Workflows workflows) {
        Set<String> globs = workflows.globs();
        return globs == null ? new String[] {"*"} : globs.toArray(String[]::new);
    }

    private static ApiKey read(ResultSet row) throws SQLException {
        return new ApiKey(
                row.getLong("id"),
                row.getString("name"),
                roles((String[]) row.getArray("roles").getArray()),
                Workflows.of(List.of((String[]) row.getArray("workflows").getArray())),
                row.getTimestamp("created_at").toInstant(),
                row.getString("created_by"),
                row.getTimestamp("expires_at").toInstant(),
                time(row, "last_used"),
                time(row, "revoked_at"),
                row.getString("revoked_by"));
    }

    /** A role that a later release knows gives nothing here. */
    private static Set<Role> roles(String[] texts) {
        return Arrays.stream(texts).flatMap(text -> Role.of(text).stream()).collect(Collectors.toSet());
    }

    private static @Nullable Instant time(ResultSet row, String column) throws SQLException {
        Timestamp time = row.getTimestamp(column);
        return time == null ? null : time.toInstant();
    }
}
