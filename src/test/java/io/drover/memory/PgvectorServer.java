package io.drover.memory;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/** A PostgreSQL with pgvector, compiled to WebAssembly (PGlite), as a child of this process: no embedded or packaged server has the extension. */
final class PgvectorServer implements AutoCloseable {

    private static final Path SOURCES = Path.of("src/test/node/pgvector");
    private static final Path DIRECTORY = Path.of("target/pgvector");

    private final Process process;
    private final int port;

    private PgvectorServer(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    /** Skips the test, and says so, where there is no Node.js. */
    static PgvectorServer start() throws IOException, InterruptedException {
        Assumptions.assumeTrue(
                isThere("node") && isThere("npm"),
                "SKIPPED: pgvector is tested in a PostgreSQL that runs on Node.js 20 or later; install node and npm");
        install();
        Process process = new ProcessBuilder("node", "server.mjs")
                .directory(DIRECTORY.toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
        for (String line = out.readLine(); line != null; line = out.readLine()) {
            if (line.startsWith("port ")) {
                return new PgvectorServer(process, Integer.parseInt(line.substring(5)));
            }
        }
        throw new IllegalStateException("PGlite ended with %d before it listened".formatted(process.waitFor()));
    }

    private static void install() throws IOException, InterruptedException {
        Files.createDirectories(DIRECTORY);
        boolean same = true;
        for (String file : List.of("package.json", "package-lock.json", "server.mjs")) {
            Path copy = DIRECTORY.resolve(file);
            same &= Files.exists(copy) && Files.mismatch(SOURCES.resolve(file), copy) < 0;
            Files.copy(SOURCES.resolve(file), copy, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        }
        if (same && Files.exists(DIRECTORY.resolve("node_modules/.package-lock.json"))) {
            return;
        }
        File log = DIRECTORY.resolve("npm.log").toFile();
        Process npm = new ProcessBuilder("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund")
                .directory(DIRECTORY.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log)
                .start();
        if (npm.waitFor() != 0) {
            throw new IllegalStateException(
                    "npm ci failed in %s: %s".formatted(DIRECTORY, Files.readString(log.toPath())));
        }
    }

    private static boolean isThere(String program) throws InterruptedException {
        try {
            Process version = new ProcessBuilder(program, "--version")
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return version.waitFor() == 0;
        } catch (IOException e) {
            return false;
        }
    }

    String jdbcUrl() {
        return "jdbc:postgresql://127.0.0.1:%d/postgres?user=postgres&password=postgres&sslmode=disable&prepareThreshold=1"
                .formatted(port);
    }

    @Override
    public void close() throws IOException {
        process.getOutputStream().close();
        try {
            if (!process.waitFor(5, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
