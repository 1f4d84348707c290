package io.drover.mcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Runs programs of {@code src/test/node/mcp} with what its lock file names, installed below {@code target/}. They run on
 * the Node that comes with the lock file, because the conformance suite needs a later one than Debian has.
 */
final class NodePrograms {

    private static final Path SOURCES = Path.of("src/test/node/mcp");
    private static final Path DIRECTORY = Path.of("target/mcp-node").toAbsolutePath();

    private NodePrograms() {}

    /** What a program printed, and how it ended. */
    record Result(int exitCode, String output) {}

    /** Runs a program to its end. */
    static Result run(String... command) {
        return run(DIRECTORY, node(command));
    }

    /** Starts a program; the caller ends it. Its first line says that it is ready. */
    static Process start(String... command) {
        try {
            Path log = Files.createTempFile(install(), "program", ".log");
            return new ProcessBuilder(node(command))
                    .directory(DIRECTORY.toFile())
                    .redirectError(log.toFile())
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The first line that a program prints. */
    static String firstLine(Process process) {
        try {
            BufferedReader out = process.inputReader();
            return out.readLine();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> node(String... command) {
        List<String> words = new ArrayList<>();
        words.add(newestNode());
        words.addAll(List.of(command));
        return words;
    }

    private static String newestNode() {
        try (Stream<Path> packages = Files.list(install().resolve("node_modules"))) {
            return packages.filter(path -> path.getFileName().toString().startsWith("node-linux-"))
                    .map(path -> path.resolve("bin/node").toString())
                    .findFirst()
                    .orElse("node");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static synchronized Path install() {
        assumeTrue(
                isThere("node") && isThere("npm"), "node and npm are not installed: the tests with them are left out");
        try {
            Files.createDirectories(DIRECTORY);
            Path lock = DIRECTORY.resolve("package-lock.json");
            boolean installed = Files.exists(DIRECTORY.resolve("node_modules/.package-lock.json"))
                    && Files.exists(lock)
                    && Files.mismatch(lock, SOURCES.resolve("package-lock.json")) < 0;
            try (Stream<Path> files = Files.list(SOURCES)) {
                for (Path file : files.toList()) {
                    Files.copy(file, DIRECTORY.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
                }
            }
            if (!installed) {
                Result npm = run(DIRECTORY, List.of("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"));
                assertThat(npm.exitCode()).as(npm.output()).isZero();
            }
            return DIRECTORY;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isThere(String program) {
        return Stream.of(System.getenv("PATH").split(":"))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    }

    private static Result run(Path directory, List<String> command) {
        try {
            Process process = new ProcessBuilder(command)
                    .directory(directory.toFile())
                    .redirectErrorStream(true)
                    .start();
            String output =
                    new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
            assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
            return new Result(process.exitValue(), output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
