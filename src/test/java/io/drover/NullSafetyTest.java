package io.drover;

import static org.assertj.core.api.Assertions.assertThat;

import io.drover.monitoring.Program;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The compiler, as {@code pom.xml} sets it up, refuses a null where a package promises none, and a package that promises nothing. */
class NullSafetyTest {

    private static final String MARKED = "@org.jspecify.annotations.NullMarked package %s;";

    private static final Map<String, String> SOURCES = Map.of(
            "promising/package-info.java",
            MARKED.formatted("promising"),
            "promising/Truthful.java",
            """
            package promising;
            class Truthful {
                static @org.jspecify.annotations.Nullable String name(boolean known) { return known ? "it" : null; }
            }
            """,
            "promising/Lying.java",
            """
            package promising;
            class Lying {
                static String name(boolean known) { return known ? "it" : null; }
                static int length() { return Truthful.name(false).length(); }
            }
            """,
            "silent/Unmarked.java",
            "package silent; class Unmarked {}");

    @TempDir
    Path project;

    @Test
    void theCompilerRefusesANullThatIsNotPromised() throws IOException {
        Needed.orSkip(Needed.MVN);
        Files.copy(Path.of("pom.xml"), project.resolve("pom.xml"));
        for (Map.Entry<String, String> source : SOURCES.entrySet()) {
            Path file = project.resolve("src/main/java").resolve(source.getKey());
            Files.createDirectories(file.getParent());
            Files.writeString(file, source.getValue());
        }

        Program.Outcome compiled = Program.run(
                "mvn",
                "-B",
                "-o", // this build has used all of it
                "-f",
                project.resolve("pom.xml").toString(),
                "toolchains:select-jdk-toolchain",
                "compiler:compile@default-compile");

        assertThat(compiled.code()).as(compiled.output()).isPositive();
        assertThat(compiled.output())
                .containsPattern("Lying.java:\\[3,\\d+] error: \\[NullAway] returning @Nullable expression")
                .containsPattern("Lying.java:\\[4,\\d+] error: \\[NullAway] dereferenced expression")
                .containsPattern("Unmarked.java:\\[1,\\d+] error: \\[RequireExplicitNullMarking]")
                .doesNotContain("Truthful.java");
    }
}
