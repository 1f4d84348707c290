package io.drover.guard;

import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.PreparedStatementCallback;
import org.springframework.jdbc.core.PreparedStatementCreator;

/**
 * Runs the statements of Camel's SQL component. The rows of a result come a few at a time, up to the limit of the call
 * that reads them, and the database ends a statement whose tool's timeout is over.
 */
final class LimitedJdbcTemplate extends JdbcTemplate {

    private final long maxOutsideTools;

    LimitedJdbcTemplate(JdbcTemplate theirs, long maxOutsideTools) {
        super(theirs.getDataSource());
        this.maxOutsideTools = maxOutsideTools;
        setFetchSize(theirs.getFetchSize());
        setMaxRows(theirs.getMaxRows());
        setQueryTimeout(theirs.getQueryTimeout());
        setIgnoreWarnings(theirs.isIgnoreWarnings());
        setSkipResultsProcessing(theirs.isSkipResultsProcessing());
        setSkipUndeclaredResults(theirs.isSkipUndeclaredResults());
        setResultsMapCaseInsensitive(theirs.isResultsMapCaseInsensitive());
        setExceptionTranslator(theirs.getExceptionTranslator());
    }

    @Override
    public <T> @Nullable T execute(PreparedStatementCreator creator, PreparedStatementCallback<T> action) {
        Exchange exchange = Sending.now();
        Try current = exchange == null ? null : Try.find(exchange);
        AtomicReference<String> sql = new AtomicReference<>("");
        PreparedStatementCreator told = connection -> creator.createPreparedStatement(telling(connection, sql));
        AtomicBoolean sent = new AtomicBoolean();
        PreparedStatementCallback<T> bounded = statement -> {
            Runnable cancel = () -> quietly(statement::cancel);
            if (current != null) {
                current.steps().cancelBy(cancel);
            }
            try {
                return run(statement, String.valueOf(sql.get()), limited(statement, current, sent), sent, action);
            } finally {
                if (current != null) {
                    current.steps().cancelNoMore(cancel);
                }
            }
        };
        return super.execute(told, bounded);
    }

    private PreparedStatement limited(PreparedStatement statement, @Nullable Try current, AtomicBoolean sent) {
        return current == null
                ? BoundedRows.of(
                        statement,
                        sent,
                        maxOutsideTools,
                        "the result of the statement is longer than drover.answers.max-bytes (%d)"
                                .formatted(maxOutsideTools))
                : BoundedRows.of(
                        statement,
                        sent,
                        current.call().spec().maxResultBytes(),
                        "the result of the statement is longer than %d bytes; raise maxResultBytes of the tool, or select less"
                                .formatted(current.call().spec().maxResultBytes()));
    }

    /**
     * What commits by itself commits after its last row instead, so that a failed commit is the failure of the statement,
     * and every other failure surely had no effect.
     */
    private static <T> @Nullable T run(
            PreparedStatement statement,
            String sql,
            PreparedStatement limited,
            AtomicBoolean sent,
            PreparedStatementCallback<T> action)
            throws SQLException {
        Connection connection = statement.getConnection();
        SqlText text = SqlText.of(sql, connection);
        if (text.hasRowsBesideOthers()) {
            throw new UnboundedStatementException(SqlUse.SEVERAL);
        }
        boolean byCursor = text.isReadByCursor();
        boolean commitsItself = connection.getAutoCommit();
        if (byCursor && statement.getFetchSize() == 0) {
            statement.setFetchSize(BoundedRows.FIRST_ROWS);
        }
        boolean committing = false;
        try {
            connection.setAutoCommit(commitsItself && !byCursor);
            T result = action.doInPreparedStatement(limited);
            if (byCursor && commitsItself) {
                committing = true;
                connection.commit();
            }
            return result;
        } catch (SQLException | RuntimeException | Error e) {
            if (byCursor && commitsItself) {
                quietly(connection::rollback);
            }
            boolean rolledBack = byCursor && commitsItself && !committing && text.isTransactional();
            if (!sent.get() || rolledBack) {
                SqlFailures.hadNoEffect(e);
            } else if (!text.isTransactional()) {
                SqlFailures.mayHaveCommitted(e);
            }
            throw e;
        } finally {
            if (byCursor && commitsItself) {
                quietly(() -> connection.setAutoCommit(true));
            }
        }
    }

    /** A connection that tells which statement is prepared. */
    private static Connection telling(Connection connection, AtomicReference<String> sql) {
        return (Connection) Proxy.newProxyInstance(
                Connection.class.getClassLoader(), new Class<?>[] {Connection.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("prepareStatement")) {
                        String statement = (String) arguments[0];
                        sql.set(statement);
                        if (wantsKeys(arguments)
                                && SqlText.of(statement, connection).isSeveral()) {
                            throw new UnboundedStatementException(SqlUse.SEVERAL);
                        }
                    }
                    return BoundedRows.invoke(method, connection, arguments);
                });
    }

    /** The driver adds {@code returning} to a statement whose generated keys are asked for. */
    private static boolean wantsKeys(Object[] arguments) {
        return arguments.length == 2
                && !Integer.valueOf(Statement.NO_GENERATED_KEYS).equals(arguments[1]);
    }

    private interface Step {
        void run() throws SQLException;
    }

    private static void quietly(Step step) {
        try {
            step.run();
        } catch (SQLException e) { // the connection is broken, and the pool drops it; the statement's failure counts
        }
    }
}
