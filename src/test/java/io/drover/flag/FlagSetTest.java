package io.drover.flag;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.openfeature.sdk.ImmutableContext;
import dev.openfeature.sdk.Reason;
import dev.openfeature.sdk.Value;
import io.drover.Quick;
import io.drover.flag.FlagSet.Found;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What flags of a file are for tasks. */
@Quick
class FlagSetTest {

    private static final int KEYS = 10_000;
    private static final Map<String, JsonNode> SWITCH = Map.of("on", BooleanNode.TRUE, "off", BooleanNode.FALSE);

    private static FlagSet flags(@Nullable String targeting) {
        return new FlagSet(List.of(new Flag("new-model", true, SWITCH, "off", targeting)));
    }

    private static Found found(FlagSet flags, String key, Map<String, Value> attributes) {
        Found found = flags.find("new-model", new ImmutableContext(key, attributes));
        assertThat(found).isNotNull();
        return found;
    }

    private static Set<String> in(int percent, String flag) {
        String targeting = "{\"fractional\":[[\"on\",%d],[\"off\",%d]]}".formatted(percent, 100 - percent);
        FlagSet flags = new FlagSet(List.of(new Flag(flag, true, SWITCH, "off", targeting)));
        return IntStream.range(0, KEYS)
                .mapToObj(i -> "customer-" + i)
                .filter(key ->
                        "on".equals(flags.find(flag, new ImmutableContext(key)).variant()))
                .collect(Collectors.toSet());
    }

    @ParameterizedTest
    @ValueSource(strings = {"new-model", "new-prompt", "x"})
    void fivePercentAreFivePercent(String flag) {
        assertThat(in(5, flag).size() * 100.0 / KEYS).isCloseTo(5, within(0.5));
    }

    @Test
    void whoIsInStaysInWhenTheShareGrows() {
        Set<String> before = Set.of();
        for (int percent = 1; percent <= 25; percent++) {
            Set<String> now = in(percent, "new-model");
            assertThat(now).as("%d %%", percent).containsAll(before);
            before = now;
        }
        assertThat(in(100, "new-model")).hasSize(KEYS);
    }

    /** Each flag has a choice of its own: else the same customers would try everything. */
    @Test
    void twoFlagsChooseIndependently() {
        Set<String> both = new HashSet<>(in(25, "new-model"));
        both.retainAll(in(25, "new-prompt"));
        assertThat(both.size() * 100.0 / KEYS).isCloseTo(6.25, within(1.0));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    {"if":[{"==":[{"var":"country"},"CH"]},"on","off"]}                | on
                    {"if":[{"in":[{"var":"country"},["AT","DE"]]},"on"]}               | off
                    {"if":[{"starts_with":[{"var":"user"},"ann@"]},"on","off"]}        | on
                    {"if":[{"ends_with":[{"var":"user"},".com"]},"on","off"]}          | off
                    {"if":[{"sem_ver":[{"var":"app"},">=","1.10.0"]},"on","off"]}      | on
                    {"if":[{">":[{"var":"amount"},100]},"on","off"]}                   | on
                    {"if":[{"==":[{"var":"targetingKey"},"k-1"]},"on","off"]}          | on
                    {"if":[{"==":[{"var":"$flagd.flagKey"},"new-model"]},"on","off"]}  | on
                    {"if":[{"==":[{"var":"missing"},"x"]},"on",null]}                  | off
                    """)
    void targetsByWhatIsKnownOfTheTask(String targeting, String variant) {
        Map<String, Value> attributes = Map.of(
                "country", new Value("CH"),
                "user", new Value("ann@example.org"),
                "app", new Value("1.12.3"),
                "amount", new Value(100.5));

        Found found = found(flags(targeting), "k-1", attributes);

        assertThat(found.variant()).isEqualTo(variant);
        assertThat(found.problem()).isNull();
    }

    @Test
    void saysWhy() {
        assertThat(found(flags(null), "k", Map.of()).reason()).isEqualTo(Reason.STATIC);
        assertThat(found(flags("{\"if\":[false,\"on\"]}"), "k", Map.of()).reason())
                .isEqualTo(Reason.DEFAULT);
        assertThat(found(flags("{\"if\":[true,\"on\"]}"), "k", Map.of()).reason())
                .isEqualTo(Reason.TARGETING_MATCH);
        FlagSet disabled = new FlagSet(List.of(new Flag("new-model", false, SWITCH, "on", null)));
        assertThat(found(disabled, "k", Map.of())).isEqualTo(new Found(null, null, Reason.DISABLED, null));
        assertThat(flags(null).find("other", new ImmutableContext("k"))).isNull();
    }

    /** A boolean names a variant by its text, as in flagd. */
    @Test
    void aTestMayBeTheVariant() {
        Map<String, JsonNode> variants = Map.of("true", TextNode.valueOf("yes"), "false", TextNode.valueOf("no"));
        FlagSet flags = new FlagSet(
                List.of(new Flag("new-model", true, variants, null, "{\"==\":[{\"var\":\"country\"},\"CH\"]}")));

        assertThat(found(flags, "k", Map.of("country", new Value("CH"))).value())
                .isEqualTo(TextNode.valueOf("yes"));
        assertThat(found(flags, "k", Map.of()).value()).isEqualTo(TextNode.valueOf("no"));
    }

    /** What cannot be evaluated for one task is the default for that task, and no failure. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"cat\":[\"no\",\"such\"]}",
                "{\"no-operation\":[1]}",
                "{\"fractional\":[[\"on\",0],[\"off\",0]]}",
                "{\"<\":",
                "{\"if\":[{\"sem_ver\":[\"x\"]},\"no-variant\",\"no-variant\"]}"
            })
    void aTargetingThatFailsIsTheDefault(String targeting) {
        Found found = found(flags(targeting), "k", Map.of());

        assertThat(found.variant()).isEqualTo("off");
        assertThat(found.reason()).isEqualTo(Reason.ERROR);
        assertThat(found.problem()).startsWith("the targeting ");
    }
}
