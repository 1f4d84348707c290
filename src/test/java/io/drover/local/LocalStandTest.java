package io.drover.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.drover.DroverJvm;
import io.drover.ForkDirectory;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.springframework.util.FileSystemUtils;

/** The local stand as {@code mvn spring-boot:test-run} starts it: in a process of its own, with servers of its own. */
class LocalStandTest {

    private static final Pattern RUNS = Pattern.compile("Drover runs on (\\S+); log in as drover:(\\S+)");

    private final HttpClient http = HttpClient.newHttpClient();

    @Test
    void theAddressAndThePasswordThatItPrintsWork() throws Exception {
        Path directory = ForkDirectory.of("stand").toAbsolutePath();
        FileSystemUtils.deleteRecursively(directory);
        Files.createDirectories(directory);
        Path printed = directory.resolve("printed.txt");
        List<String> command = DroverJvm.command(LocalStand.class, "-Xmx700m");
        command.addAll(List.of(
                "--server.port=0",
                "--drover.routes.directory=" + Path.of("routes").toAbsolutePath()));
        Process stand = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(printed.toFile())
                .start();
        try {
            await().until(() -> !stand.isAlive() || RUNS.matcher(read(printed)).find());
            Matcher runs = RUNS.matcher(read(printed));
            assertThat(runs.find()).as(read(printed)).isTrue();
            String url = runs.group(1);
            String password = runs.group(2);

            assertThat(status(url + "/api/tasks", "drover", password)).isEqualTo(200);
            assertThat(status(url + "/api/approvals", "approver", password)).isEqualTo(200);
            assertThat(status(url + "/api/tasks", "drover", "x" + password)).isEqualTo(401);
            assertThat(directory.resolve("target/local/password")).hasContent(password);
        } finally {
            List<ProcessHandle> servers = stand.descendants().toList();
            stand.destroy(); // its servers end with it
            if (!stand.waitFor(2, TimeUnit.MINUTES)) {
                stand.destroyForcibly();
                servers.forEach(ProcessHandle::destroy);
            }
        }
    }

    private static String read(Path file) throws IOException {
        return Files.exists(file) ? Files.readString(file) : "";
    }

    private int status(String url, String user, String password) throws IOException, InterruptedException {
        String login = Base64.getEncoder().encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
        return http.send(
                        HttpRequest.newBuilder(URI.create(url))
                                .header("Authorization", "Basic " + login)
                                .build(),
                        BodyHandlers.discarding())
                .statusCode();
    }
}
