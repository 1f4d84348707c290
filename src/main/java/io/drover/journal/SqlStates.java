package io.drover.journal;

import java.sql.SQLException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTransientException;
import java.util.Set;

/** Distinguishes temporary from permanent faults by SQLSTATE (PostgreSQL documentation, appendix A). */
public final class SqlStates {

    /** 08 connection, 40 rollback (serialization, deadlock), 53 resources, 57 operator intervention, 58 system. */
    private static final Set<String> TRANSIENT_CLASSES = Set.of("08", "40", "53", "57", "58");

    /** A standby, before it is promoted. */
    private static final String READ_ONLY_TRANSACTION = "25006";

    private SqlStates() {}

    /** Whether the same statement may succeed later. */
    public static boolean isTransient(SQLException e) {
        String state = e.getSQLState();
        return e instanceof SQLTransientException
                || e instanceof SQLRecoverableException
                || state != null
                        && (state.equals(READ_ONLY_TRANSACTION)
                                || state.length() == 5 && TRANSIENT_CLASSES.contains(state.substring(0, 2)));
    }
}
