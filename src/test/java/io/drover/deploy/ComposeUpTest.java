package io.drover.deploy;

import static io.drover.FaultyServer.status;
import static org.assertj.core.api.Assertions.assertThat;

import io.drover.FaultyServer;
import io.drover.Needed;
import io.drover.Needs;
import io.drover.monitoring.Program;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Properties;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code docs/compose/up}, the real script, on a machine whose {@code docker} is this test's, and so is who answers as Drover. */
@Needs(Needed.CURL)
class ComposeUpTest {

    private static final FaultyServer.Answer NOT_READY = status(503, "", "");

    @TempDir
    Path directory;

    private final FaultyServer drover = new FaultyServer();

    @BeforeEach
    void install() throws IOException {
        Files.copy(Path.of("docs/compose/up"), directory.resolve("up"));
        // A hash shows of what it was made. The file `fails` says which call does not work.
        Path docker = Files.createDirectory(directory.resolve("bin")).resolve("docker");
        Files.writeString(
                docker,
                """
                #!/bin/sh
                echo "$*" >>%1$s/asked
                if [ "$(grep -c '' %1$s/asked)" = "$(cat %1$s/fails 2>/dev/null)" ]; then
                  echo 'Cannot connect to the Docker daemon' >&2
                  exit 1
                fi
                case $* in
                  run*htpasswd*) printf 'user:$2y$10$%%s\\n\\n' "$(cat)" ;;
                  *'port drover 80') echo %2$s ;;
                  *port*) echo 127.0.0.1:1 ;;
                esac
                """
                        .formatted(directory, drover.url().replace("http://", "")));
        Files.setPosixFilePermissions(docker, PosixFilePermissions.fromString("rwx------"));
    }

    @AfterEach
    void end() {
        drover.close();
    }

    @Test
    void makesPasswordsAndWaitsUntilDroverIsReady() throws IOException {
        drover.next("/health/ready", NOT_READY, NOT_READY);

        Program.Outcome outcome = up();

        assertThat(outcome.code()).as(outcome.output()).isZero();
        assertThat(drover.requests("/health/ready")).hasSize(3);
        Properties made = made();
        String password = made.getProperty("DROVER_PASSWORD");
        assertThat(outcome.output()).contains(drover.url()).contains("drover:" + password.replace("'", "") + "\n");
        assertThat(made.getProperty("DROVER_PASSWORD_HASH")).isEqualTo("'$2y$10$%s'", password.replace("'", ""));
        assertThat(made.getProperty("METRICS_PASSWORD_HASH"))
                .isEqualTo("'$2y$10$%s'", Files.readString(directory.resolve("metrics-password")));
        assertThat(made.values().stream().distinct()).hasSize(4).allSatisfy(value -> assertThat((String) value)
                .matches("'.{24,}'"));
        assertThat(Files.getPosixFilePermissions(directory.resolve(".env")))
                .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    }

    @Test
    void theNextCallKeepsThePasswords() throws IOException {
        up();
        Properties first = made();

        assertThat(up().code()).isZero();

        assertThat(made()).isEqualTo(first);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void aFirstCallWithoutDockerLeavesNothingThatSpoilsTheNext(int failing) throws IOException {
        Files.writeString(directory.resolve("fails"), Integer.toString(failing));

        Program.Outcome outcome = up();

        assertThat(outcome.code()).isPositive();
        assertThat(outcome.output()).contains("Cannot connect to the Docker daemon", "call this again");
        assertThat(directory.resolve(".env")).doesNotExist();
        Files.delete(directory.resolve("fails"));
        assertThat(up().code()).isZero();
        assertThat(made().getProperty("METRICS_PASSWORD_HASH"))
                .isEqualTo("'$2y$10$%s'", Files.readString(directory.resolve("metrics-password")));
    }

    @Test
    void saysSoWhenDroverDoesNotBecomeReady() {
        drover.always("/health/ready", NOT_READY);

        Program.Outcome outcome = up();

        assertThat(outcome.code()).isPositive();
        assertThat(outcome.output()).contains("/health/ready did not say yes within 2 s", "logs drover");
        assertThat(outcome.output()).doesNotContain("Grafana");
    }

    private Program.Outcome up() {
        return Program.run(
                "env",
                "PATH=%s/bin:%s".formatted(directory, System.getenv("PATH")),
                "DROVER_UP_SECONDS=2",
                directory.resolve("up").toString());
    }

    private Properties made() throws IOException {
        Properties made = new Properties();
        made.load(new StringReader(Files.readString(directory.resolve(".env"))));
        return made;
    }
}
