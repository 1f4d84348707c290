package io.drover.guard;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** The rows of a statement's results, up to a limit on the bytes of all of them. */
final class BoundedRows implements InvocationHandler {

    /** The number of rows that come first, because their length is not known yet. */
    static final int FIRST_ROWS = 10;

    private static final int MOST_ROWS = 1_000;
    private static final int BYTES_AT_A_TIME = 1 << 18;

    /** What a value costs beside its own length, as JSON with its name and in memory. */
    private static final int VALUE = 8;

    private final ResultSet rows;
    private final long max;
    private final String tooLong;
    private long bytes;
    private long count;

    private BoundedRows(ResultSet rows, long max, String tooLong) {
        this.rows = rows;
        this.max = max;
        this.tooLong = tooLong;
    }

    /**
     * The statement, whose results end with this failure when they are longer than the limit.
     *
     * @param sent becomes true before the statement is sent
     */
    static PreparedStatement of(PreparedStatement statement, AtomicBoolean sent, long max, String tooLong) {
        return (PreparedStatement) Proxy.newProxyInstance(
                PreparedStatement.class.getClassLoader(),
                new Class<?>[] {PreparedStatement.class},
                (proxy, method, arguments) -> {
                    if (method.getName().startsWith("execute")) {
                        sent.set(true);
                    }
                    Object result = invoke(method, statement, arguments);
                    return result instanceof ResultSet rows
                            ? Proxy.newProxyInstance(
                                    ResultSet.class.getClassLoader(),
                                    new Class<?>[] {ResultSet.class},
                                    new BoundedRows(rows, max, tooLong))
                            : result;
                });
    }

    @Override
    public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments) throws Throwable {
        Object result = invoke(method, rows, arguments);
        if (method.getName().equals("next")) {
            count++;
            bytes += 2;
            if (count % FIRST_ROWS == 0 && rows.getFetchSize() > 0) {
                adapt();
            }
        } else if (arguments != null && method.getName().startsWith("get") && result != null) {
            bytes += VALUE + length(result);
        }
        if (bytes > max) {
            throw new ResultException(tooLong);
        }
        return result;
    }

    private void adapt() throws SQLException {
        int fits = (int) Math.clamp(BYTES_AT_A_TIME / Math.max(1, bytes / count), 1, MOST_ROWS);
        if (fits != rows.getFetchSize()) {
            rows.setFetchSize(fits);
        }
    }

    private static long length(Object value) {
        return switch (value) {
            case CharSequence text -> text.length();
            case byte[] binary -> binary.length;
            case Number number -> 0;
            case Boolean flag -> 0;
            default -> String.valueOf(value).length();
        };
    }

    static @Nullable Object invoke(Method method, Object target, Object @Nullable [] arguments) throws Throwable {
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }
}
