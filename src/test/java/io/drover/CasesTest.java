package io.drover;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Each input that once failed has tests, and they are there: {@code src/test/cases/run} runs them, a line a case. */
@Quick
class CasesTest {

    @Test
    void namesTestsThatAreThere() throws IOException {
        Set<String> methods = new ClassFileImporter()
                .importPath(Path.of("target/test-classes")).stream()
                        .flatMap(CasesTest::methods)
                        .collect(Collectors.toSet());

        List<String[]> cases = cases();

        assertThat(cases).hasSizeGreaterThan(20).allMatch(columns -> columns.length == 2);
        assertThat(cases)
                .flatExtracting(columns -> List.of(columns[1].split(",")))
                .isSubsetOf(methods);
    }

    private static Stream<String> methods(JavaClass type) {
        return type.getMethods().stream().map(method -> type.getSimpleName() + "#" + method.getName());
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
