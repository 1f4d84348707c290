package io.drover.erasure;

import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Finds the tasks that a person submitted. No index holds who submitted a task, because that would slow down each
 * submission: the table is read in the order in which it was written, a page at a time.
 */
final class TaskWalk {

    private static final int PAGE = 10_000;

    /** The tasks of one transaction. */
    private static final int BATCH = 500;

    private static final String READ =
            """
            with page as materialized (
                select id, created_at, submitted_by = :user and erased_at is null as found
                  from task
                 where (created_at, id) > (:at::timestamptz, :id::uuid) and created_at <= :until::timestamptz
                 order by created_at, id
                 limit :most)
            select count(*) as seen,
                   (array_agg(created_at order by created_at desc, id desc))[1] as at,
                   (array_agg(id order by created_at desc, id desc))[1] as id,
                   array_agg(id order by id) filter (where found) as found
              from page
            """;

    private record Page(int seen, OffsetDateTime at, UUID id, List<UUID> found) {}

    private final JdbcClient jdbc;

    TaskWalk(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** Those that are not erased, some at a time. @param until which were there then */
    void each(String user, OffsetDateTime until, Consumer<List<UUID>> some) {
        Page page = new Page(PAGE, OffsetDateTime.MIN, new UUID(0, 0), List.of());
        while (page.seen == PAGE) {
            page = read(user, until, page);
            for (int from = 0; from < page.found.size(); from += BATCH) {
                some.accept(page.found.subList(from, Math.min(from + BATCH, page.found.size())));
            }
        }
    }

    private Page read(String user, OffsetDateTime until, Page last) {
        return jdbc.sql(READ)
                .param("user", user)
                .param("at", last.at)
                .param("id", last.id)
                .param("until", until)
                .param("most", PAGE)
                .query((row, n) -> {
                    List<UUID> found = new ArrayList<>();
                    if (row.getArray("found") != null) {
                        found.addAll(
                                Arrays.asList((UUID[]) row.getArray("found").getArray()));
                    }
                    int seen = row.getInt("seen");
                    return seen == 0
                            ? new Page(0, last.at, last.id, found)
                            : new Page(
                                    seen,
                                    row.getObject("at", OffsetDateTime.class),
                                    row.getObject("id", UUID.class),
                                    found);
                })
                .single();
    }
}
