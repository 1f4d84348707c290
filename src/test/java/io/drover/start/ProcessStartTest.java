package io.drover.start;

import static org.assertj.core.api.Assertions.assertThat;

import io.drover.Drover;
import io.drover.DroverJvm;
import io.drover.TestDatabase;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real process that must not start ends by itself, with exit code 1, whatever threads it has started by then. */
class ProcessStartTest {

    @TempDir
    Path directory;

    @Test
    void endsWithoutADatabase() throws Exception {
        assertEnds("spring.datasource.url is not set");
    }

    @Test
    void endsWhereAPropertyIsInvalid() throws Exception {
        assertEnds("drover.worker.lease", database(), "--drover.worker.lease=soon");
    }

    @Test
    void endsWhereThePortIsInUse() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("0.0.0.0"))) {
            assertEnds(
                    "Drover does not start: port %d is in use; stop what listens there, or choose another by --server.port"
                            .formatted(taken.getLocalPort()),
                    database(),
                    "--server.port=" + taken.getLocalPort());
        }
    }

    /** Camel, the pool of connections and the web server run by then. */
    @Test
    void endsWhereTheRoutesAreMissing() throws Exception {
        assertEnds(
                "is not a directory",
                database(),
                "--drover.routes.directory=" + directory.resolve("nothing"),
                "--server.port=0");
    }

    /** As in a Job whose arguments are in another order: it must not serve for ever. */
    @Test
    void endsWhereACommandIsNotTheFirstWord() throws Exception {
        assertEnds(2, "a command is the first word", "--drover.worker.workflows=order", "drain");
    }

    private static String database() {
        return "--spring.datasource.url=" + TestDatabase.create();
    }

    private void assertEnds(String reason, String... arguments) throws Exception {
        assertEnds(1, reason, arguments);
    }

    private void assertEnds(int exitCode, String reason, String... arguments) throws Exception {
        Path log = directory.resolve("process.log");
        List<String> command = DroverJvm.command(Drover.class);
        command.addAll(List.of(arguments));
        if (command.stream().noneMatch(argument -> argument.startsWith("--drover.routes.directory="))) {
            command.add("--drover.routes.directory=" + directory);
        }
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try {
            boolean ended = process.waitFor(2, TimeUnit.MINUTES);
            assertThat(Files.readString(log)).contains(reason);
            assertThat(ended).as("it has ended: %s", Files.readString(log)).isTrue();
            assertThat(process.exitValue()).isEqualTo(exitCode);
        } finally {
            process.destroyForcibly();
        }
    }
}
