package io.drover.journal;

import io.drover.encryption.SealedColumn;
import io.drover.encryption.Seals;
import java.sql.Types;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

@Repository
class PostgresKeptPreviews implements KeptPreviews {

    private static final String KEEP =
            """
            insert into preview (task_id, address, answered_by, asks) values (:task, :call, :by, :asks)
                on conflict (task_id, address) do update set answered_by = excluded.answered_by, asks = excluded.asks
            """;

    private static final String OF_TASK =
            """
            select c.n, p.* from preview p join call c on c.task_id = p.task_id and c.address = p.address
             where p.task_id = :task
            """;

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final JdbcClient jdbc;
    private final Seals seals;
    private final JdbcClient bounded;

    PostgresKeptPreviews(DataSource dataSource) {
        this.jdbc = JdbcClient.create(dataSource);
        this.seals = Seals.of(dataSource);
        this.bounded = BoundedQueries.of(dataSource, PATIENCE);
    }

    @Override
    public void keep(Preview preview) {
        jdbc.sql(KEEP)
                .param("task", preview.task())
                .param("call", preview.call())
                .param("by", preview.answeredBy())
                .param("asks", seals.sealText(SealedColumn.PREVIEW_ASKS, preview.task(), preview.asks()), Types.VARCHAR)
                .update();
    }

    @Override
    public Map<Integer, Preview> of(UUID task) {
        Map<Integer, Preview> previews = new TreeMap<>();
        bounded.sql(OF_TASK).param("task", task).query(row -> {
            previews.put(
                    row.getInt("n"),
                    new Preview(
                            task,
                            row.getObject("address", UUID.class),
                            row.getString("answered_by"),
                            seals.forPeople().openText(SealedColumn.PREVIEW_ASKS, task, row.getString("asks"))));
        });
        return previews;
    }
}
