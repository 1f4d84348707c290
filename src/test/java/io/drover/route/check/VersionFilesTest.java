package io.drover.route.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.drover.Quick;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.mock.env.MockEnvironment;

/** What {@code validate} says of versions of workflows. */
@Quick
class VersionFilesTest {

    @TempDir
    Path directory;

    @Test
    void eachVersionHasAFileOfItsOwn() throws IOException {
        write("order", "version: 1", "");
        write("order-2", "version: 02", "- to: { uri: 'task:other', parameters: { version: 1 } }");
        write("other", "", "");
        write("order-3", "version: 3", "");

        assertThat(problems()).isEmpty();
    }

    @Test
    void findsASecondFileOfAVersion() throws IOException {
        write("order", "", "");
        write("order-1", "version: 1", "");
        write("order-2", "version: 2", "");
        write("order-b", "version: 2", "");

        assertThat(problems())
                .containsExactly(
                        "order-b.camel.yaml:4: task:order?version=2 is defined by order-2.camel.yaml already",
                        "order.camel.yaml:4: task:order is defined by order-1.camel.yaml already");
    }

    @Test
    void findsANumberThatIsNoVersion() throws IOException {
        write("order", "version: 0", "");
        write("order-two", "version: two", "");

        assertThat(problems()).hasSize(2).allSatisfy(problem -> assertThat(problem)
                .contains("version"));
    }

    @Test
    void findsAStepThatNamesAVersionWithoutAFile() throws IOException {
        write("order", "", "- to: { uri: 'task:other', parameters: { version: 3 } }");
        write("other", "", "");

        assertThat(problems())
                .containsExactly(
                        "order.camel.yaml:7: version: no file defines version 3 of task:other; write one, or leave the option out for the current version");
    }

    private List<String> problems() {
        return RouteValidator.standalone(new MockEnvironment()).validate(directory).problems().stream()
                .map(Problem::toString)
                .toList();
    }

    private void write(String id, String parameter, String step) throws IOException {
        String workflow = id.contains("-") ? id.substring(0, id.indexOf('-')) : id;
        Files.writeString(
                directory.resolve(id + ".camel.yaml"),
                """
                - route:
                    id: %s
                    from:
                      uri: task:%s
                      parameters: { maxAttempts: 1, %s }
                      steps:
                        %s
                        - setBody: { expression: { constant: { expression: done } } }
                """
                        .formatted(id, workflow, parameter, step));
    }
}
