package io.drover.advisories;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.drover.Needed;
import io.drover.Quick;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.maven.artifact.versioning.DefaultArtifactVersion;
import org.apache.maven.artifact.versioning.InvalidVersionSpecificationException;
import org.apache.maven.artifact.versioning.VersionRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.yaml.snakeyaml.Yaml;

/** What is known of the components in the jar: an affected one fails the build, unless the list says why it does no harm here. */
@Quick
class AdvisoriesTest {

    private static final Path LIST = Path.of("src/test/advisories/advisories.yaml");
    private static final Path SBOM = Path.of("target/classes/META-INF/sbom/application.cdx.json");

    private record Advisory(String id, String component, String affected, String what, String notAffected) {

        boolean hits(Map<String, String> versions) {
            String version = versions.get(component);
            return version != null && isIn(version, affected);
        }

        String told(String version) {
            return "%s: %s %s. %s".formatted(id, component, version, what);
        }
    }

    @Test
    void nothingInTheJarIsAffected() throws IOException {
        Map<String, String> versions = sbom();
        List<String> open = new ArrayList<>();
        for (Advisory advisory : list()) {
            if (!advisory.hits(versions)) {
                continue;
            }
            String told = advisory.told(versions.get(advisory.component()));
            if (advisory.notAffected().isEmpty()) {
                open.add(told);
            } else {
                System.out.println("known: " + told + " Not affected: " + advisory.notAffected());
            }
        }
        System.out.printf("%d advisories read against %d components%n", list().size(), versions.size());
        assertThat(versions).hasSizeGreaterThan(100).containsKey("org.apache.tomcat.embed:tomcat-embed-core");
        assertThat(open)
                .as("affected components: upgrade, leave out, or say in %s why they do no harm", LIST)
                .isEmpty();
    }

    @Test
    void eachAdvisoryIsWhole() throws IOException {
        assertThat(list()).isNotEmpty().allSatisfy(advisory -> {
            assertThat(advisory.id()).matches("(CVE-\\d{4}-\\d{4,}|GHSA(-[a-z0-9]{4}){3}|DROVER-[a-z-]+)");
            assertThat(advisory.component()).matches("[\\w.-]+:[\\w.-]+");
            assertThat(advisory.what()).endsWith(".");
            assertThat(range(advisory.affected()).hasRestrictions())
                    .as(advisory.id())
                    .isTrue();
        });
    }

    @ParameterizedTest
    @CsvSource({
        "3.17.0, '[3.0,3.18.0)', true",
        "3.18.0, '[3.0,3.18.0)', false",
        "10.1.9, '[10.1.0-M1,10.1.56)', true",
        "10.1.56, '[10.1.0-M1,10.1.56)', false",
        "4.1.117.Final, '[,4.1.118.Final)', true",
        "4.1.135.Final, '[,4.1.118.Final)', false",
        "6.5.11, '[6.4.0,6.4.10),[6.5.0,6.5.4)', false",
        "6.5.3, '[6.4.0,6.4.10),[6.5.0,6.5.4)', true",
        "4.18.0, '[4.18.0]', true",
        "4.18.1, '[4.18.0]', false",
        "2.6.0, '(,)', true"
    })
    void comparesVersionsAsMavenDoes(String version, String affected, boolean hit) {
        assertThat(isIn(version, affected)).isEqualTo(hit);
    }

    private static boolean isIn(String version, String affected) {
        return range(affected).containsVersion(new DefaultArtifactVersion(version));
    }

    private static VersionRange range(String affected) {
        try {
            return VersionRange.createFromVersionSpec(affected);
        } catch (InvalidVersionSpecificationException e) {
            throw new IllegalArgumentException(affected, e);
        }
    }

    private static List<Advisory> list() throws IOException {
        List<Map<String, String>> rows = new Yaml().load(Files.readString(LIST));
        return rows.stream()
                .map(row -> new Advisory(
                        row.get("id"),
                        row.get("package"),
                        row.get("affected"),
                        row.get("what"),
                        row.getOrDefault("not-affected", "")))
                .toList();
    }

    private static Map<String, String> sbom() throws IOException {
        if (!Files.exists(SBOM)) {
            Needed.skip("the list of components, which a build that may fetch something makes");
        }
        Map<String, String> versions = new TreeMap<>();
        for (JsonNode component :
                new JsonMapper().readTree(Files.readString(SBOM)).path("components")) {
            versions.put(
                    component.path("group").asText() + ":"
                            + component.path("name").asText(),
                    component.path("version").asText());
        }
        return versions;
    }
}
