package io.drover.mcp;

import io.drover.TestDatabase;
import io.drover.json.Json;
import io.modelcontextprotocol.client.McpClient;
import io.modelcontextprotocol.client.McpSyncClient;
import io.modelcontextprotocol.client.transport.HttpClientStreamableHttpTransport;
import io.modelcontextprotocol.json.jackson2.JacksonMcpJsonMapper;
import io.modelcontextprotocol.json.schema.JsonSchemaValidator.ValidationResponse;
import io.modelcontextprotocol.spec.McpSchema.Tool;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** The whole process on a port of its own, a real PostgreSQL, and route files that a test may edit. */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "drover.routes.poll=200ms",
            "drover.mcp-server.call-wait=2s",
            "drover.mcp-server.allowed-origins=https://console.example.com",
            "drover.tools.forbidden.enabled=false"
        })
abstract class McpTestBase {

    private static final Path ROUTES = copy(Path.of("src/test/resources/routes-mcp"));

    @DynamicPropertySource
    static void places(DynamicPropertyRegistry registry) {
        TestDatabase.ofTwoRoles(registry);
        registry.add("drover.routes.directory", ROUTES::toString);
    }

    @LocalServerPort
    int port;

    /** The SDK's own client, ready to use. */
    McpSyncClient client(String user) {
        return client(user, tools -> {});
    }

    McpSyncClient client(String user, Consumer<List<Tool>> changes) {
        McpSyncClient client = McpClient.sync(HttpClientStreamableHttpTransport.builder("http://localhost:" + port)
                        .endpoint("/mcp")
                        .jsonMapper(new JacksonMcpJsonMapper(Json.mapper()))
                        .customizeRequest(request -> request.header("Authorization", basic(user)))
                        .build())
                .jsonSchemaValidator((schema, value) -> ValidationResponse.asValid(null))
                .requestTimeout(Duration.ofSeconds(30))
                .toolsChangeConsumer(changes)
                .build();
        client.initialize();
        return client;
    }

    static String basic(String user) {
        return "Basic " + Base64.getEncoder().encodeToString((user + ":secret").getBytes(StandardCharsets.UTF_8));
    }

    static void writeRules(String text) {
        try {
            Path fresh = Files.writeString(ROUTES.resolve("rules.tmp"), text);
            Files.move(fresh, ROUTES.resolve("rules.yaml"), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static void write(String id, String text) {
        try {
            Path fresh = Files.writeString(ROUTES.resolve(id + ".tmp"), text);
            Files.move(fresh, file(id), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static void delete(String id) {
        try {
            Files.delete(file(id));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path file(String id) {
        return ROUTES.resolve(id + ".camel.yaml");
    }

    private static Path copy(Path from) {
        try (Stream<Path> paths = Files.walk(from)) {
            Path to = Files.createTempDirectory("routes-mcp");
            for (Path path : paths.filter(Files::isRegularFile).toList()) {
                Path target = to.resolve(from.relativize(path));
                Files.createDirectories(target.getParent());
                Files.copy(path, target);
            }
            return to;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
