package io.drover.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.drover.Quick;
import io.drover.route.RouteFiles;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;
import org.springframework.boot.web.server.PortInUseException;

/** What the local stand says in the terminal in which it was started. */
@Quick
class StandTerminalTest {

    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
    private final PrintStream out = new PrintStream(printed, true, StandardCharsets.UTF_8);

    @Test
    void tellsOfEachFileThatIsReadAgain() {
        RouteNews.printTo(out);

        LoggerFactory.getLogger(RouteFiles.class).error("tools/refund.camel.yaml:7: there is no step 'too'");

        assertThat(printed.toString(StandardCharsets.UTF_8))
                .containsPattern("\\d\\d:\\d\\d:\\d\\d   tools/refund\\.camel\\.yaml:7: there is no step 'too'");
    }

    @Test
    void namesTheConsoleHawtioAndAllElseToLookAt() {
        new WhereToLook("http://127.0.0.1:8080", "pass", "127.0.0.1:9092", "jdbc:postgresql://h/d", "t/calls/2", "17")
                .print(out);

        assertThat(printed.toString(StandardCharsets.UTF_8))
                .contains(
                        "http://127.0.0.1:8080/console ",
                        "http://127.0.0.1:8080/hawtio ",
                        "/api/tasks/t/calls/2/resolve",
                        "/api/approvals/17/vote",
                        "/health/ready");
    }

    @Test
    void thePasswordIsThatOfTheFirstStartAndForItsUserAlone(@TempDir Path directory) throws Exception {
        Path file = directory.resolve("password");

        String first = LocalStand.password(file);

        assertThat(LocalStand.password(file)).isEqualTo(first).hasSizeGreaterThan(12);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
    }

    @Test
    void aPortThatIsInUseIsNamedWithTheWayOut() {
        PortInUseException taken = new PortInUseException(8080, new java.net.BindException("Address already in use"));

        assertThat(LocalStand.rootMessage(new IllegalStateException("not started", taken)))
                .isEqualTo("port 8080 is in use; stop what listens there, or start with SERVER_PORT=<another>");
    }
}
