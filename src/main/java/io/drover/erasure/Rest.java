package io.drover.erasure;

import io.drover.erasure.Receipt.Left;
import java.util.ArrayList;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What an erasure leaves, and why. */
final class Rest {

    private static final String SIGNALS =
            """
            select count(*) from signal where sent_by = :user
            """;

    private static final String VOTES =
            """
            select count(*) from approval a
             where a.state in ('OPEN', 'APPROVED')
               and (:user = any(a.approvers) or exists (select from vote v where v.approval_id = a.id and v.who = :user))
            """;

    private static final String STANDING_GRANTS =
            """
            select count(*) from standing_grant where who = :user and revoked_at is null and until >= now()
            """;

    private static final String EXECUTIONS =
            """
            select count(*) from execution where who = :user
            """;

    private static final String HOLDS =
            """
            select count(*) from hold where who = :user or (kind = 'USER' and name = :user)
            """;

    private record Counted(String what, String sql, String why) {}

    private static final List<Counted> KEPT = List.of(
            new Counted(
                    "signals that the user sent", SIGNALS, "a task waits for them; erase again when it has heard them"),
            new Counted("approvals", VOTES, "they are not decided or not used; erase again when they are"),
            new Counted("standing grants", STANDING_GRANTS, "they count; revoke them and erase again"),
            new Counted("executed plans", EXECUTIONS, "their tasks have not ended; erase again when they have"),
            new Counted("holds by or on the user", HOLDS, "they are in force; release them and erase again"));

    /** No statement finds these, because they do not say whose they are, or are elsewhere. */
    static final List<Left> NOT_REACHED = List.of(
            left("Kafka", "records, dead-letter topics and published checkpoints stay until their topics delete them"),
            left("set-aside records", "they say of no user; look at GET /api/set-aside and delete those of the user"),
            left("logs", "lines name users, tasks and errors"),
            left("traces and metrics", "what was exported is in other systems"),
            left("backups", "dumps, archives of the log, replicas that were detached and exports of the audit log"),
            left("PostgreSQL", "old versions of rows stay in its files and its log until vacuum and checkpoints"),
            left(
                    "cached results",
                    "other processes without Redis keep results in memory, as long as `cache` of a tool"),
            left("models", "their providers have what they were asked"),
            left("other systems", "tools wrote to them; ask those who run them"),
            left("memory under other keys", "a key says of no user; name the keys of the user in `memory`"),
            left("other users' tasks", "what they say about the user is content of theirs"),
            left("configuration", "users, approvers and route files are in no table"));

    private Rest() {}

    static List<Left> kept(JdbcClient jdbc, String user, Tally tally) {
        List<Left> kept = new ArrayList<>();
        for (Counted one : KEPT) {
            long rows = jdbc.sql(one.sql).param("user", user).query(Long.class).single();
            if (rows > 0) {
                kept.add(new Left(one.what, rows, one.why));
            }
        }
        if (tally.effectKeys() > 0) {
            kept.add(new Left(
                    "effect keys",
                    tally.effectKeys(),
                    "with them no effect is made twice; they are deleted after drover.effects.keep-keys"));
        }
        if (tally.wasCacheAway()) {
            kept.add(left("cached results", "Redis did not answer; they expire, as long as `cache` of a tool says"));
        }
        kept.add(new Left(
                "tasks and calls",
                null,
                "ids, tools, outcomes, times, costs and digests stay, so that nothing is repeated; no content does"));
        return kept;
    }

    private static Left left(String what, String why) {
        return new Left(what, null, why);
    }
}
