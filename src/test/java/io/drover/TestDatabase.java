package io.drover;

import io.drover.local.Servers;

/** One real PostgreSQL for the JVM, with a fresh database for whoever asks. */
public final class TestDatabase {

    private TestDatabase() {}

    /** Creates an empty database and returns its JDBC URL, user included. */
    public static String create() {
        return Servers.newDatabase();
    }
}
