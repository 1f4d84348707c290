package io.drover.erasure;

import io.drover.cache.ResultCache;
import io.drover.encryption.Seals;
import io.drover.json.Digest;
import io.drover.json.Json;
import io.drover.who.Actor;
import java.time.OffsetDateTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Erases a person. Each batch is a transaction of its own, and what was erased stays erased: an erasure that was cut off
 * is done again, and goes on where the other one was.
 */
@Component
public class Erasures {

    /** What the tables have in the place of a name. */
    public static final String ERASED = "erased";

    private static final String NOW = """
            select now()
            """;

    private static final String OPEN =
            """
            (select id from task where status = 'QUEUED' and submitted_by = :user limit :most)
            union all
            (select id from task where status = 'RUNNING' and submitted_by = :user limit :most)
            union all
            (select id from task where status = 'WAITING' and submitted_by = :user limit :most)
            """;

    private static final String AUDIT =
            """
            insert into audit (who, action, detail) values (:who, :action, :detail::json)
            """;

    /**
     * Who is erased.
     *
     * @param user   as {@code submittedBy} of tasks has it
     * @param memory keys of long memory that are about the person, too
     * @param dryRun whether everything is rolled back
     */
    public record Request(String user, List<String> memory, boolean dryRun) {}

    private final JdbcClient jdbc;
    private final TransactionTemplate transaction;
    private final ResultCache cache;
    private final TaskWalk walk;
    private final TaskContent content;
    private final PersonTraces traces;

    Erasures(JdbcClient jdbc, TransactionTemplate transaction, ResultCache cache, Seals seals) {
        this.jdbc = jdbc;
        this.transaction = transaction;
        this.cache = cache;
        this.walk = new TaskWalk(jdbc);
        this.content = new TaskContent(jdbc, seals);
        this.traces = new PersonTraces(jdbc, transaction);
    }

    /**
     * Erases what is there now.
     *
     * @throws ErasureRefusedException where a task of the user has not ended, or a call of one is in doubt
     */
    public Receipt erase(Request request, Actor who) {
        OffsetDateTime now = jdbc.sql(NOW).query(OffsetDateTime.class).single();
        checkAll(request.user(), now);
        String salt = UUID.randomUUID().toString();
        String commitment = Digest.commitment(salt, request.user());
        if (!request.dryRun()) {
            audit(who, "erase", commitment, null);
        }
        Tally tally = new Tally();
        walk.each(request.user(), now, tasks -> erase(request, tasks, tally));
        traces.erase(request.user(), request.memory(), request.dryRun(), tally);
        if (!request.dryRun()) {
            audit(who, "erased", commitment, tally.rows());
        }
        return new Receipt(
                now.toInstant(),
                who.name(),
                request.dryRun(),
                salt,
                commitment,
                tally.rows(),
                Rest.kept(jdbc, request.user(), tally),
                Rest.NOT_REACHED);
    }

    /** Before anything is erased: so that a refusal leaves all as it was. */
    private void checkAll(String user, OffsetDateTime now) {
        List<UUID> open = jdbc.sql(OPEN)
                .param("user", user)
                .param("most", TaskContent.MOST_NAMED)
                .query(UUID.class)
                .list();
        content.check(open);
        walk.each(user, now, content::check);
    }

    private void erase(Request request, List<UUID> tasks, Tally tally) {
        Set<String> cached = Objects.requireNonNull(transaction.execute(status -> {
            if (request.dryRun()) {
                status.setRollbackOnly();
            }
            return content.erase(request.user(), tasks, tally);
        }));
        if (!request.dryRun() && !cache.forget(cached)) {
            tally.cacheWasAway();
        }
    }

    /** The entry has no name: the receipt says to whom it commits. */
    private void audit(Actor who, String action, String commitment, @Nullable Map<String, Long> rows) {
        Map<String, Object> detail = new LinkedHashMap<>();
        detail.put("commitment", commitment);
        if (rows != null) {
            detail.put("rows", rows);
        }
        jdbc.sql(AUDIT)
                .param("who", who.name())
                .param("action", action)
                .param("detail", Json.write(detail))
                .update();
    }
}
