package io.drover.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.drover.Quick;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine.ParameterException;

/** Each command of Drover that a page shows is one: it exists, as do its options, and their values fit. */
@Quick
class DocumentedCommandsTest {

    private static final Pattern BLOCK = Pattern.compile("```sh\n(.*?)```", Pattern.DOTALL);
    private static final Pattern COMMAND = Pattern.compile("(?m)^(?:java -jar \\S*drover\\.jar|drover) (.*)$");

    /** Quoted by one or the other sign, or not at all; what comes after the command ends it. */
    private static final Pattern WORD = Pattern.compile("'([^']*)'|\"([^\"]*)\"|([^\\s'\"]+)");

    private static final Pattern PLACEHOLDER = Pattern.compile("<[^<>]+>|\\$ID");
    private static final String SOME_ID = "019ab2f4-7c1e-7000-8000-0123456789ab";
    private static final String SOME_NUMBER = "7";

    @Test
    void isUnderstood() throws IOException {
        List<String> wrong = new ArrayList<>();
        int commands = 0;
        for (Path page : pages()) {
            Matcher block = BLOCK.matcher(Files.readString(page));
            while (block.find()) {
                Matcher command = COMMAND.matcher(block.group(1).replaceAll("\\\\\n\\s*", ""));
                while (command.find()) {
                    commands++;
                    String problem = problem(command.group(1), SOME_ID);
                    if (problem != null && problem(command.group(1), SOME_NUMBER) != null) {
                        wrong.add("%s: %s: %s".formatted(page, command.group(), problem));
                    }
                }
            }
        }
        assertThat(wrong).isEmpty();
        assertThat(commands).isGreaterThan(80);
    }

    /** @param value in the place of what is in angle brackets */
    private static String problem(String command, String value) {
        try {
            DroverCommand.commandLine()
                    .parseArgs(words(PLACEHOLDER.matcher(command).replaceAll(value)));
            return null;
        } catch (ParameterException e) {
            return e.getMessage();
        }
    }

    private static List<Path> pages() throws IOException {
        try (Stream<Path> docs = Files.walk(Path.of("docs"))) {
            return Stream.concat(Stream.of(Path.of("README.md")), docs)
                    .filter(path -> path.toString().endsWith(".md"))
                    .sorted()
                    .toList();
        }
    }

    private static String[] words(String command) {
        List<String> words = new ArrayList<>();
        Matcher word = WORD.matcher(command);
        while (word.find() && !List.of("|", ">", "#", "&&", "&").contains(word.group())) {
            String quoted = word.group(1) == null ? word.group(2) : word.group(1);
            words.add(quoted == null ? word.group() : quoted);
        }
        return words.toArray(String[]::new);
    }
}
