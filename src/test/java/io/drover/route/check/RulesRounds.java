package io.drover.route.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.drover.json.Json;
import io.drover.rules.CallFacts;
import io.drover.rules.Rules;
import io.drover.rules.TaskHistory;
import io.drover.rules.Verdict;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.springframework.core.env.StandardEnvironment;

/** Random files of rules: what they say about calls is what they mean, and a broken one ends in short words. */
public final class RulesRounds {

    private static final int CALLS = 50;
    private static final String TOOL =
            """
            - route:
                id: pay
                from:
                  uri: tool:pay
                  parameters: { description: Pays, parameter.amount: number, parameter.note: string? }
                  steps:
                    - setBody: { constant: done }
            """;
    private static final List<String> PIECES = List.of(
            "&&",
            "||",
            "!",
            "(",
            ")",
            "[",
            "]",
            "{",
            "}",
            "'",
            "\"",
            ",",
            ":",
            "- ",
            "\n",
            "args",
            ".amount",
            "history",
            ".did('pay')",
            "cost",
            "0x",
            "1e999",
            "-9223372036854775809",
            "size(",
            ".all(x, ",
            ".matches('(a+)+$')",
            "? ",
            "then: permit",
            "when: ",
            "has(",
            "null",
            "\u202e",
            "\ud83d\ude00",
            "\t",
            "type(",
            "dyn(",
            "timestamp(");

    private final RouteValidator validator = RouteValidator.standalone(new StandardEnvironment());
    private final Path directory;
    private final List<RouteFile> files;

    /** @param directory an empty one */
    public RulesRounds(Path directory) {
        this.directory = directory;
        this.files = List.of(validator.reader().parsed(directory, directory.resolve("pay.camel.yaml"), TOOL, 0));
    }

    private RulesFile read(String text) throws IOException {
        // half a character of two, which a random cut leaves, is written as a question mark
        Files.write(directory.resolve("rules.yaml"), text.getBytes(StandardCharsets.UTF_8));
        return validator.rules(directory, files);
    }

    public void theySayWhatTheyMean(Random random) throws IOException {
        RandomRules written = new RandomRules(random, "pay", "flow", "pay", "pay", "*", "p*");
        RulesFile file = read(written.yaml());
        assertThat(file.problems()).as(written.yaml()).isEmpty();
        Rules rules = file.content();
        for (int i = 0; i < CALLS; i++) {
            RandomRules.Call call = call(random);
            Verdict verdict = rules.on(facts(call));
            assertThat(verdict.ruling().word())
                    .as("%s%n%s", written.yaml(), call)
                    .isEqualTo(written.on(call));
        }
    }

    public void whatIsBrokenEndsInShortWords(Random random) throws IOException {
        StringBuilder text = new StringBuilder(new RandomRules(random, "pay", "flow", "pay", "pay", "*", "p*").yaml());
        for (int i = random.nextInt(4); i >= 0; i--) {
            int at = random.nextInt(text.length() + 1);
            if (random.nextInt(3) == 0) {
                text.delete(at, Math.min(text.length(), at + random.nextInt(20)));
            } else {
                text.insert(at, PIECES.get(random.nextInt(PIECES.size())).repeat(random.nextInt(30) == 0 ? 3_000 : 1));
            }
        }
        RulesFile file = read(text.toString());
        for (Problem problem : file.problems()) {
            assertThat(problem.message())
                    .as(text.toString())
                    .hasSizeLessThan(1_000)
                    .doesNotContain("\n", "\r", "Exception", "io.drover", "dev.cel", "java.");
        }
        if (file.content() != null) {
            Verdict verdict = file.content().on(facts(call(random)));
            assertThat(verdict.reason()).hasSizeLessThan(1_000).doesNotContain("\n", "java.", "\tat ");
        }
    }

    private static RandomRules.Call call(Random random) {
        return new RandomRules.Call(
                "pay",
                random.nextInt(41) / 2.0,
                random.nextBoolean() ? Optional.empty() : Optional.of(random.nextBoolean() ? "x" : "y"),
                random.nextInt(3) == 0 ? "other" : "flow",
                random.nextBoolean() ? "sub" : "",
                List.of(),
                random.nextBoolean() ? List.of() : List.of("a" + random.nextInt(3)),
                1 + random.nextInt(4),
                random.nextInt(41) / 2.0,
                random.doubles(random.nextInt(4), 0, 10)
                        .mapToObj(amount -> Math.round(amount * 2) / 2.0)
                        .toList());
    }

    private static CallFacts facts(RandomRules.Call call) throws IOException {
        Map<String, Object> arguments = call.note()
                .<Map<String, Object>>map(note -> Map.of("amount", call.amount(), "note", note))
                .orElse(Map.of("amount", call.amount()));
        return new CallFacts(
                call.tool(),
                Json.parse("{\"properties\":{\"amount\":{\"type\":\"number\"}}}"),
                Json.tree(arguments),
                new CallFacts.Task(call.workflow(), null, call.attempt()),
                new CallFacts.Actor(call.actor(), Set.copyOf(call.roles())),
                call.agents(),
                new TaskHistory() {

                    @Override
                    public BigDecimal cost() {
                        return BigDecimal.valueOf(call.cost());
                    }

                    @Override
                    public Collection<Earlier> calls(String tool) {
                        return call.paid().stream()
                                .map(amount -> new Earlier(() -> Json.tree(Map.of("amount", amount)), false))
                                .toList();
                    }
                });
    }
}
