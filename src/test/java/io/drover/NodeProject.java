package io.drover;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Programs of a directory below {@code src/test/node}, with what its lock file names, installed below {@code target/node}. They run
 * on the Node that comes with the lock file, where it names one.
 */
public final class NodeProject {

    /** What a program printed, and how it ended. */
    public record Result(int exitCode, String output) {}

    private final Path sources;
    private final Path directory;

    public NodeProject(String name) {
        sources = Path.of("src/test/node", name);
        directory = Path.of("target/node", name).toAbsolutePath();
    }

    /** Where it is installed. Skips the test, and says so, where there is no Node.js. */
    public synchronized Path install() {
        Needed.orSkip(Needed.NODE, Needed.NPM);
        try (FileChannel channel =
                        FileChannel.open(Files.createDirectories(directory).resolve(".lock"), WRITE, CREATE);
                FileLock other = channel.lock()) { // the tests run in several JVMs
            assertThat(other.isShared()).isFalse();
            Path lock = directory.resolve("package-lock.json");
            boolean installed = Files.exists(directory.resolve("node_modules/.package-lock.json"))
                    && Files.exists(lock)
                    && Files.mismatch(lock, sources.resolve("package-lock.json")) < 0;
            try (Stream<Path> files = Files.list(sources)) {
                for (Path file : files.toList()) {
                    copy(file, directory.resolve(file.getFileName()));
                }
            }
            if (!installed) {
                Result npm = execute(List.of("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"));
                assertThat(npm.exitCode()).as(npm.output()).isZero();
            }
            return directory;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A program that another JVM runs is not written again under its feet. */
    private static void copy(Path file, Path target) throws IOException {
        if (!Files.exists(target) || Files.mismatch(file, target) >= 0) {
            Files.copy(file, target, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    /** Runs a program of it to its end. */
    public Result run(String... command) {
        return execute(node(command));
    }

    /** Starts a program of it; the caller ends it. Its first line says that it is ready. */
    public Process start(String... command) {
        try {
            List<String> words = node(command);
            Path log = Files.createTempFile(directory, "program", ".log");
            return new ProcessBuilder(words)
                    .directory(directory.toFile())
                    .redirectError(log.toFile())
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The first line that a program prints. */
    public static String firstLine(Process process) {
        try {
            BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
            return out.readLine();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<String> node(String... command) {
        List<String> words = new ArrayList<>();
        words.add(newestNode());
        words.addAll(List.of(command));
        return words;
    }

    private String newestNode() {
        try (Stream<Path> packages = Files.list(install().resolve("node_modules"))) {
            return packages.filter(path -> path.getFileName().toString().startsWith("node-linux-"))
                    .map(path -> path.resolve("bin/node").toString())
                    .findFirst()
                    .orElse("node");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Result execute(List<String> command) {
        try {
            Process process = new ProcessBuilder(command)
                    .directory(directory.toFile())
                    .redirectErrorStream(true)
                    .start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
            return new Result(process.exitValue(), output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
