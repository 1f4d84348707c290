package io.drover.start;

import static org.assertj.core.api.Assertions.assertThat;

import io.drover.Quick;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Quick
class AddedJarsTest {

    @TempDir
    Path lib;

    @Test
    void listsJarsByNameAndNothingElse() throws IOException {
        for (String name : List.of("b.jar", "a.jar", "notes.txt", "a.jar.part")) {
            Files.writeString(lib.resolve(name), "");
        }

        assertThat(AddedJars.jars(lib))
                .extracting(jar -> jar.getFileName().toString())
                .containsExactly("a.jar", "b.jar");
    }

    @Test
    void namesTheJarOfAnotherCamel() throws IOException {
        Path ours = jar("camel-mail.jar", "META-INF/maven/org.apache.camel/camel-mail/pom.properties", "4.18.0");
        Path other = jar("camel-slack.jar", "META-INF/maven/org.apache.camel/camel-slack/pom.properties", "4.17.0");
        Path library = jar("gson.jar", "META-INF/maven/com.google.code.gson/gson/pom.properties", "2.13.2");

        assertThat(AddedJars.problems(List.of(ours, other, library)))
                .containsExactly(
                        other + " is of Camel 4.17.0, but this Drover has Camel 4.18.0; replace it by the jar of"
                                + " that version");
    }

    @Test
    void namesWhatIsNoJar() throws IOException {
        Path half = Files.writeString(lib.resolve("half.jar"), "PK");

        assertThat(AddedJars.problems(List.of(half)))
                .singleElement()
                .asString()
                .contains(half + " cannot be read as a jar", "copy it again, or remove it");
    }

    /** The tests run from directories of classes, which have no lib/ beside them. */
    @Test
    void hasNoneWithoutAJarOfDrover() {
        assertThat(AddedJars.all()).isEmpty();
    }

    private Path jar(String name, String entry, String version) throws IOException {
        Path jar = lib.resolve(name);
        try (OutputStream file = Files.newOutputStream(jar);
                JarOutputStream out = new JarOutputStream(file)) {
            out.putNextEntry(new JarEntry(entry));
            out.write("version=%s\n".formatted(version).getBytes(StandardCharsets.ISO_8859_1));
        }
        return jar;
    }
}
