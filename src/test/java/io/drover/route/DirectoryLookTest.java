package io.drover.route;

import static org.assertj.core.api.Assertions.assertThat;

import io.drover.Quick;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Quick
class DirectoryLookTest {

    private static final FileTime LONG_AGO = FileTime.from(Instant.parse("2026-01-01T00:00:00Z"));

    @TempDir
    Path directory;

    @BeforeEach
    void write() throws Exception {
        Files.createDirectories(directory.resolve("tools"));
        write("tools/a.camel.yaml", "abc");
        write("prompt.md", "hi");
    }

    @Test
    void isAsBeforeWhereNothingHasChanged() {
        assertThat(look().isAs(look())).isTrue();
    }

    @Test
    void isNotTheSameWhereAFileComesGoesOrIsAnother() throws Exception {
        DirectoryLook before = look();

        write("prompt.md", "ho!");
        assertThat(look().isAs(before)).as("another size").isFalse();
        write("prompt.md", "hi");
        assertThat(look().isAs(before)).as("as before").isTrue();

        Files.setLastModifiedTime(directory.resolve("prompt.md"), FileTime.from(Instant.parse("2026-01-02T00:00:00Z")));
        assertThat(look().isAs(before)).as("written at another time").isFalse();
        Files.delete(directory.resolve("prompt.md"));
        assertThat(look().isAs(before)).as("deleted").isFalse();
        write("prompt.md", "hi");
        write("tools/b.camel.yaml", "abc");
        assertThat(look().isAs(before)).as("one more").isFalse();
    }

    @Test
    void aFileThatTakesTheNameOfAnotherIsSeenThoughItLooksTheSame() throws Exception {
        DirectoryLook before = look();

        write("other", "xyz");
        Files.move(
                directory.resolve("other"),
                directory.resolve("tools/a.camel.yaml"),
                StandardCopyOption.REPLACE_EXISTING);

        assertThat(look().isAs(before)).isFalse();
    }

    @Test
    void whatWasJustWrittenIsReadAgain() throws Exception {
        Files.writeString(directory.resolve("prompt.md"), "hi");

        assertThat(look().isAs(look())).isFalse();
    }

    private DirectoryLook look() {
        return DirectoryLook.at(directory);
    }

    private void write(String name, String text) throws Exception {
        Path file = Files.writeString(directory.resolve(name), text);
        Files.setLastModifiedTime(file, LONG_AGO);
    }
}
