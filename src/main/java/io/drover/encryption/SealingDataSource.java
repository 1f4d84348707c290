package io.drover.encryption;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/** A database whose payloads are sealed: it, and each connection to it, leads to the {@link Seals}. */
final class SealingDataSource extends DelegatingDataSource {

    private final Seals seals;

    SealingDataSource(DataSource database, Seals seals) {
        super(database);
        this.seals = seals;
    }

    @Override
    public <T> T unwrap(Class<T> type) throws SQLException {
        return type == Seals.class ? type.cast(seals) : super.unwrap(type);
    }

    @Override
    public boolean isWrapperFor(Class<?> type) throws SQLException {
        return type == Seals.class || super.isWrapperFor(type);
    }

    @Override
    public Connection getConnection() throws SQLException {
        return knowing(super.getConnection());
    }

    @Override
    public Connection getConnection(String user, String password) throws SQLException {
        return knowing(super.getConnection(user, password));
    }

    private Connection knowing(Connection connection) {
        return (Connection) Proxy.newProxyInstance(
                Connection.class.getClassLoader(), new Class<?>[] {Connection.class}, new Knowing(connection, seals));
    }

    private record Knowing(Connection connection, Seals seals) implements InvocationHandler {

        @Override
        public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments) throws Throwable {
            boolean asked = arguments != null && arguments.length == 1 && arguments[0] == Seals.class;
            switch (method.getName()) {
                case "unwrap" -> {
                    if (asked) {
                        return seals;
                    }
                }
                case "isWrapperFor" -> {
                    if (asked) {
                        return true;
                    }
                }
                case "equals" -> {
                    return arguments != null && proxy == arguments[0];
                }
                case "hashCode" -> {
                    return System.identityHashCode(proxy);
                }
                default -> {}
            }
            try {
                return method.invoke(connection, arguments);
            } catch (InvocationTargetException e) {
                throw e.getCause();
            }
        }
    }
}
