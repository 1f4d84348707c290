package io.drover.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.drover.DroverJvm;
import io.drover.ForkDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.springframework.util.FileSystemUtils;

/** The local stand as {@code mvn spring-boot:test-run} starts it: in a process of its own, with servers of its own. */
final class StandProcess implements AutoCloseable {

    private static final Pattern RUNS = Pattern.compile("Drover runs on (\\S+); log in as drover:(\\S+)");

    final Path directory;
    final String url;
    final String password;
    private final Process process;

    private StandProcess(Path directory, Process process, String url, String password) {
        this.directory = directory;
        this.process = process;
        this.url = url;
        this.password = password;
    }

    /** @param routes the directory of the route files */
    static StandProcess start(String name, Path routes) throws IOException {
        Path directory = ForkDirectory.of(name).toAbsolutePath();
        FileSystemUtils.deleteRecursively(directory);
        Files.createDirectories(directory);
        Path printed = directory.resolve("printed.txt");
        List<String> command = DroverJvm.command(LocalStand.class, "-Xmx700m");
        command.addAll(List.of("--server.port=0", "--drover.routes.directory=" + routes.toAbsolutePath()));
        Process process = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(printed.toFile())
                .start();
        try {
            await().until(() ->
                    !process.isAlive() || RUNS.matcher(read(printed)).find());
            Matcher runs = RUNS.matcher(read(printed));
            assertThat(runs.find()).as(read(printed)).isTrue();
            return new StandProcess(directory, process, runs.group(1), runs.group(2));
        } catch (RuntimeException | Error e) {
            end(process);
            throw e;
        }
    }

    private static String read(Path file) throws IOException {
        return Files.exists(file) ? Files.readString(file) : "";
    }

    @Override
    public void close() {
        end(process);
    }

    private static void end(Process process) {
        List<ProcessHandle> servers = process.descendants().toList();
        process.destroy(); // its servers end with it
        try {
            if (process.waitFor(2, TimeUnit.MINUTES)) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        process.destroyForcibly();
        servers.forEach(ProcessHandle::destroy);
    }
}
