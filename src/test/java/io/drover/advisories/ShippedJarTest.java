package io.drover.advisories;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.drover.Needed;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

/** The list of components in the jar that is shipped is that of this jar, and not what an earlier build left behind. */
class ShippedJarTest {

    private static final Path JAR = Path.of("target/drover.jar");
    private static final String SBOM = "META-INF/sbom/application.cdx.json";
    private static final String LIBRARIES = "BOOT-INF/lib/";

    @Test
    void listsEachLibraryInIt() throws IOException {
        if (!Files.exists(JAR)) {
            Needed.skip("target/drover.jar, which mvn verify builds before this test");
        }
        try (JarFile jar = new JarFile(JAR.toFile())) {
            Attributes about = jar.getManifest().getMainAttributes();
            if (jar.getEntry(SBOM) == null) {
                Needed.skip("the list of components, which a build that may fetch something makes");
            }

            assertThat(about.getValue("Sbom-Format")).isEqualTo("CycloneDX");
            assertThat(about.getValue("Sbom-Location")).isEqualTo(SBOM);
            List<String> listed = components(jar);
            assertThat(libraries(jar))
                    .hasSizeGreaterThan(100)
                    .as(
                            "libraries of %s that its %s does not list; `mvn clean` drops the list of an earlier build",
                            JAR, SBOM)
                    .allMatch(library -> listed.stream().anyMatch(library::startsWith));
        }
    }

    /** What Spring Boot's plugin adds by itself is left out. */
    private static List<String> libraries(JarFile jar) {
        return jar.stream()
                .map(entry -> entry.getName())
                .filter(name -> name.startsWith(LIBRARIES) && name.endsWith(".jar"))
                .map(name -> name.substring(LIBRARIES.length()))
                .filter(name -> !name.startsWith("spring-boot-jarmode-"))
                .toList();
    }

    private static List<String> components(JarFile jar) throws IOException {
        try (InputStream in = jar.getInputStream(jar.getEntry(SBOM))) {
            JsonNode components = new JsonMapper().readTree(in).path("components");
            return StreamSupport.stream(components.spliterator(), false)
                    .map(one -> one.path("name").asText() + "-"
                            + one.path("version").asText())
                    .toList();
        }
    }
}
