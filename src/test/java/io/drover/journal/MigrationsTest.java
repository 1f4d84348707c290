package io.drover.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.drover.Quick;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Migrations after the first only add, so that the version before runs on the new schema, beside the new version or after a rollback
 * (<a href="https://martinfowler.com/bliki/ParallelChange.html">expand and contract</a>). Only forms of statements that the version
 * before surely survives are allowed. A file with another, which was thought through, or contracts what no version in use needs, is named here.
 */
@Quick
class MigrationsTest {

    /**
     * V23 lets `wait_reason` have one more value; it reads no row again, and the version before writes the others as before.
     * V38 drops columns that 0.1.0 does not know; of a task that has ended one more column may change.
     * V40 adds triggers that insert into a table of their own; columns get a default that the version before does not write.
     * V41 takes rights on its new table away, which the version before does not use.
     * V42 lets a task that has ended be erased; until one is, no row and no statement of the version before meets the change.
     * V43 gives a function one more case, and lets a fact have no vector in the clear; both only where encryption is on.
     * V44 lets the content of a task that has ended be removed, and be sealed again; until it is, the same holds as for V42.
     * V44_4 redacts the input of tasks whose workflow says so; the version before writes none such.
     * V47 writes nothing for tasks of the version before, which no rollout compares.
     * V48 lets a rollout end in one more way; 0.1.0 knows no rollouts, and no task of its is a shadow.
     * V49 changes what is written of tasks that a rollout compares, of which 0.1.0 has none.
     * V50 writes nothing for tasks that are not in a sample, which those of the version before are not.
     * V45 lets `track` have more values; the version before writes the others, and claims no task that has one of the new.
     * V36 keeps dry runs from the version before, which would make their calls; what it does with other tasks is the same.
     */
    private static final Set<String> THOUGHT_THROUGH = Set.of(
            "V23__holds.sql",
            "V24__pending_calls.sql",
            "V25__child_tasks.sql",
            "V26__effect_keys.sql",
            "V30__callbacks.sql",
            "V31__redo.sql",
            "V32__callbacks_of_a_person.sql",
            "V36__modes.sql",
            "V38__kept_children.sql",
            "V40__audit_chain.sql",
            "V40_1__audit_of_tasks.sql",
            "V40_2__audit_of_calls.sql",
            "V40_3__audit_checkpoints.sql",
            "V41__audit_pruned.sql",
            "V42__erasures.sql",
            "V43__encryption.sql",
            "V43_1__sealed_memory.sql",
            "V44__removed_tasks.sql",
            "V44_4__redacted_tasks.sql",
            "V45__workflow_versions.sql",
            "V46__keyed_addresses.sql",
            "V47__rollouts.sql",
            "V48__shadows.sql",
            "V49__images_on_trial.sql",
            "V50__evaluations.sql");

    /** The newest migration of 0.1.0: by whose indexes its statements claim and list. */
    private static final int RELEASED = 17;

    private static final Pattern NOT_SQL = Pattern.compile(
            "(?<comment>--[^\n]*|/\\*.*?\\*/)|'(?:[^']|'')*'|\\$(?<tag>\\w*)\\$.*?\\$\\k<tag>\\$", Pattern.DOTALL);
    private static final Pattern NEW_TABLE = Pattern.compile("create table (\\w+) \\((?!.*\\) inherits ).*");
    private static final Pattern NEW_FUNCTION = Pattern.compile("create function (\\w+) ?\\(.*");
    private static final Pattern INDEX =
            Pattern.compile("create index (?:concurrently )?\\w+ on \\w+ \\([\\w, ]+\\)(?: where .*)?");
    private static final Pattern DROP_INDEX = Pattern.compile("drop index (\\w+)");
    private static final Pattern COMMENT = Pattern.compile("comment on .*");
    private static final Pattern ALTER_TABLE = Pattern.compile("alter table \\w+ (.*)");
    private static final String DEFAULT = " default (?!null)[\\w':.-]+(?:\\(\\))?";
    /** The version before does not write the column, so a check must be of this column alone. */
    private static final Pattern ADD_COLUMN =
            Pattern.compile("add (?:column )?(?!(?:constraint|check|unique|primary|foreign|exclude)\\b)(\\w+)"
                    + " \\w+(?: precision| with time zone)?(?:\\([\\d, ]+\\))?(?:\\[])?"
                    + "(?:%1$s not null| not null%1$s|%1$s)?".formatted(DEFAULT)
                    + "(?: check \\(\\1 (?:in \\([\\d', ]+\\)|between \\d+ and \\d+|[<>=]+ \\d+)\\))?");

    @Test
    void onlyAdd() throws IOException {
        List<Path> migrations = migrations();
        assertThat(migrations).hasSizeGreaterThan(5);
        for (int i = 1; i < migrations.size(); i++) {
            Path migration = migrations.get(i);
            if (version(migration) > RELEASED) {
                assertThat(blocking(Files.readString(migration)))
                        .as("%s: 0.1.0 runs on it, and its locks must not grow with the table", migration)
                        .isEmpty();
            }
            if (!THOUGHT_THROUGH.contains(migration.getFileName().toString())) {
                assertThat(refused(Files.readString(migration), statements(migrations.subList(0, i))))
                        .as(
                                "%s: what the version before may not survive. Add only, or name the file in THOUGHT_THROUGH",
                                migration)
                        .isEmpty();
            }
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    alter table task drop column key
                    alter table task drop key
                    alter table task rename column key to name
                    alter table task rename to tasks
                    ALTER TABLE task ALTER COLUMN n TYPE bigint
                    alter table task alter key type bigint
                    alter table task alter column key set not null
                    alter table task alter column priority drop default
                    alter table task add column a text not null
                    alter table task add a text not null
                    alter table task add column n numeric(10, 2) not null
                    alter table task add column n text not null default null
                    alter table task add column a text, add column b text not null
                    alter table task add column a text unique
                    alter table task add column a uuid references worker (id)
                    alter table task add column a text check (key is not null)
                    alter table task add column a integer check (a < priority)
                    alter table task add constraint key_length check (length(key) < 9)
                    alter table task add check (priority < 9)
                    alter table task add unique (key)
                    alter table task set schema other
                    create unique index task_key on task (workflow, key)
                    create index task_n on task (((input ->> 'n')::int))
                    create table part partition of task for values in (1)
                    create table more (n integer) inherits (task)
                    create table note (task_id uuid references task (id))
                    create trigger again before update on task for each row execute function refuse_transition()
                    create or replace function dead_reason(error json) returns text language sql as $$ select '' $$
                    create function dead_reason(error text) returns text language sql as $$ select '' $$
                    drop function dead_reason(json)
                    drop trigger legal_transition on task
                    drop view tasks
                    drop table budget
                    truncate budget
                    delete from task
                    insert into task (id) values (gen_random_uuid())
                    do $$ begin drop table task; end $$
                    create table note (n integer); drop table budget
                    """)
    void refuses(String sql) {
        assertThat(refused(sql, statements(migrations()))).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    alter table task add column a text
                    alter table task add a double precision
                    ALTER TABLE task ADD COLUMN at timestamp with time zone NOT NULL DEFAULT now()
                    alter table task add column a text not null default 'it''s; fine', add column n numeric(10, 2) default 0 not null
                    alter table task add column a text not null default 'x' check (a in ('x', 'y'))
                    create index task_key on task (workflow, key desc) where key is not null
                    drop index task_recent
                    comment on column task.key is 'drop table task'
                    create table note (id uuid primary key); create unique index n on note (id); insert into note select id from task
                    create table note (id uuid); create table word (note uuid references note (id)); alter table note add unique (id)
                    create function shout(a text) returns text language plpgsql as $body$ begin return upper(a); end $body$
                    /* drop table task; */ drop index task_recent
                    """)
    void allows(String sql) {
        assertThat(refused(sql, statements(migrations()))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    drop index task_recent
                    drop index concurrently task_recent
                    create index task_key on task (workflow, key)
                    alter table task add column a integer not null default 0 check (a > 0)
                    alter table call add column a integer check (a > 0)
                    create index concurrently task_key on task (workflow, key); alter table task add column a text
                    """)
    void afterAReleaseRefuses(String sql) {
        assertThat(blocking(sql)).isNotEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    create index concurrently task_key on task (workflow, key)
                    alter table task add column a text not null default 'x'
                    alter table task add constraint known_status check (status in ('A', 'B')) not valid
                    create table note (id uuid primary key, n integer check (n > 0)); create index n on note (id)
                    """)
    void afterAReleaseAllows(String sql) {
        assertThat(blocking(sql)).isEmpty();
    }

    /** Takes an index away, or holds a lock for as long as a table is read. An index that is built concurrently has a file of its own. */
    private static List<String> blocking(String sql) {
        List<String> statements = statements(sql);
        Set<String> tables = names(NEW_TABLE, statements);
        boolean mixed = statements.size() > 1;
        return statements.stream()
                .filter(statement -> statement.startsWith("drop index")
                        || statement.matches("create (?:unique )?index (?!concurrently).* on (\\w+) .*")
                                && tables.stream().noneMatch(table -> statement.contains(" on " + table + " "))
                        || statement.startsWith("create index concurrently") && mixed
                        || statement.startsWith("alter table")
                                && statement.contains(" check ")
                                && !statement.endsWith(" not valid"))
                .toList();
    }

    /** 23.1 for {@code V23_1__held_tasks.sql}. */
    private static double version(Path migration) {
        return Double.parseDouble(migration
                .getFileName()
                .toString()
                .replaceAll("V(\\d+(?:_\\d)?)__.*", "$1")
                .replace('_', '.'));
    }

    /** The statements of a migration that are not surely harmless, with those before it. */
    private static List<String> refused(String sql, List<String> earlier) {
        List<String> statements = statements(sql);
        Set<String> tables = names(NEW_TABLE, statements);
        Set<String> functions = names(NEW_FUNCTION, earlier);
        return statements.stream()
                .filter(statement -> !allowed(statement, tables, functions, earlier))
                .toList();
    }

    private static boolean allowed(String statement, Set<String> tables, Set<String> functions, List<String> earlier) {
        String ours = "(?:" + String.join("|", tables) + ")\\b";
        if (Pattern.compile("\\breferences (?!" + ours + ")").matcher(statement).find()) {
            return false;
        }
        if (!tables.isEmpty()
                && statement.matches(
                        "(?:alter table|insert into|create (?:unique )?(?:index|trigger)(?:(?! on ).)* on) " + ours
                                + ".*")) {
            return true;
        }
        if (ALTER_TABLE.matcher(statement).matches()) {
            return Pattern.compile(", ?(?![^()]*\\))") // between actions, not in parentheses
                    .splitAsStream(ALTER_TABLE.matcher(statement).replaceFirst("$1"))
                    .allMatch(ADD_COLUMN.asMatchPredicate());
        }
        if (DROP_INDEX.matcher(statement).matches()) {
            String unique =
                    "create unique index " + DROP_INDEX.matcher(statement).replaceFirst("$1") + " ";
            return earlier.stream().noneMatch(before -> before.startsWith(unique));
        }
        return names(NEW_FUNCTION, List.of(statement)).stream().anyMatch(name -> !functions.contains(name))
                || Stream.of(NEW_TABLE, INDEX, COMMENT)
                        .anyMatch(form -> form.matcher(statement).matches());
    }

    private static Set<String> names(Pattern form, List<String> statements) {
        return statements.stream()
                .map(form::matcher)
                .filter(matcher -> matcher.matches())
                .map(matcher -> matcher.group(1))
                .collect(Collectors.toSet());
    }

    /** In lower case, with one space between words, without comments, texts and bodies. */
    private static List<String> statements(String sql) {
        String plain = NOT_SQL.matcher(sql).replaceAll(match -> match.group("comment") != null ? " " : "''");
        return Stream.of(plain.split(";"))
                .map(statement -> statement.strip().replaceAll("\\s+", " ").toLowerCase(Locale.ROOT))
                .filter(statement -> !statement.isEmpty())
                .toList();
    }

    private static List<String> statements(List<Path> migrations) {
        return migrations.stream()
                .flatMap(migration -> {
                    try {
                        return statements(Files.readString(migration)).stream();
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                })
                .toList();
    }

    private static List<Path> migrations() {
        try (Stream<Path> files = Files.list(Path.of("src/main/resources/db/migration"))) {
            return files.filter(file -> file.getFileName().toString().startsWith("V"))
                    .sorted(Comparator.comparingDouble(MigrationsTest::version))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
