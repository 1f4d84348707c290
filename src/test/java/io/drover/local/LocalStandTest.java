package io.drover.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.drover.Needed;
import io.drover.Needs;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.util.FileSystemUtils;

class LocalStandTest {

    private final HttpClient http = HttpClient.newHttpClient();

    @TempDir
    private static Path directory;

    private static StandProcess stand;

    @BeforeAll
    static void start() throws IOException {
        FileSystemUtils.copyRecursively(Path.of("routes"), directory.resolve("routes"));
        stand = StandProcess.start("stand", directory.resolve("routes"));
    }

    @AfterAll
    static void end() {
        stand.close();
    }

    @Test
    void theAddressAndThePasswordThatItPrintsWork() throws Exception {
        assertThat(status(stand.url + "/api/tasks", "drover", stand.password)).isEqualTo(200);
        assertThat(status(stand.url + "/api/approvals", "approver", stand.password))
                .isEqualTo(200);
        assertThat(status(stand.url + "/api/tasks", "drover", "x" + stand.password))
                .isEqualTo(401);
        assertThat(stand.directory.resolve("target/local/password")).hasContent(stand.password);
    }

    @Test
    @Needs(Needed.CURL)
    void whoFollowsTheTutorialGetsWhatItSays() throws Exception {
        Tutorial.Followed followed = new Tutorial(directory, stand).follow();

        assertThat(followed.said())
                .anySatisfy(approvals -> assertThat(approvals).contains("A gift of 30 dollars to ada@example.org"));
        assertThat(followed.said().getLast()).contains("2 cases in ", ", 0 failed");
        assertThat(followed.task().path("output").toString()).contains("Your parcel P-1 is late");
        assertThat(followed.task().path("calls").findValuesAsText("tool")).contains("parcel_status", "send_gift");
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
