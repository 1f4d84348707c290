package io.drover.journal;

import java.time.Duration;
import javax.sql.DataSource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Statements for people, which may look through much: each is cancelled when it has taken its time, and they leave connections to the others. */
final class BoundedQueries {

    private BoundedQueries() {}

    /** @param patience in whole seconds, after which the database cancels a statement */
    static JdbcClient of(DataSource dataSource, Duration patience) {
        JdbcTemplate template = new JdbcTemplate(QueryConnections.of(dataSource));
        template.setQueryTimeout((int) patience.toSeconds());
        return JdbcClient.create(template);
    }
}
