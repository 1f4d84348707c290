package io.drover.command;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.drover.DroverJvm;
import io.drover.json.Json;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/**
 * A process that runs one command of Drover after the other, as many processes would.
 * Starting one takes longer than most commands; what only a new process can show is tested by one.
 */
final class CommandProcess implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Process process;
    private final BufferedReader answers;
    private final PrintWriter commands;

    CommandProcess() {
        try {
            process = new ProcessBuilder(DroverJvm.command(CommandProcess.class))
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        answers = process.inputReader(StandardCharsets.UTF_8);
        commands = new PrintWriter(process.outputWriter(StandardCharsets.UTF_8), true);
    }

    synchronized CommandRun run(String... args) {
        commands.println(Json.write(List.of(args)));
        try {
            Map<?, ?> answer = JSON.readValue(answers.readLine(), Map.class);
            return new CommandRun(((Number) answer.get("exitCode")).intValue(), (String) answer.get("out"), (String)
                    answer.get("err"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }

    public static void main(String[] none) throws IOException {
        PrintStream answers = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        BufferedReader commands = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = commands.readLine(); line != null; line = commands.readLine()) {
            String[] args = JSON.readValue(line, String[].class);
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            ByteArrayOutputStream err = new ByteArrayOutputStream();
            System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
            System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
            int exitCode = DroverCommand.run(args);
            answers.println(Json.write(Map.of(
                    "exitCode",
                    exitCode,
                    "out",
                    out.toString(StandardCharsets.UTF_8),
                    "err",
                    err.toString(StandardCharsets.UTF_8))));
        }
        System.exit(0);
    }
}
