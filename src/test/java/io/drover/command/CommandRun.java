package io.drover.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.drover.Drover;
import io.drover.DroverJvm;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** What came of a command that a test ran. */
record CommandRun(int exitCode, String out, String err) {

    /** Asks a running instance, as drover.jar does, but in this process, which spares the start of another. */
    static CommandRun here(List<String> words) {
        String[] args = words.toArray(String[]::new);
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int exitCode = ClientCommand.of(args)
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(args);
        return new CommandRun(exitCode, out.toString(), err.toString());
    }

    /**
     * In a process of its own.
     *
     * @param directory   for what it prints
     * @param environment variables, as in {@code DROVER_KEY=x}, beside those of this process
     */
    static CommandRun alone(Path directory, List<String> environment, String... args)
            throws IOException, InterruptedException {
        Path out = Files.createTempFile(directory, "out", "");
        Path err = Files.createTempFile(directory, "err", "");
        List<String> command = DroverJvm.command(Drover.class, "-Dstdout.encoding=UTF-8");
        command.addAll(List.of(args));
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
        builder.environment().remove("DROVER_USER"); // of who runs the tests
        environment.forEach(variable -> builder.environment().put(variable.split("=")[0], variable.split("=", 2)[1]));
        Process process = builder.start();
        assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
        return new CommandRun(process.exitValue(), Files.readString(out), Files.readString(err));
    }
}
