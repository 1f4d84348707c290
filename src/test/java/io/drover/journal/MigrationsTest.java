package io.drover.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Migrations only add, so that the version before runs on the new schema, beside the new version or after a rollback
 * (<a href="https://martinfowler.com/bliki/ParallelChange.html">expand and contract</a>). What contracts, once no version in use needs it, is named here.
 */
class MigrationsTest {

    private static final List<String> CONTRACTS = List.of();

    private static final Pattern BREAKS = Pattern.compile(
            "drop table|drop column|\\brename\\b|alter column \\S+ (set data )?type|set not null|add column (?![^,;]*default)[^,;]*not null");

    @Test
    void onlyAdd() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("src/main/resources/db/migration"))) {
            List<Path> migrations = files.sorted().toList();
            assertThat(migrations).hasSizeGreaterThan(5);
            for (Path migration : migrations) {
                if (!CONTRACTS.contains(migration.getFileName().toString())) {
                    assertThat(breaks(Files.readString(migration)))
                            .as("%s breaks the version before", migration)
                            .isEmpty();
                }
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "alter table task drop column key, 1",
        "alter table task rename column key to name, 1",
        "ALTER TABLE task ALTER COLUMN n TYPE bigint, 1",
        "alter table task alter column key set not null, 1",
        "alter table task add column a text not null, 1",
        "alter table task add column a text not null default '', 0",
        "alter table task add column a text, 0",
        "drop index task_claimable, 0",
    })
    void findsWhatBreaks(String sql, int count) {
        assertThat(breaks(sql)).hasSize(count);
    }

    private static List<String> breaks(String sql) {
        return BREAKS.matcher(sql.replaceAll("--.*", "").replaceAll("\\s+", " ").toLowerCase(Locale.ROOT))
                .results()
                .map(MatchResult::group)
                .toList();
    }
}
