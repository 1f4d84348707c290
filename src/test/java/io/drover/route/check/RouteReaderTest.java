package io.drover.route.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drover.Quick;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file is read as often as somebody looks for changes, and parsed once a change. */
@Quick
class RouteReaderTest {

    private final RouteReader reader = new RouteReader(text -> text.replace("{{source}}", "kafka:orders"));

    @TempDir
    Path directory;

    private RouteFile read(RouteFile before) throws IOException {
        return reader.read(directory, directory.resolve("some.camel.yaml"), before);
    }

    private void write(String name, String text) throws IOException {
        Files.writeString(directory.resolve(name), text);
    }

    @Test
    void whatHasNotChangedIsNotParsedAgain() throws Exception {
        write("some.camel.yaml", "- route: {id: some, from: {uri: 'task:some?inputSchema=order.json'}}");
        RouteFile first = read(null);
        assertThat(first.kind()).isEqualTo(RouteKind.WORKFLOW);
        assertThat(first.from()).isEqualTo("task:some");
        assertThat(first.id()).isEqualTo("some");
        assertThat(first.name()).isEqualTo("some.camel.yaml");
        assertThat(read(first)).isSameAs(first);

        write("order.json", "{}");
        RouteFile withSchema = read(first);
        assertThat(withSchema.digest()).isNotEqualTo(first.digest());
        assertThat(read(withSchema)).isSameAs(withSchema);

        write("order.json", "{\"type\": \"object\"}");
        assertThat(read(withSchema).digest()).isNotEqualTo(withSchema.digest());
    }

    @Test
    void anotherPathIsAnotherFile() throws Exception {
        write("some.camel.yaml", "- route: {id: some, from: {uri: '{{source}}'}}");
        write("other.camel.yaml", "- route: {id: some, from: {uri: '{{source}}'}}");
        RouteFile some = read(null);

        RouteFile other = reader.read(directory, directory.resolve("other.camel.yaml"), some);

        assertThat(other.digest()).isEqualTo(some.digest());
        assertThat(other.id()).isEqualTo("other");
        assertThat(other.kind()).isEqualTo(RouteKind.TRIGGER);
    }

    @Test
    void aFileThatIsNoYamlIsOfNoUseAndSaysSo() throws Exception {
        write("some.camel.yaml", "- route: {id: some, from: {uri: 'kafka:orders'}");

        RouteFile broken = read(null);

        assertThat(broken.kind()).isEqualTo(RouteKind.INNER);
        assertThat(broken.document()).isNull();
        assertThat(broken.problem().toString()).startsWith("some.camel.yaml:1: not YAML: ");
    }

    @Test
    void aFileThatIsTooLargeIsNotRead() throws Exception {
        write("some.camel.yaml", "- route: {id: some, description: prompts.md, from: {uri: 'tool:some'}}");
        write("prompts.md", "x".repeat(1 << 20));
        assertThat(read(null).kind()).isEqualTo(RouteKind.TOOL);

        write("prompts.md", "x".repeat((1 << 20) + 1));
        assertThatThrownBy(() -> read(null))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("prompts.md is larger");
    }

    @Test
    void saysInWordsWhyAFileCannotBeRead() throws IOException {
        Files.createSymbolicLink(directory.resolve("dangling.camel.yaml"), directory.resolve("nowhere"));
        Files.createDirectory(directory.resolve("folder.camel.yaml"));
        Files.write(directory.resolve("latin.camel.yaml"), new byte[] {(byte) 0xe9});
        Files.createSymbolicLink(directory.resolve("loop"), directory);

        assertThat(RouteReader.files(directory))
                .extracting(path -> path.getFileName().toString())
                .containsExactly("dangling.camel.yaml", "latin.camel.yaml");
        assertThat(RouteReader.files(directory))
                .extracting(path -> {
                    try {
                        return reader.read(directory, path, null).name();
                    } catch (IOException e) {
                        return RouteReader.problem(e);
                    }
                })
                .containsExactly(
                        "the file is not there any more, or is a link that leads nowhere",
                        "the file is not UTF-8 text");
    }
}
