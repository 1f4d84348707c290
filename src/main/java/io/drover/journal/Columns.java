package io.drover.journal;

import io.drover.encryption.SealedColumn;
import io.drover.encryption.Seals;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/** Binds a list of rows to a statement column by column, as arrays for {@code unnest}. */
final class Columns<W> {

    private final Connection connection;
    private final PreparedStatement statement;
    private final List<W> rows;
    private int index;

    Columns(Connection connection, PreparedStatement statement, List<W> rows) {
        this.connection = connection;
        this.statement = statement;
        this.rows = rows;
    }

    /** Text, and everything that is cast from text: uuid, json, timestamptz. */
    Columns<W> text(Function<W, Object> value) throws SQLException {
        String[] column = new String[rows.size()];
        for (int i = 0; i < column.length; i++) {
            Object cell = value.apply(rows.get(i));
            column[i] = cell == null ? null : cell.toString();
        }
        return bind("text", column);
    }

    /** A payload: sealed, as a JSON document. @param row the id of the row that it is sealed for */
    Columns<W> sealed(SealedColumn column, Function<W, Object> row, Function<W, @Nullable String> document)
            throws SQLException {
        return sealed(any -> column, row, document);
    }

    /** The same where the column depends on the row. */
    Columns<W> sealed(Function<W, SealedColumn> column, Function<W, Object> row, Function<W, @Nullable String> document)
            throws SQLException {
        Seals seals = Seals.of(connection);
        return text(one -> seals.seal(column.apply(one), row.apply(one), document.apply(one)));
    }

    /** The same for a text. */
    Columns<W> sealedText(SealedColumn column, Function<W, Object> row, Function<W, @Nullable String> text)
            throws SQLException {
        Seals seals = Seals.of(connection);
        return text(one -> seals.sealText(column, row.apply(one), text.apply(one)));
    }

    Columns<W> integer(ToIntFunction<W> value) throws SQLException {
        return bind("int4", rows.stream().mapToInt(value).toArray());
    }

    Columns<W> bigint(ToLongFunction<W> value) throws SQLException {
        return bind("int8", rows.stream().mapToLong(value).toArray());
    }

    Columns<W> bool(Predicate<W> value) throws SQLException {
        boolean[] column = new boolean[rows.size()];
        for (int i = 0; i < column.length; i++) {
            column[i] = value.test(rows.get(i));
        }
        return bind("bool", column);
    }

    /** How many rows there are, as a limit: see {@link Plans}. */
    Columns<W> count() throws SQLException {
        statement.setInt(++index, rows.size());
        return this;
    }

    private Columns<W> bind(String type, Object column) throws SQLException {
        Array array = ((org.postgresql.PGConnection) connection.unwrap(org.postgresql.PGConnection.class))
                .createArrayOf(type, column);
        statement.setArray(++index, array);
        return this;
    }
}
