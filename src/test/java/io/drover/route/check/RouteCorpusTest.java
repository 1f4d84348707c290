package io.drover.route.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.drover.Quick;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.dsl.yaml.YamlRoutesBuilderLoader;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.ResourceHelper;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.mock.env.MockEnvironment;

/**
 * Camel YAML as people write it: each file ends with what {@code validate} says of it, {@code # <line>: <message>}, or with
 * {@code # ok}.
 */
@Quick
class RouteCorpusTest {

    private static final Path DIRECTORY = Path.of("src/test/resources/routes-corpus");

    private static RouteValidator.Report report;

    @BeforeAll
    static void validate() {
        MockEnvironment environment = new MockEnvironment().withProperty("drover.datasources.orders.url", "jdbc:x");
        report = RouteValidator.standalone(environment).validate(DIRECTORY);
    }

    static List<Path> files() {
        return RouteReader.files(DIRECTORY);
    }

    @ParameterizedTest
    @MethodSource("files")
    void saysWhatTheFileExpects(Path file) throws IOException {
        List<String> expected = Files.readAllLines(file).stream()
                .filter(line -> line.startsWith("# "))
                .map(line -> line.substring(2))
                .toList();

        Stream<String> found = report.problems().stream()
                .filter(problem -> problem.file().equals(file.getFileName().toString()))
                .map(problem -> problem.line() + ": " + problem.message());

        assertThat(expected).isNotEmpty();
        assertThat(found).containsExactlyElementsOf(expected.equals(List.of("ok")) ? List.of() : expected);
    }

    /** A file that is right for {@code validate} is one for Camel. */
    @ParameterizedTest
    @MethodSource("files")
    void camelReadsWhatIsRight(Path file) throws Exception {
        String text = Files.readString(file);
        if (text.endsWith("# ok\n")) {
            try (CamelContext context = new DefaultCamelContext();
                    YamlRoutesBuilderLoader loader = new YamlRoutesBuilderLoader()) {
                loader.setCamelContext(context);
                loader.start();

                assertThat(loader.loadRoutesBuilder(ResourceHelper.fromString(file.toString(), text)))
                        .isNotNull();
            }
        }
    }
}
