package io.drover.command;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/** The file that {@code --input} names; {@code -} is stdin. */
final class InputFile {

    private InputFile() {}

    /** @throws ParameterException if there is no such file, or it is no text in UTF-8 */
    static String read(Path input, CommandLine command) {
        try {
            byte[] bytes = input.toString().equals("-") ? System.in.readAllBytes() : Files.readAllBytes(input);
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (IOException e) {
            throw new ParameterException(
                    command,
                    "--input (%s) %s; it must be a file that holds JSON, or - for stdin"
                            .formatted(input, problem(input, e)));
        }
    }

    private static String problem(Path input, IOException failure) {
        return switch (failure) {
            case NoSuchFileException e -> "does not exist";
            case AccessDeniedException e -> "may not be read by this user";
            case CharacterCodingException e -> "is not text in UTF-8";
            default -> Files.isDirectory(input) ? "is a directory" : "cannot be read: " + failure.getMessage();
        };
    }
}
