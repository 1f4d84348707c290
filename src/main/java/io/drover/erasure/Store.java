package io.drover.erasure;

import java.util.Map;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.core.simple.JdbcClient.StatementSpec;

/**
 * A table, or a part of it, and the statement that empties it of a person.
 *
 * @param name as the receipt has it
 * @param sql  an update, or a select of how many rows it changed; which of the parameters it uses is its own matter
 */
record Store(String name, String sql) {

    /** @return how many rows it changed */
    long erase(JdbcClient jdbc, Map<String, ?> parameters) {
        StatementSpec statement = jdbc.sql(sql).params(parameters);
        return sql.startsWith("select ") ? statement.query(Long.class).single() : statement.update();
    }
}
