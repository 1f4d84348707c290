package io.drover.route.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.drover.Quick;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.mock.env.MockEnvironment;

/** What a route looks for in text from outside ends soon, whatever the text is. */
@Quick
class RegularExpressionsTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "(a+)+$",
                "^(a|aa)+$",
                "(a|a)*b",
                "(.*)*x",
                "([a-z]+)*1",
                "(?:\\s*,\\s*)+",
                "\\w+\\s*\\w+",
                ".*a.*",
                "(x+x+)+y",
                "(a?){30}a{30}",
                "(\\d{1,9}){1,9}x",
                "(a*){2,}",
                "^(([a-z])+.)+[A-Z]([a-z])+$",
                "(a)\\1+b+",
                "((a+)b?)++c",
                "a{1,}b{0,}",
                "(?<n>a+)+",
                "(?=a+)+a+",
                "[]a]+[^]]+b",
                "(?x) (a +) +",
                "(["
            })
    void refusesWhatGoesBackWithoutAnEnd(String regex) {
        assertThat(PatternCost.problem(regex, false)).isNotNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "^ORD-\\d+$",
                "[A-Z]{2}[0-9]{4}",
                "\\d{4}-\\d{2}-\\d{2}",
                "[^@]++@[^@]++",
                "(?i)yes|no|maybe",
                "Camel.*",
                "abc",
                "",
                "\\Q(a+)+\\E",
                "[a+]*[\\]x]{2}",
                "(ab)+",
                "(foo|bar)",
                "\\p{L}+",
                "(?<name>a{1,9})b?",
                "\\w{1,20}",
                "(?:a|b)++c",
                "[[a-c]&&[^b]]+"
            })
    void takesWhatDoesNot(String regex) {
        assertThat(PatternCost.problem(regex, false)).isNull();
        assertThat(steps(regex, false)).isLessThan(2_000_000);
    }

    @ParameterizedTest
    @ValueSource(strings = {",", "\\n", "\\s{0,9},\\s{0,9}", "[;,]", "\\r?\\n", "a|b"})
    void takesWhatIsLookedForAnywhere(String regex) {
        assertThat(PatternCost.problem(regex, true)).isNull();
        assertThat(steps(regex, true)).isLessThan(5_000_000);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\\s*,\\s*", "\\s++,", "a+$", ",+"})
    void refusesWhatIsLookedForAnywhereWithoutAnEnd(String regex) {
        assertThat(PatternCost.problem(regex, true)).isNotNull();
    }

    /** How many characters are looked at, at worst, in 20,000 of several kinds of text. */
    private static long steps(String regex, boolean anywhere) {
        Random random = new Random(16);
        long worst = 0;
        for (String unit : List.of("a", "ab", " ", "1", "a@", ", ", "foo", "Camela", "ORD-1", "b,a1 ")) {
            String text = unit.repeat(20_000 / unit.length()) + (random.nextBoolean() ? "\n!" : "");
            AtomicLong steps = new AtomicLong();
            var matcher = Pattern.compile(regex).matcher(new Counted(text, 0, text.length(), steps));
            if (anywhere) {
                while (matcher.find()) {}
            } else {
                matcher.matches();
            }
            worst = Math.max(worst, steps.get());
        }
        return worst;
    }

    private record Counted(String text, int from, int to, AtomicLong steps) implements CharSequence {

        @Override
        public char charAt(int index) {
            steps.incrementAndGet();
            return text.charAt(from + index);
        }

        @Override
        public int length() {
            return to - from;
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            return new Counted(text, from + start, from + end, steps);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "filter: { expression: { simple: { expression: \"${body} regex '(a+)+$'\" } }, steps: [] }",
                "filter: { simple: \"${body} !regex '(a+)+$'\", steps: [] }",
                "filter: { simple: \"${body} not regex '(a+)+$'\", steps: [] }",
                "filter: { simple: \"${body} regex ${header.pattern}\", steps: [] }",
                "filter: { simple: \"${body} regex '${header.pattern}x'\", steps: [] }",
                "filter: { simple: \"${body} == 'a' && ${body} regex \\\"(a+)+$\\\"\", steps: [] }",
                "setBody: { simple: \"${iif(${body} regex '(a+)+$', 1, 2)}\" }",
                "setBody: { simple: \"${body.matches('(a+)+$')}\" }",
                "setBody: { simple: \"${body.replaceAll('(a+)+$', '')}\" }",
                "setBody: { simple: \"${body.replaceFirst('\\\\s+$', '')}\" }",
                "setBody: { simple: \"${body.split(${header.by})}\" }",
                "setBody: { simple: \"${bean:type:java.util.regex.Pattern?method=matches('a', ${body})}\" }",
                "to: { uri: 'tool:other', parameters: { arg.a: \"${body.matches('(a+)+$')}\" } }",
                "split: { expression: { tokenize: { token: '(a+)+$', regex: true } }, steps: [] }",
                "split: { expression: { tokenize: { token: '\\s*,\\s*' } }, steps: [] }",
                "split: { tokenize: '(a+)+$', steps: [] }",
                "split: { expression: { tokenize: { token: '${header.by}' } }, steps: [] }",
                "split: { expression: { tokenize: { token: order, xml: true } }, steps: [] }",
                "removeHeaders: { pattern: '(a+)+$' }",
                "removeHeaders: { pattern: 'x*', excludePattern: '(a+)+$' }",
                "removeProperties: { pattern: '(a+)+$' }",
                "removeVariables: { pattern: '(a+)+$' }",
                "setBody: { jsonpath: { expression: '$[?(@.a =~ /(a+)+$/)]' } }",
                "pollEnrich: { expression: { constant: { expression: 'file:in?include=(a%2B)%2B$' } } }"
            })
    void refusesThemWhereverTheyStand(String step) {
        assertThat(messages(step))
                .anyMatch(message -> message.contains("regular expression") || message.contains("not bounded"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "filter: { expression: { simple: { expression: \"${body} regex '^ORD-[0-9]+$'\" } }, steps: [] }",
                "log: { message: \"no regex for ${body}\" }",
                "setBody: { simple: { expression: \"${body.split(',')}\" } }",
                "split: { expression: { tokenize: { token: ',' } }, steps: [] }",
                "split: { expression: { tokenize: { token: '<a>', endToken: '</a>' } }, steps: [] }",
                "removeHeaders: { pattern: '*', excludePattern: 'Camel*' }"
            })
    void leavesOthersAlone(String step) {
        assertThat(messages(step)).noneMatch(message -> message.contains("regular expression"));
    }

    @Test
    void refusesLogMasks() {
        assertThat(RouteValidator.standalone(new MockEnvironment())
                        .problems(
                                Path.of("routes"),
                                "some.camel.yaml",
                                "- route: { id: some, logMask: true, from: { uri: 'task:some', steps: [] } }"))
                .extracting(Problem::message)
                .anyMatch(message -> message.startsWith("logMask"));
    }

    private static List<String> messages(String step) {
        return RouteValidator.standalone(new MockEnvironment())
                .problems(
                        Path.of("routes"),
                        "some.camel.yaml",
                        "- route: { id: some, from: { uri: 'task:some', steps: [ { %s } ] } }".formatted(step))
                .stream()
                .map(Problem::message)
                .toList();
    }
}
