package io.drover.encryption;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.Environment;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Seals again what is sealed with an older key or not at all, or opens everything where nothing is to be sealed. A row that
 * changes meanwhile is left to the next pass. It can be stopped, and begun again.
 */
public final class Rekey {

    private static final int BATCH = 1_000;

    private static final String USED = """
            delete from sealing_key where id <> all(?)
            """;

    private static final String KEEP =
            """
            insert into sealing_key (id) values (?) on conflict (id) do nothing
            """;

    /** How many values each key holds, by table; what is not sealed under {@code clear}. */
    public record Report(Map<String, Map<String, Long>> values, long changed, long left, Set<String> unused) {}

    private final JdbcTemplate jdbc;
    private final Seals seals;

    public Rekey(DataSource database, Seals seals) {
        this.jdbc = new JdbcTemplate(database);
        this.seals = seals;
    }

    /** With the keyset of the settings. @throws IllegalStateException where there is none */
    public static Rekey of(DataSource database, Environment environment) {
        EncryptionProperties properties =
                Binder.get(environment).bindOrCreate("drover.encryption", EncryptionProperties.class);
        if (properties.keyset() == null) {
            throw new IllegalStateException(
                    "drover.encryption.keyset is not set, so there is no key; set it to the keyset of the processes");
        }
        return new Rekey(database, Seals.with(properties.keyset(), properties.seal()));
    }

    /**
     * Looks at all values, and changes those that are not as they would be written now.
     *
     * @throws SealedValueException where a value cannot be opened: nothing of its row is changed
     */
    public Report run(boolean dryRun) {
        Map<String, Map<String, Long>> values = new TreeMap<>();
        long changed = 0;
        long left = 0;
        for (RekeyedTable table : RekeyedTable.ALL) {
            Map<String, Long> count = values.computeIfAbsent(table.name(), name -> new TreeMap<>());
            String after = table.first();
            List<RekeyedTable.Row> rows = table.read(jdbc, after, BATCH);
            while (!rows.isEmpty()) {
                for (RekeyedTable.Row row : rows) {
                    String[] now = table.again(seals, row);
                    if (!dryRun && !Arrays.equals(now, row.values())) {
                        boolean written = table.write(jdbc, row, now) == 1;
                        changed += written ? 1 : 0;
                        left += written ? 0 : 1;
                        count(written ? now : row.values(), count);
                    } else {
                        count(row.values(), count);
                    }
                }
                after = rows.getLast().key();
                rows = table.read(jdbc, after, BATCH);
            }
        }
        Set<String> used = new TreeSet<>();
        values.values().forEach(counts -> used.addAll(counts.keySet()));
        Set<String> unused = new TreeSet<>(seals.keys());
        unused.removeAll(used);
        unused.remove(Objects.requireNonNullElse(seals.primary(), ""));
        if (!dryRun && left == 0) {
            keep(used);
        }
        return new Report(values, changed, left, unused);
    }

    private void keep(Set<String> used) {
        String primary = seals.primary();
        List<String> keys = new ArrayList<>(used);
        if (primary != null) {
            keys.add(primary);
            jdbc.update(KEEP, primary);
        }
        jdbc.update(USED, (Object) keys.toArray(String[]::new));
    }

    private static void count(@Nullable String[] values, Map<String, Long> count) {
        for (String value : values) {
            if (value != null) {
                Set<String> keys = new TreeSet<>();
                for (Matcher token = Token.PATTERN.matcher(value); token.find(); ) {
                    keys.add(token.group(1));
                }
                (keys.isEmpty() ? Set.of("clear") : keys).forEach(key -> count.merge(key, 1L, Long::sum));
            }
        }
    }
}
