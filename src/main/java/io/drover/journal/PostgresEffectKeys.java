package io.drover.journal;

import java.time.Duration;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

@Repository
class PostgresEffectKeys implements EffectKeys {

    private static final String FORGET =
            """
            delete from effect
             where (scope, name, key) in (
                   select e.scope, e.name, e.key
                     from effect e
                     join call c on c.task_id = e.task_id and c.address = e.address and c.state in ('SUCCEEDED', 'REJECTED')
                     join task t on t.id = e.task_id and t.status in ('COMPLETED', 'DEAD', 'CANCELLED')
                    where e.taken_at < now() - :ms * interval '1 millisecond'
                    order by e.taken_at limit :most
                      for update of e skip locked)
            """;

    private final JdbcClient jdbc;

    PostgresEffectKeys(DataSource dataSource) {
        this.jdbc = JdbcClient.create(dataSource);
    }

    @Override
    public int forget(Duration age, int most) {
        return jdbc.sql(FORGET).param("ms", age.toMillis()).param("most", most).update();
    }
}
