package io.drover;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Words over which a reader stumbles stay out of the pages, of messages and of the comments of the API. */
@Quick
class PlainEnglishTest {

    /** Each has a plain word: immediately or concurrently, again, suspended, this many, no one, the caller that. */
    private static final Pattern STUMBLE = Pattern.compile(
            "\\b(at once|anew|put away|puts away|so many|nobody|whoever|how-manieth|made up for)\\b",
            Pattern.CASE_INSENSITIVE);
    /** A comment of the API, another comment, a text block, a string, a character. */
    private static final Pattern TOKEN = Pattern.compile(
            "(/\\*\\*(?s:.*?)\\*/)|/\\*(?s:.*?)\\*/|//[^\\n]*|(\"\"\"(?s:.*?)\"\"\"|\"(?:[^\"\\\\\\n]++|\\\\.)*+\")|'(?:\\\\.|[^'\\\\])'");

    @Test
    void thePagesUsePlainWords() throws IOException {
        List<String> found = new ArrayList<>();
        for (Path page : Prose.pages()) {
            Prose.words(page).forEach(line -> STUMBLE.matcher(line.text())
                    .results()
                    .forEach(word -> found.add("%s:%d: %s".formatted(page, line.number(), word.group()))));
        }
        assertThat(found).isEmpty();
    }

    @Test
    void theCodeUsesPlainWords() throws IOException {
        List<String> found = new ArrayList<>();
        try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
            for (Path file :
                    files.filter(path -> path.toString().endsWith(".java")).toList()) {
                words(Files.readString(file)).forEach(word -> found.add(file + ": " + word));
            }
        }
        assertThat(found).isEmpty();
        assertThat(words("/** Runs at\n * once. */ int a; // at once\n String b = \"Nobody\"; /* anew */"))
                .containsExactly("at once", "Nobody");
    }

    private static List<String> words(String code) {
        List<String> words = new ArrayList<>();
        Matcher token = TOKEN.matcher(code);
        while (token.find()) {
            String text = token.group(1) != null ? token.group(1) : token.group(2);
            if (text != null) {
                String joined = text.replaceAll("\\s+\\*?\\s*", " ");
                STUMBLE.matcher(joined).results().forEach(word -> words.add(word.group()));
            }
        }
        return words;
    }
}
