package io.drover.crash;

import io.drover.DroverJvm;
import io.drover.ForkDirectory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/** A real Drover process that a test starts, watches and kills. */
final class DroverProcess implements AutoCloseable {

    private static final List<String> UNLESS_GIVEN = List.of(
            "--spring.main.web-application-type=none",
            "--spring.jmx.enabled=false",
            "--drover.worker.lease=3s",
            "--drover.worker.heartbeat=800ms",
            "--drover.worker.concurrency=20",
            "--spring.datasource.hikari.maximum-pool-size=8");

    private final Process process;
    private final Path log;

    private DroverProcess(Process process, Path log) {
        this.process = process;
        this.log = log;
    }

    /** Starts a worker on a database and the route files of the guard's tests. */
    static DroverProcess worker(String jdbcUrl, String serverUrl, String... more) {
        List<String> arguments = new ArrayList<>(List.of(
                "--drover.role=worker",
                "--drover.routes.directory=src/test/resources/routes-guard/processes",
                "--server.url=" + serverUrl));
        arguments.addAll(List.of(more));
        return start(jdbcUrl, null, arguments.toArray(String[]::new));
    }

    /** The same, but when its first call ends it has no thread left for attempts, until the signal USR2. */
    static DroverProcess freezing(String jdbcUrl, String serverUrl) {
        return start(
                Map.of("DROVER_TEST_FREEZE", "first call"),
                jdbcUrl,
                "--drover.role=worker",
                "--drover.routes.directory=src/test/resources/routes-guard/processes",
                "--server.url=" + serverUrl,
                "-XX:ActiveProcessorCount=1"); // what holds all carriers leaves a core to the others
    }

    /** Starts a process without a web server on a database. Options of the JVM may be among the arguments. */
    static DroverProcess start(String jdbcUrl, CrashPoint point, String... more) {
        return start(Map.of(), jdbcUrl, point, more);
    }

    /** Starts a process without a web server, which finds these variables in its environment. */
    static DroverProcess start(Map<String, String> environment, String jdbcUrl, String... more) {
        return start(environment, jdbcUrl, (CrashPoint) null, more);
    }

    private static DroverProcess start(
            Map<String, String> environment, String jdbcUrl, CrashPoint point, String... more) {
        try {
            Path directory = ForkDirectory.of("crash");
            Path log = Files.createTempFile(directory, "worker", ".log");
            Stream<String> ofTheJvm = Stream.of(more).filter(DroverProcess::isOfTheJvm);
            List<String> command = DroverJvm.command(
                    CrashingWorker.class,
                    Stream.concat(point == null ? Stream.empty() : Stream.of("-Dcrash.point=" + point), ofTheJvm)
                            .toArray(String[]::new));
            command.add("--spring.datasource.url=" + jdbcUrl);
            Stream.of(more).filter(argument -> !isOfTheJvm(argument)).forEach(command::add);
            UNLESS_GIVEN.stream()
                    .filter(ours ->
                            command.stream().noneMatch(given -> name(given).equals(name(ours))))
                    .forEach(command::add);
            ProcessBuilder builder =
                    new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
            builder.environment().putAll(environment);
            Process process = builder.start();
            return new DroverProcess(process, log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isOfTheJvm(String argument) {
        return argument.startsWith("-X");
    }

    private static String name(String option) {
        return option.split("=", 2)[0];
    }

    DroverProcess awaitClaiming() {
        Awaitility.await().until(() -> !process.isAlive() || log().contains("claims tasks"));
        return this;
    }

    /** Waits until it has died by itself. */
    void awaitDeath() {
        Awaitility.await().until(() -> !process.isAlive());
    }

    /** The first part of the worker's name. */
    long pid() {
        return process.pid();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** {@code kill -9}. */
    void kill() {
        process.destroyForcibly();
        awaitDeath();
    }

    void signal(String name) {
        try {
            new ProcessBuilder(
                            "sh",
                            "-c",
                            "kill -%s %d".formatted(name, process.pid())) // the shell has it, Debian's base not
                    .inheritIO()
                    .start()
                    .waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    int exitCode() {
        awaitDeath();
        return process.exitValue();
    }

    String log() {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        kill();
    }
}
