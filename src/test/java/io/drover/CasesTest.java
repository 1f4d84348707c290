package io.drover;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Each input that once failed has tests, and they are there: {@code src/test/cases/run} runs them, a line a case. */
@Quick
class CasesTest {

    @Test
    void namesTestsThatAreThere() throws IOException {
        Map<String, String> types = types();
        List<String[]> cases = cases();

        assertThat(cases).hasSizeGreaterThan(20).allMatch(columns -> columns.length == 2);
        assertThat(cases)
                .flatExtracting(columns -> List.of(columns[1].split(",")))
                .allSatisfy(named -> {
                    String[] parts = named.split("#");
                    assertThat(types).containsKey(parts[0]);
                    assertThat(Class.forName(types.get(parts[0]), false, CasesTest.class.getClassLoader())
                                    .getDeclaredMethods())
                            .extracting(Method::getName)
                            .contains(parts[1]);
                });
    }

    /** The names of all classes of the tests, by their simple names. */
    private static Map<String, String> types() throws IOException {
        Path root = Path.of("target/test-classes");
        try (Stream<Path> files = Files.walk(root.resolve("io/drover"))) {
            return files.map(file -> root.relativize(file).toString())
                    .filter(file -> file.endsWith("Test.class"))
                    .map(file -> file.replace(".class", "").replace('/', '.'))
                    .collect(Collectors.toMap(name -> name.substring(name.lastIndexOf('.') + 1), name -> name));
        }
    }

    private static List<String[]> cases() throws IOException {
        try (Stream<Path> tables = Files.list(Path.of("src/test/cases"))) {
            return tables.filter(file -> file.toString().endsWith(".tsv"))
                    .flatMap(CasesTest::lines)
                    .filter(line -> !line.isBlank())
                    .map(line -> line.split("\t"))
                    .toList();
        }
    }

    private static Stream<String> lines(Path file) {
        try {
            return Files.readAllLines(file).stream();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
