package io.drover.audit;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** Records what changed in this process alone, beside no row of the database, as entries of the list of decisions. */
@Repository
public class ProcessChanges {

    private static final String INSERT =
            """
            insert into audit (who, action, detail)
            select :who, :action, detail::json from unnest(:details::text[]) as changes(detail)
            """;

    private static final String PROCESS = ManagementFactory.getRuntimeMXBean().getName();

    private final JdbcClient jdbc;
    private final ObjectMapper json = new ObjectMapper();

    ProcessChanges(DataSource dataSource) {
        this.jdbc = JdbcClient.create(dataSource);
    }

    /**
     * Adds an entry for each change that the process made by itself.
     *
     * @param action  in one word
     * @param details the fields of each, beside the name of the process
     * @throws DataAccessException where the database does not answer
     */
    public void add(String action, List<Map<String, String>> details) {
        add("process:" + PROCESS, action, details);
    }

    /** Adds an entry for each change that somebody made in this process. @param who the name of an actor */
    public void add(String who, String action, List<Map<String, String>> details) {
        jdbc.sql(INSERT)
                .param("who", who)
                .param("action", action)
                .param("details", details.stream().map(this::text).toArray(String[]::new))
                .update();
    }

    private String text(Map<String, String> detail) {
        ObjectNode object = json.createObjectNode().put("process", PROCESS);
        detail.forEach(object::put);
        return object.toString();
    }
}
