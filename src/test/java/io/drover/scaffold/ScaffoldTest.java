package io.drover.scaffold;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drover.Quick;
import io.drover.route.check.RouteValidator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.mock.env.MockEnvironment;

/** Samples are route files that pass {@code validate}, and they take no other file's place. */
@Quick
class ScaffoldTest {

    private static final RouteValidator VALIDATOR = RouteValidator.standalone(new MockEnvironment());

    @TempDir
    private Path directory;

    @Test
    void writesFilesThatPassValidate() throws Exception {
        Path routes = directory.resolve("new/routes");
        Scaffold scaffold = new Scaffold(routes, VALIDATOR);

        scaffold.write(Sample.TOOL, "look_up", null);
        scaffold.write(Sample.WORKFLOW, "order-2", null);
        scaffold.write(Sample.AGENT, "helper", null);
        Path trigger = scaffold.write(Sample.TRIGGER, "orders", "order-2");

        RouteValidator.Report report = VALIDATOR.validate(routes);
        assertThat(report.problems()).isEmpty();
        assertThat(report.files()).isEqualTo(4);
        assertThat(trigger).isEqualTo(routes.resolve("triggers/orders.camel.yaml"));
        assertThat(Files.readString(trigger)).contains("uri: task:order-2", "{{orders.topic:orders}}", "# Two records");
    }

    /** A test file is about a workflow that is there, and takes no route's place. */
    @Test
    void writesATestOfAWorkflow() throws Exception {
        Scaffold scaffold = new Scaffold(directory, VALIDATOR);
        assertThatThrownBy(() -> scaffold.write(Sample.TEST, "order", null))
                .isInstanceOf(RefusedFileException.class)
                .hasMessageContaining("declares the workflow 'order'; write it first: `new workflow order`");
        scaffold.write(Sample.WORKFLOW, "order", null);

        Path file = scaffold.write(Sample.TEST, "order", null);

        assertThat(file).isEqualTo(directory.resolve("workflows/order.test.yaml"));
        assertThat(Files.readString(file)).contains("workflow: order\n");
        assertThatThrownBy(() -> scaffold.write(Sample.TEST, "order", null))
                .isInstanceOf(RefusedFileException.class)
                .hasMessage(
                        file + " is there already, and nothing was written; choose another name, or remove that file");
    }

    @Test
    void overwritesNothingWhateverFolderTheNameIsTakenIn() throws Exception {
        Scaffold scaffold = new Scaffold(directory, VALIDATOR);
        Path first = scaffold.write(Sample.TOOL, "charge", null);
        Files.writeString(first, "mine");

        for (Sample sample : new Sample[] {Sample.TOOL, Sample.WORKFLOW, Sample.AGENT}) {
            assertThatThrownBy(() -> scaffold.write(sample, sample == Sample.AGENT ? "Charge" : "charge", null))
                    .isInstanceOf(RefusedFileException.class)
                    .hasMessage(first
                            + " is there already, and nothing was written; choose another name, or remove that file");
        }
        assertThat(Files.readString(first)).isEqualTo("mine");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "TOOL|9lives||tool '9lives' needs a name of 1 to 64 letters, digits, '_' and '-', beginning with a letter, as in"
                        + " order_lookup",
                "TOOL|../x||tool '../x' needs a name",
                "TOOL|a b||tool 'a b' needs a name",
                "TOOL|memory.x||names that begin with memory. or model. are reserved",
                "WORKFLOW|${body}||workflow '$ {body}' needs a name",
                "WORKFLOW|mcp||the workflow 'mcp' is built in",
                "TRIGGER|orders|none|declares the workflow 'none'; write it first: `new workflow none`",
                "TRIGGER|orders|a/b|workflow 'a/b' needs a name"
            })
    void refusesAName(Sample sample, String name, String workflow, String message) throws IOException {
        assertThatThrownBy(() -> new Scaffold(directory, VALIDATOR).write(sample, name, workflow))
                .isInstanceOf(RefusedFileException.class)
                .hasMessageContaining(message);
        assertThat(directory).isEmptyDirectory();
    }
}
