package io.drover.memory;

import io.drover.NodeProject;
import java.io.IOException;
import java.util.concurrent.TimeUnit;

/** A PostgreSQL with pgvector, compiled to WebAssembly (PGlite), as a child of this process: no embedded or packaged server has the extension. */
final class PgvectorServer implements AutoCloseable {

    private final Process process;
    private final int port;

    private PgvectorServer(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    /** Skips the test, and says so, where there is no Node.js. */
    static PgvectorServer start() throws InterruptedException {
        Process process = new NodeProject("pgvector").start("server.mjs");
        String line = NodeProject.firstLine(process);
        if (line == null) {
            throw new IllegalStateException("PGlite ended with %d before it listened".formatted(process.waitFor()));
        }
        return new PgvectorServer(process, Integer.parseInt(line.substring("port ".length())));
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
