package io.drover.route.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.springframework.core.env.StandardEnvironment;

/** Route files that nobody would write: each is refused or taken, and none stops whoever reads it. */
public final class YamlRounds {

    private static final Path ROUTES = Path.of("routes");
    private static final List<String> PIECES = List.of(
            "&a ",
            "*a",
            "[",
            "]",
            "{",
            "}",
            ": ",
            "- ",
            "\n",
            "  ",
            "<<: *a",
            "? ",
            "|",
            ">",
            "!!binary ",
            "\"",
            "'",
            "%",
            "---\n",
            "&b [*b]",
            "\t",
            "{{x}}",
            "${body",
            "1e999999999",
            "line 99999999999",
            "\u0000",
            "[[[[[[[[[[");

    private final RouteValidator validator = RouteValidator.standalone(new StandardEnvironment());
    private final List<String> samples = RouteReader.files(ROUTES).stream()
            .map(file -> {
                try {
                    return Files.readString(file);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            })
            .toList();

    public void everyTextEndsInProblemsOrInNone(Random random) {
        StringBuilder text = new StringBuilder(samples.get(random.nextInt(samples.size())));
        for (int i = random.nextInt(6); i >= 0; i--) {
            int at = random.nextInt(text.length() + 1);
            switch (random.nextInt(3)) {
                case 0 -> text.delete(at, Math.min(text.length(), at + random.nextInt(40)));
                case 1 -> text.insert(at, text.substring(at, Math.min(text.length(), at + random.nextInt(200))));
                default ->
                    text.insert(
                            at,
                            PIECES.get(random.nextInt(PIECES.size()))
                                    .repeat(random.nextInt(20) == 0 ? 5_000 : 1 + random.nextInt(2)));
            }
        }
        assertThat(validator.problems(ROUTES, "x.camel.yaml", text.toString())).isNotNull();
        assertThat(validator
                        .reader()
                        .parsed(ROUTES, ROUTES.resolve("x.camel.yaml"), text.toString(), 0)
                        .kind())
                .isNotNull();
    }
}
