package io.drover;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The pages, and the text in them that is neither code nor a table. */
final class Prose {

    private static final Pattern CODE = Pattern.compile("`[^`]*`");
    /** The mark of a heading or of an item, its number, and the bold words that begin a paragraph. */
    private static final Pattern LEAD = Pattern.compile("^\\s*(#+ )?(- |\\d+\\. )?(\\*\\*[^*]+\\*\\*)?");
    /** What ends a sentence, before a capital that begins the next; not the point of an abbreviation or of an ellipsis. */
    private static final Pattern NEXT = Pattern.compile("(?<!e\\.g|i\\.e|\\.\\.)[.?!][)\"*]* +[(\"*\\[]*\\p{Lu}");

    private Prose() {}

    static List<Path> pages() throws IOException {
        try (Stream<Path> docs = Files.walk(Path.of("docs"))) {
            return Stream.concat(
                            docs.filter(path -> path.toString().endsWith(".md")),
                            Stream.of("README.md", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md", "bench/README.md")
                                    .map(Path::of))
                    .toList();
        }
    }

    /** Lines of text; one that shows an image cannot be broken, so it is left out. */
    static List<Line> lines(Path page) throws IOException {
        return outsideCode(page).stream()
                .filter(line -> !line.text().strip().startsWith("|"))
                .filter(line -> !line.text().startsWith("!["))
                .toList();
    }

    /** Lines of text and of tables, without what is set in the type of code. */
    static List<Line> words(Path page) throws IOException {
        return outsideCode(page).stream()
                .map(line -> new Line(line.number(), CODE.matcher(line.text()).replaceAll("`")))
                .toList();
    }

    /** What a link to a heading of the page may say behind its {@code #}. */
    static Set<String> anchors(Path page) throws IOException {
        return outsideCode(page).stream()
                .map(Line::text)
                .filter(line -> line.startsWith("#"))
                .map(heading -> heading.replaceFirst("^#+ ", "")
                        .toLowerCase()
                        .replaceAll("[^\\p{L}\\p{N} _-]", "")
                        .replace(' ', '-'))
                .collect(Collectors.toSet());
    }

    private static List<Line> outsideCode(Path page) throws IOException {
        List<Line> lines = new ArrayList<>();
        boolean code = false;
        int number = 0;
        for (String line : Files.readAllLines(page)) {
            number++;
            if (line.strip().startsWith("```")) {
                code = !code;
            } else if (!code) {
                lines.add(new Line(number, line));
            }
        }
        return lines;
    }

    record Line(int number, String text) {

        int length() {
            return text.codePointCount(0, text.length());
        }

        long sentences() {
            String bare = CODE.matcher(text).replaceAll("x");
            return 1
                    + NEXT.matcher(LEAD.matcher(bare).replaceFirst(""))
                            .results()
                            .count();
        }
    }
}
