package io.drover.audit;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

@Repository
class PostgresProcessChanges implements ProcessChanges {

    private static final String INSERT =
            """
            insert into audit (who, action, detail)
            select :who, :action, detail::json from unnest(:details::text[]) as changes(detail)
            """;

    private static final String PROCESS = ManagementFactory.getRuntimeMXBean().getName();

    private final JdbcClient jdbc;
    private final ObjectMapper json = new ObjectMapper();

    PostgresProcessChanges(DataSource dataSource) {
        this.jdbc = JdbcClient.create(dataSource);
    }

    @Override
    public void add(String action, List<Map<String, String>> details) {
        add("process:" + PROCESS, action, details);
    }

    @Override
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
