package io.drover.route.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.drover.Quick;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A catalog in the form of Kaoto's, with and without what it should hold; that of npm has 50 MB. */
@Quick
class KaotoCatalogTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String CAMEL = Components.CATALOG.getCatalogVersion();

    @TempDir
    Path directory;

    private Path base;

    @BeforeEach
    void published() throws IOException {
        base = Files.createDirectories(directory.resolve("base"));
        index("Spring Boot", CAMEL, "spring/index-1.json");
        put(
                "spring/index-1.json",
                """
                {"name":"Camel","runtime":"SpringBoot",
                 "catalogs":{"components":{"name":"components","file":"components-1.json"},"models":{"name":"models","file":"models-1.json"}},
                 "schemas":{"camelYamlDsl":{"name":"camelYamlDsl","file":"dsl-1.json"}}}
                """);
        put("spring/components-1.json", "{\"direct\":{\"component\":{\"name\":\"direct\"}}}");
        put("spring/models-1.json", "{\"to\":{}}");
        put("spring/dsl-1.json", "{\"type\":\"array\"}");
    }

    @Test
    void addsOurEndpointsToWhatIsPublished() throws IOException {
        Path index = KaotoCatalog.write(base, directory.resolve("out"));
        KaotoCatalog.write(base, directory.resolve("out")); // over the one before

        JsonNode definition = read(index).path("definitions").path(0);
        assertThat(read(index).path("definitions")).hasSize(1);
        assertThat(definition.path("runtime").asText()).isEqualTo("Spring Boot");
        assertThat(definition.path("name").asText()).isEqualTo("Drover (Camel Spring Boot)");
        Path catalog = index.resolveSibling(definition.path("fileName").asText());
        JsonNode catalogs = read(catalog).path("catalogs");
        JsonNode components = read(
                catalog.resolveSibling(catalogs.path("components").path("file").asText()));
        assertThat(components.fieldNames())
                .toIterable()
                .containsExactlyInAnyOrder("direct", "agent", "signal", "task", "tool", "wait");
        assertThat(catalog.resolveSibling(catalogs.path("models").path("file").asText()))
                .exists();
        assertThat(catalog.resolveSibling("dsl-1.json")).exists();
        assertThat(catalog.resolveSibling("components-1.json")).doesNotExist();
    }

    /** As Kaoto's own entries say it: a title, a type, a group, and which options there have to be. */
    @Test
    void describesEachOption() throws IOException {
        Path index = KaotoCatalog.write(base, directory.resolve("out"));
        JsonNode components = read(index.resolveSibling("drover/components.json"));

        for (String ours : Components.OURS) {
            JsonNode one = components.path(ours);
            assertThat(one.path("component").path("scheme").asText()).isEqualTo(ours);
            JsonNode form = one.path("propertiesSchema");
            assertThat(form.path("properties").size())
                    .isEqualTo(one.path("properties").size());
            form.path("properties").forEach(field -> {
                assertThat(field.path("title").asText()).isNotEmpty();
                assertThat(field.path("description").asText()).isNotEmpty();
                assertThat(field.path("$comment").asText()).startsWith("group:");
                assertThat(field.path("type").asText()).isIn("string", "boolean", "integer", "number", "object");
            });
        }
        JsonNode tool = components.path("tool").path("propertiesSchema");
        assertThat(tool.path("required").path(0).asText()).isEqualTo("name");
        assertThat(tool.at("/properties/readOnlyHint/type").asText()).isEqualTo("boolean");
        assertThat(tool.at("/properties/timeout/format").asText()).isEqualTo("duration");
        assertThat(components.at("/agent/propertiesSchema/properties/onEdit/enum"))
                .hasSizeGreaterThan(1);
    }

    @ParameterizedTest
    @CsvSource({"Quarkus, 4.18.0", "Spring Boot, 3.22.0", "Spring Boot, 4.18.3.redhat-00006"})
    void saysWhichCatalogsThereAreWhereNoneFits(String runtime, String version) throws IOException {
        index(runtime, version, "spring/index-1.json");

        assertThatThrownBy(() -> KaotoCatalog.write(base, directory.resolve("out")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("holds no catalog of Camel")
                .hasMessageContaining("it holds [Camel " + runtime + "]");
    }

    @Test
    void saysWhatIsMissing() {
        assertThatThrownBy(() -> KaotoCatalog.write(directory.resolve("nothing"), directory.resolve("out")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("there is no")
                .hasMessageContaining("@kaoto/camel-catalog");
    }

    /** An index is a stranger's: it may name no file elsewhere. */
    @Test
    void readsNoFileOutsideOfTheCatalog() throws IOException {
        Files.writeString(directory.resolve("secret.json"), "{\"a\":1}");
        index("Spring Boot", CAMEL, "../secret.json");

        assertThatThrownBy(() -> KaotoCatalog.write(base, directory.resolve("out")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'../secret.json', which is not in its directory");
    }

    private void index(String runtime, String version, String file) throws IOException {
        put(
                "index.json",
                """
                {"version":3,"name":"Default","definitions":[{"name":"Camel %s","version":"%s","runtime":"%s","fileName":"%s"}]}
                """
                        .formatted(runtime, version, runtime, file));
    }

    private void put(String name, String text) throws IOException {
        Path file = base.resolve(name);
        Files.createDirectories(file.resolveSibling(""));
        Files.writeString(file, text);
    }

    private static JsonNode read(Path file) throws IOException {
        return JSON.readTree(file.toFile());
    }
}
