package io.drover.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.drover.FaultyServer;
import io.drover.ForkDirectory;
import io.drover.FreePort;
import io.drover.Needed;
import io.drover.TestDatabase;
import io.drover.api.ApiClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.util.FileSystemUtils;

/**
 * The jar as it is shipped, with jars in {@code lib/} that are no part of it: mail, Slack, JMS and the driver of another database, in tools
 * and in a trigger, on real servers.
 */
class AddedComponentsTest {

    private static final Path JAR = Path.of("target/drover.jar");
    private static final Path LIB = Path.of("target/lib-for-tests");
    private static final Path ROUTES = Path.of("src/test/resources/routes-lib");
    private static final String HASH = "$2b$04$abcdefghijklmnopqrstuu2r9OfJnfCsdneAXAGHnS4UpFFP8WIrW"; // of "secret"

    @TempDir
    Path directory;

    private final FaultyServer slack = new FaultyServer();
    private final ForeignServers servers = new ForeignServers(Path.of("target/servers-for-tests"));
    private final Path installation = ForkDirectory.of("installation");
    private final Path log = installation.resolve("log.txt");
    private Process process;

    @BeforeEach
    void install() throws IOException {
        if (!Files.exists(JAR) || !Files.isDirectory(LIB)) {
            Needed.skip("target/drover.jar and target/lib-for-tests, which mvn verify makes before this test");
        }
        Path jar = installation.resolve("drover.jar");
        Files.deleteIfExists(jar);
        Files.createLink(jar, JAR);
        FileSystemUtils.copyRecursively(LIB, installation.resolve("lib"));
        FileSystemUtils.copyRecursively(ROUTES, directory);
        slack.always("/hook", FaultyServer.status(200, "Content-Type: text/plain", "ok"));
    }

    @AfterEach
    void stop() {
        if (process != null) {
            process.destroyForcibly().onExit().join();
        }
        servers.close();
        slack.close();
    }

    @Test
    void toolsAndTriggersUseWhatIsInLib() throws Exception {
        int port = FreePort.next();
        process = start("serve", settings(port));
        ApiClient api = new ApiClient(port, "ada", "secret");
        await().failFast(() -> assertThat(process.isAlive()).as(log()).isTrue())
                .ignoreExceptions()
                .until(() -> api.get("/health/ready").status() == 200);

        JsonNode announced = ended(api, "announce", "{\"order\":\"O-7\",\"to\":\"ada@example.com\"}");

        assertThat(announced.path("status").asText()).as(announced.toString()).isEqualTo("COMPLETED");
        assertThat(announced.path("output").toString()).contains("450");
        assertThat(servers.subjects()).containsExactly("Your order O-7");
        assertThat(slack.requests("/hook")).singleElement().asString().contains("first: O-7");
        await().untilAsserted(() ->
                assertThat(api.get("/api/tasks?workflow=packed").body()).contains("\"COMPLETED\""));
        assertThat(api.get("/api/tasks?workflow=packed").json().path("tasks")).hasSize(1);

        edit("tools/tell_ops.camel.yaml", "first:", "second:");
        await().untilAsserted(() -> {
            ended(api, "announce", "{\"order\":\"O-8\",\"to\":\"ada@example.com\"}");
            assertThat(slack.requests("/hook").toString()).contains("second: O-8");
        });

        JsonNode stray = ended(api, "stray", "{}");
        assertThat(stray.path("status").asText()).isEqualTo("DEAD");
        assertThat(stray.path("error").toString()).contains("hooks.strangers.example", "may not connect");

        assertThat(log())
                .contains("jars of " + installation.toAbsolutePath().resolve("lib") + " are on the class path")
                .doesNotContain("mail-password");
    }

    @Test
    @Tag("release")
    void validateSeesThemAndNamesWhatAJarLacks() throws Exception {
        assertThat(validate()).isEqualTo("9 route files, no problems\n");

        Files.delete(lib("jakarta.mail-api"));
        assertThat(validate()).contains("put what the jars in lib/ depend on beside them");
    }

    private String validate() throws Exception {
        List<String> words = new ArrayList<>(List.of(directory.toString()));
        words.addAll(settings(1));
        Process validation = start("validate", words);
        assertThat(validation.waitFor(2, TimeUnit.MINUTES)).isTrue();
        return log();
    }

    private List<String> settings(int port) {
        return List.of(
                "--spring.datasource.url=" + TestDatabase.create(),
                "--server.address=127.0.0.1",
                "--server.port=" + port,
                "--drover.security.users[0].name=ada",
                "--drover.security.users[0].password-hash=" + HASH,
                "--drover.security.users[0].roles=operator",
                "--drover.routes.directory=" + directory,
                "--drover.egress.mode=enforce",
                "--drover.egress.hosts=localhost,127.0.0.1",
                "--drover.datasources.prices.url=jdbc:h2:mem:prices",
                "--drover.datasources.prices.connection-timeout=30s",
                "--spring.activemq.broker-url=" + servers.brokerUrl(),
                "--slack.webhook=" + slack.url() + "/hook",
                "--mail.address=127.0.0.1:" + servers.smtpPort(),
                "--mail.password=mail-password");
    }

    private Process start(String command, List<String> words) throws IOException {
        List<String> line = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-jar",
                installation.resolve("drover.jar").toString(),
                command));
        line.addAll(words);
        return new ProcessBuilder(line)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
    }

    private static JsonNode ended(ApiClient api, String workflow, String input) {
        String id = api.post("/api/tasks/" + workflow, input).json().path("id").asText();
        return await().until(() -> api.get("/api/tasks/" + id).json(), task -> List.of("COMPLETED", "DEAD", "WAITING")
                .contains(task.path("status").asText()));
    }

    private void edit(String file, String from, String to) throws IOException {
        Path route = directory.resolve(file);
        Files.writeString(route, Files.readString(route).replace(from, to));
    }

    private Path lib(String name) throws IOException {
        try (Stream<Path> jars = Files.list(installation.resolve("lib"))) {
            return jars.filter(jar -> jar.getFileName().toString().startsWith(name + "-"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private String log() throws IOException {
        return Files.readString(log);
    }
}
