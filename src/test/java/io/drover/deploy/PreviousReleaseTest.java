package io.drover.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.drover.TestDatabase;
import io.drover.monitoring.Program;
import java.nio.file.Files;
import java.nio.file.Path;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The jar of the last release (tag {@code v<version>}) works on the schema of this version: a canary runs beside it, a rollback returns to it. */
class PreviousReleaseTest {

    private static final Path SOURCES = Path.of("target/releases").toAbsolutePath();

    @TempDir
    Path directory;

    @Test
    void worksOnTheNewSchema() throws Exception {
        String tag = run("git", "tag", "--merged", "HEAD", "--sort=-v:refname", "--list", "v*")
                .lines()
                .findFirst()
                .orElse("");
        assumeFalse(tag.isEmpty(), "there is no release yet");
        Path jar = jar(tag);
        String database = TestDatabase.create();
        Flyway.configure().dataSource(database, null, null).load().migrate();
        Files.writeString(
                directory.resolve("echo.camel.yaml"),
                """
                - route:
                    id: echo
                    from:
                      uri: task:echo
                      steps:
                        - setBody: { expression: { simple: { expression: "${map(said,${body[n]})}" } } }
                """);
        Path input = Files.writeString(directory.resolve("input.json"), "{\"n\": 1}");

        String output = run(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-jar",
                jar.toString(),
                "run",
                "echo",
                "--input=" + input,
                "--spring.datasource.url=" + database,
                "--drover.routes.directory=" + directory);

        assertThat(output).contains("{\"said\":1}");
    }

    private static Path jar(String tag) {
        Path sources = SOURCES.resolve(tag);
        run("git", "worktree", "prune");
        if (!Files.exists(sources)) {
            run("git", "worktree", "add", "--detach", sources.toString(), tag);
        }
        run("mvn", "-q", "-B", "-f", sources.resolve("pom.xml").toString(), "-DskipTests", "package");
        return sources.resolve("target/drover.jar");
    }

    private static String run(String... command) {
        Program.Outcome outcome = Program.run(command);
        assertThat(outcome.code()).as(outcome.output()).isZero();
        return outcome.output();
    }
}
