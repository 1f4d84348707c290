package io.drover.encryption;

import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The keys with which values of the database are sealed, so a process that lacks one is seen before it meets a value. */
@Component
public class SealingKeys {

    private static final String KEEP =
            """
            insert into sealing_key (id) values (?) on conflict (id) do nothing
            """;

    private static final String ALL = """
            select id from sealing_key order by id
            """;

    private final JdbcClient jdbc;
    private final Seals seals;
    private volatile boolean kept;

    SealingKeys(JdbcClient jdbc, Seals seals) {
        this.jdbc = jdbc;
        this.seals = seals;
    }

    /** Those that this process does not have. It also puts its own on record. */
    public List<String> missing() {
        String own = seals.primary();
        if (own != null && !kept) {
            jdbc.sql(KEEP).param(own).update();
            kept = true;
        }
        return jdbc.sql(ALL).query(String.class).list().stream()
                .filter(key -> !seals.keys().contains(key))
                .toList();
    }
}
