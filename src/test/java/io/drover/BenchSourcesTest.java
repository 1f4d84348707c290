package io.drover;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The benchmark measures this code: it compiles against it, which the build itself does not see. */
@Quick
class BenchSourcesTest {

    @TempDir
    Path out;

    @Test
    void compile() throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter problems = new StringWriter();
        List<Path> sources;
        try (Stream<Path> files = Files.walk(Path.of("bench"))) {
            sources = files.filter(file -> file.toString().endsWith(".java")).toList();
        }
        var files = compiler.getStandardFileManager(null, null, null);

        boolean compiled = compiler.getTask(
                        problems,
                        files,
                        null,
                        List.of(
                                "-proc:none",
                                "-nowarn",
                                "-cp",
                                System.getProperty("java.class.path"),
                                "-d",
                                out.toString()),
                        null,
                        files.getJavaFileObjectsFromPaths(sources))
                .call();

        assertThat(compiled).as(problems.toString()).isTrue();
    }
}
