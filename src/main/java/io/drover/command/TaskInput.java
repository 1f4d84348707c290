package io.drover.command;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

/** What a command line says of a task that is to be submitted. */
final class TaskInput {

    /** Some editors begin a file with it; no document does. */
    private static final String BYTE_ORDER_MARK = "\uFEFF";

    @Parameters(paramLabel = "<workflow>", description = "The workflow.")
    private String workflow;

    @Option(
            names = "--input",
            required = true,
            paramLabel = "<file>",
            description = "A file that holds the task's input as JSON; - for stdin.")
    private Path input;

    @Option(
            names = "--key",
            description = "The idempotency key: two submissions with the same workflow and key are one task.")
    private @Nullable String key;

    @Option(
            names = "--dry-run",
            description = {
                "Call nothing but tools that only read, and models. The other calls are shown, and answered without being"
                        + " made."
            })
    private boolean dryRun;

    boolean isDryRun() {
        return dryRun;
    }

    String workflow() {
        return workflow;
    }

    @Nullable
    String key() {
        return key;
    }

    /** @throws ParameterException if there is no such file, or it is no text in UTF-8 */
    String read(CommandLine command) {
        try {
            byte[] bytes = input.toString().equals("-") ? System.in.readAllBytes() : Files.readAllBytes(input);
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            return text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text;
        } catch (IOException e) {
            throw new ParameterException(
                    command,
                    "--input (%s) %s; it must be a file that holds JSON, or - for stdin".formatted(input, problem(e)));
        }
    }

    private String problem(IOException failure) {
        return switch (failure) {
            case NoSuchFileException e -> "does not exist";
            case AccessDeniedException e -> "may not be read by this user";
            case CharacterCodingException e -> "is not text in UTF-8";
            default -> Files.isDirectory(input) ? "is a directory" : "cannot be read: " + failure.getMessage();
        };
    }
}
