package io.drover.deploy;

import static io.drover.FaultyServer.after;
import static io.drover.FaultyServer.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.drover.FaultyServer;
import io.drover.FreePort;
import io.drover.TestDatabase;
import io.drover.api.ApiClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** The image, built and run for real, but on stand-ins for the two published bases. */
@Tag("release")
class ImageTest {

    private static boolean built;

    @BeforeAll
    static void build() {
        Container.assumePossible();
        built = true;
        Container.build();
    }

    @AfterAll
    static void remove() {
        if (built) {
            Container.removeAll();
        }
    }

    @Test
    void holdsNothingThatItDoesNotNeed() throws Exception {
        Path files = Container.files();

        assertThat(List.of("bin/sh", "bin/bash", "usr/bin/sh", "opt/jre/bin/jcmd", "opt/jre/bin/javac"))
                .noneMatch(file -> Files.exists(files.resolve(file)));
        assertThat(files.resolve("app/drover.aot")).exists();
        assertThat(files.resolve("app/routes/workflows/support-ticket.camel.yaml"))
                .exists();
        assertThat(size(files.resolve("app/jars")) + size(files.resolve("app/drover.jar")))
                .as("native code of other platforms is left out")
                .isLessThan(155_000_000);
        assertThat(Container.configuration())
                .contains(
                        "\"User\":\"65532:65532\"",
                        "\"org.opencontainers.image.version\":\"9.9\"",
                        "\"org.opencontainers.image.licenses\":\"Apache-2.0\"",
                        "\"org.opencontainers.image.source\":")
                .doesNotContainIgnoringCase("password", "secret", "healthcheck");
    }

    @Test
    void isTheSameWhenItIsBuiltAgain() {
        Container.buildAgain();

        List<String> layers = Container.layers();

        assertThat(layers.getFirst()).contains("sha256:").isEqualTo(layers.getLast());
    }

    @Test
    void runsReadOnlyAsAnyUserAndLosesNothingWhenItIsStopped() throws Exception {
        String database = TestDatabase.create();
        JdbcClient jdbc = JdbcClient.create(new DriverManagerDataSource(database));
        int port = FreePort.next();
        try (FaultyServer server = new FaultyServer()) {
            server.always("/post", after(300, json("{\"ok\":true}")));
            server.always("/put", after(300, json("{\"ok\":true}")));
            String[] options = options(database, server.url(), port);
            ApiClient api = new ApiClient(port, "ada", "secret");
            List<String> ids = new ArrayList<>();
            try (Container container = Container.start(options)) {
                ready(api, container);
                for (int i = 0; i < 60; i++) {
                    ids.add(api.post("/api/tasks/two-steps", "{\"n\":%d}".formatted(i))
                            .json()
                            .path("id")
                            .asText());
                }
                await().until(() -> !server.requests("/post").isEmpty());

                assertThat(container.stop()).as(container.log()).isEqualTo(143); // 128 + SIGTERM
                assertThat(container.log())
                        .contains("jars of /app/lib are on the class path")
                        .doesNotContain("\"level\":\"ERROR\"");
            }
            assertThat(count(jdbc, "status = 'RUNNING'")).isZero();

            try (Container container = Container.start(options)) {
                ready(api, container);
                await().until(() -> count(jdbc, "status = 'COMPLETED'") == ids.size());
                container.stop();
            }
            assertThat(server.requests("/post")).as("no effect twice").hasSize(ids.size());
        }
    }

    private static String[] options(String database, String server, int port) {
        int user = database.indexOf('?');
        assertThat(user).isPositive();
        return new String[] {
            "--volume=%s:/app/routes:ro"
                    .formatted(
                            Path.of("src/test/resources/routes-guard/processes").toAbsolutePath()),
            "--volume=%s:/app/lib:ro".formatted(Path.of("target/lib-for-tests").toAbsolutePath()),
            "--env=SPRING_DATASOURCE_URL=" + database,
            "--env=JAVA_TOOL_OPTIONS=-XX:AOTMode=on", // refuses to start without its cache
            "--env=DROVER_TOOLS_POST_TIMEOUT=20s", // the first calls of a cold process on one CPU take their time
            "--env=SERVER_URL=" + server,
            "--env=SERVER_ADDRESS=127.0.0.1",
            "--env=SERVER_PORT=" + port,
            "--env=DROVER_SECURITY_USERS_0_NAME=ada",
            "--env=DROVER_SECURITY_USERS_0_PASSWORDHASH=$2b$04$abcdefghijklmnopqrstuu2r9OfJnfCsdneAXAGHnS4UpFFP8WIrW",
            "--env=DROVER_SECURITY_USERS_0_ROLES=operator"
        };
    }

    private static void ready(ApiClient api, Container container) {
        await().failFast("it ended", () -> !container.isRunning())
                .ignoreExceptions()
                .until(() -> api.get("/health/live").status() == 200
                        && api.get("/health/ready").status() == 200);
    }

    private static int count(JdbcClient jdbc, String where) {
        return jdbc.sql("select count(*) from task where " + where)
                .query(Integer.class)
                .single();
    }

    private static long size(Path path) throws Exception {
        try (var files = Files.walk(path)) {
            return files.filter(Files::isRegularFile)
                    .mapToLong(file -> file.toFile().length())
                    .sum();
        }
    }
}
