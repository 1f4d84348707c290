package io.drover.deploy;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import org.springframework.jdbc.core.namedparam.NamedParameterUtils;

/** How PostgreSQL would run statements for any parameters, and whether the user may run them. Nothing is run. */
final class Plans {

    private Plans() {}

    /** The plan of each statement, or why there is none, by the statement's name. */
    static Map<String, String> of(String url, Map<String, String> statements) throws SQLException {
        Map<String, String> plans = new TreeMap<>();
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement()) {
            statement.execute("set plan_cache_mode = force_generic_plan");
            statement.execute("set enable_seqscan = off"); // the tables are empty: what can be read by an index, is
            statement.execute("set jit = off");
            for (Map.Entry<String, String> sql : statements.entrySet()) {
                plans.put(sql.getKey(), plan(statement, sql.getValue()));
            }
        }
        return plans;
    }

    /** The statements that cannot be planned, with the reason. */
    static Map<String, String> refused(String url, Map<String, String> statements) throws SQLException {
        Map<String, String> refused = of(url, statements);
        refused.values().removeIf(plan -> !plan.startsWith("ERROR"));
        return refused;
    }

    /** The number of steps of a plan that read a whole table, or sort: those grow with the history of tasks. */
    static int steps(String plan) {
        return (int) plan.lines()
                .filter(line -> line.matches(".*(?:Seq Scan on|Sort  |Sort$).*"))
                .count();
    }

    private static String plan(Statement statement, String sql) {
        StringBuilder plan = new StringBuilder();
        try {
            String numbered = numbered(NamedParameterUtils.substituteNamedParameters(sql, null));
            int parameters = numbered.length() - numbered.replace("$", "").length();
            statement.execute("prepare sent as " + numbered);
            String values =
                    parameters == 0 ? "" : "(" + String.join(", ", Collections.nCopies(parameters, "null")) + ")";
            try (ResultSet line = statement.executeQuery("explain (costs off) execute sent" + values)) {
                while (line.next()) {
                    plan.append(line.getString(1)).append('\n');
                }
            } finally {
                statement.execute("deallocate sent");
            }
            return plan.toString();
        } catch (SQLException e) {
            return "ERROR %s: %s".formatted(e.getSQLState(), e.getMessage());
        }
    }

    private static String numbered(String sql) {
        StringBuilder numbered = new StringBuilder();
        int n = 0;
        for (String part : sql.split("\\?", -1)) {
            numbered.append(n == 0 ? "" : "$" + n).append(part);
            n++;
        }
        return numbered.toString();
    }
}
